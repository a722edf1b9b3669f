/* packet.c - the frame of a packet: $DATA#CC, where CC is the sum of DATA modulo 256. In DATA, } stands
 * before a byte that was changed by 0x20 because it would have meant something else. */
#include <string.h>

#include "gdb.h"

static int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static void begin(struct gdb_reader *r) {
  r->state = GDB_BODY;
  r->sum = 0;
  r->escaped = r->too_long = false;
  r->n = 0;
}

static void add(struct gdb_reader *r, uint8_t byte) {
  r->sum = (uint8_t)(r->sum + byte);
  if (byte == '}' && !r->escaped) {
    r->escaped = true;
    return;
  }
  if (r->n < GDB_PACKET)
    r->data[r->n++] = (char)(r->escaped ? byte ^ 0x20 : byte);
  else
    r->too_long = true;
  r->escaped = false;
}

static enum gdb_event between(struct gdb_reader *r, uint8_t byte) {
  if (byte == '$') begin(r);
  return byte == 3 ? GDB_INTERRUPT : byte == '-' ? GDB_REPEAT : GDB_NOTHING;
}

static enum gdb_event end(struct gdb_reader *r) {
  r->state = GDB_BETWEEN;
  r->data[r->n] = 0;
  return r->too_long ? GDB_TOO_LONG : r->given == r->sum ? GDB_WHOLE : GDB_DAMAGED;
}

enum gdb_event gdb_read_byte(struct gdb_reader *r, uint8_t byte) {
  const int value = digit((char)byte);
  switch (r->state) {
  case GDB_BETWEEN: return between(r, byte);
  case GDB_BODY:
    if (byte == '$') /* the end of the packet before was lost */
      begin(r);
    else if (byte == '#')
      r->state = GDB_SUM_1;
    else
      add(r, byte);
    return GDB_NOTHING;
  case GDB_SUM_1:
    r->given = value < 0 ? 0x100 : (unsigned)value << 4;
    r->state = GDB_SUM_2;
    return GDB_NOTHING;
  case GDB_SUM_2: r->given |= value < 0 ? 0x100 : (unsigned)value; return end(r);
  }
  return GDB_NOTHING;
}

/* ---- numbers ---- */

int64_t gdb_hex(const char **text, unsigned n) {
  int64_t value = 0;
  for (; n > 0; n--) {
    const int d = digit(**text);
    if (d < 0) return -1;
    value = value << 4 | d;
    ++*text;
  }
  return value;
}

bool gdb_number(const char **text, uint32_t *value) {
  uint64_t n = 0;
  const char *begin = *text;
  for (int d; n <= UINT32_MAX && (d = digit(**text)) >= 0; ++*text) n = n << 4 | (unsigned)d;
  *value = (uint32_t)n;
  return *text > begin && n <= UINT32_MAX;
}

size_t gdb_hex_bytes(const char *text, void *bytes, size_t size) {
  size_t n = 0;
  for (int64_t byte; n < size && (byte = gdb_hex(&text, 2)) >= 0; n++) ((uint8_t *)bytes)[n] = (uint8_t)byte;
  return n;
}
