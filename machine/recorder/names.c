/* names.c - the names of processes, as their kernels tell them, made fit for the names of lanes. */
#include <stdbool.h>
#include <string.h>

#include "internal.h"
#include "isa/utf8.h"

/* Control characters, and those that no one sees or that change the direction of writing: a name with them
 * could pass for another one, or upset a terminal. */
static bool misleads(uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x200B && point < 0x2010) ||
         (point >= 0x2028 && point < 0x202F) || (point >= 0x2060 && point < 0x2070) || point == 0xFEFF ||
         (point & 0xFFFE) == 0xFFFE;
}

/* Do the last `n` bytes begin a character that the kernel has cut off? */
static bool is_cut(const char *name, size_t at, size_t n) {
  const char *colon = strchr(name, ':'); /* behind the name of a container */
  const size_t label = colon && colon - name < PROC_NAME ? (size_t)(colon + 1 - name) : 0;
  const uint8_t first = (uint8_t)name[at];
  const size_t length = first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
  for (size_t i = 1; i < n; i++)
    if ((uint8_t)name[at + i] >> 6 != 2) return false;
  return (at + n == PROC_NAME - 1 || at + n == label + PROC_NAME - 1) && n < length;
}

void recorder_process_name(char *name, size_t size) {
  size_t n = strnlen(name, size - 1);
  name[n] = 0;
  for (size_t i = 0, length; i < n; i += length) {
    uint32_t point;
    length = pg32_utf8_decode(name + i, n - i, &point);
    if (!length && is_cut(name, i, n - i)) {
      name[i] = 0;
      return;
    }
    if (!length || misleads(point)) memset(name + i, '?', length = length ? length : 1);
  }
}

const char *recorder_lane_program(const char *lane) {
  const char *slash = strrchr(lane, '/'), *name = slash ? slash + 1 : lane;
  const char *colon = strchr(name, ':');
  return colon && colon[1] && colon - name < PROC_NAME ? colon + 1 : name;
}
