/* memory.c - memory as the lane that runs sees it. A write is a change by hand (change.c). */
#include <stdlib.h>
#include <string.h>

#include "gdb.h"
#include "tools/trapeze/debug/eval/eval.h"

static uint32_t status_now(const struct gdb *g) {
  struct machine_regs regs;
  machine_get_regs(g->d->m, &regs);
  return regs.status;
}

/* mADDRESS,LENGTH: less than that is an answer, too. */
void gdb_read_memory(struct gdb *g, const char *packet) {
  static uint8_t bytes[GDB_PACKET / 2];
  const char *at = packet + 1;
  uint32_t address, length;
  if (!gdb_number(&at, &address) || *at++ != ',' || !gdb_number(&at, &length) || *at)
    return gdb_error(g, NULL);
  if (length > sizeof bytes) length = sizeof bytes;
  struct eval e = {.d = g->d};
  const size_t n = eval_read(&e, status_now(g), address, bytes, length);
  if (!n && length) return gdb_error(g, NULL);
  gdb_reply_hex(g, bytes, n);
}

/* MADDRESS,LENGTH:DIGITS or XADDRESS,LENGTH:BYTES. */
void gdb_write_memory(struct gdb *g, const char *packet, size_t n) {
  static uint8_t digits[GDB_PACKET / 2];
  const char *at = packet + 1;
  uint32_t address, length;
  if (!gdb_number(&at, &address) || *at++ != ',' || !gdb_number(&at, &length) || *at++ != ':')
    return gdb_error(g, NULL);
  const uint8_t *bytes = (const uint8_t *)at;
  size_t given = n - (size_t)(at - packet);
  if (*packet == 'M') given = gdb_hex_bytes(at, digits, sizeof digits), bytes = digits;
  if (given != length) return gdb_error(g, NULL);
  if (change_virtual(g->d, status_now(g), address, bytes, length))
    gdb_reply(g, "OK");
  else
    gdb_error(g, g->d->said);
}
