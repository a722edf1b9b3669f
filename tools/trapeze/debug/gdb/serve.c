/* serve.c - the session with gdb, from the first packet to the last: acknowledgements, replies, and which
 * function answers which packet. A packet that nothing here knows gets an empty reply, which tells gdb so. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "gdb.h"

/* ---- replies ---- */

void gdb_reply(struct gdb *g, const char *format, ...) {
  char text[1024];
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof text, format, ap);
  va_end(ap);
  bytes_append(&g->reply, text, strlen(text));
}

static void append_hex(struct bytes *to, const void *bytes, size_t n) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < n; i++) {
    const uint8_t byte = ((const uint8_t *)bytes)[i];
    const char two[] = {digits[byte >> 4], digits[byte & 15]};
    bytes_append(to, two, 2);
  }
}

void gdb_reply_hex(struct gdb *g, const void *bytes, size_t n) { append_hex(&g->reply, bytes, n); }

void gdb_reply_binary(struct gdb *g, const void *bytes, size_t n) {
  for (const char *at = bytes; n > 0; at++, n--) {
    const bool reserved = strchr("#$}*", *at) && *at;
    const char escaped[] = {'}', *at ^ 0x20};
    bytes_append(&g->reply, reserved ? escaped : at, reserved ? 2 : 1);
  }
}

/* ---- frames ---- */

static void send_frame(struct gdb *g, const struct bytes *data) {
  char sum[4];
  uint8_t total = 0;
  for (size_t i = 0; i < data->size; i++) total = (uint8_t)(total + data->data[i]);
  snprintf(sum, sizeof sum, "#%02x", total);
  g->sent.size = 0;
  bytes_append(&g->sent, "$", 1);
  bytes_append(&g->sent, data->data, data->size);
  bytes_append(&g->sent, sum, 3);
  gdb_link_write(&g->link, g->sent.data, g->sent.size);
}

void gdb_print(struct gdb *g, const void *text, size_t n) {
  struct bytes frame = {0};
  for (const char *at = text; n > 0;) {
    const size_t part = n < GDB_PACKET / 4 ? n : GDB_PACKET / 4;
    frame.size = 0;
    bytes_append(&frame, "O", 1);
    append_hex(&frame, at, part);
    send_frame(g, &frame);
    at += part, n -= part;
  }
  free(frame.data);
}

void gdb_error(struct gdb *g, const char *text) {
  g->reply.size = 0;
  if (text)
    gdb_reply(g, "E.%s", text);
  else
    gdb_reply(g, "E01");
}

/* ---- packets ---- */

static void ok(struct gdb *g, const char *packet) {
  (void)packet;
  gdb_reply(g, "OK");
}

static void stop_reason(struct gdb *g, const char *packet) {
  (void)packet;
  gdb_reply_stop(g);
}

static void detach(struct gdb *g, const char *packet) {
  g->over = true;
  ok(g, packet);
}

static void extend(struct gdb *g, const char *packet) {
  g->extended = true;
  ok(g, packet);
}

/* Of the program, which in extended mode may be run again; else gdb leaves. */
static void kill_program(struct gdb *g, const char *packet) {
  g->over = !g->extended;
  g->points = 0;
  g->hit = NULL;
  g->reason = REASON_EXIT;
  ok(g, packet);
}

static void kill_now(struct gdb *g, const char *packet) {
  (void)packet;
  g->over = g->silent = true;
}

static void restart(struct gdb *g, const char *packet) {
  gdb_restart(g);
  if (*packet == 'R')
    g->silent = true; /* gdb asks `?` next */
  else
    gdb_reply_stop(g);
}

static void thread_alive(struct gdb *g, const char *packet) {
  gdb_reply(g, "%s", strcmp(packet, "T1") == 0 ? "OK" : "E01");
}

/* By its beginning; the first row that fits. */
static const struct row {
  const char *begin;
  void (*answer)(struct gdb *g, const char *packet);
} rows[] = {
    {"vCont", gdb_continue},
    {"vKill;", kill_program},
    {"vRun;", restart},
    {"bc", gdb_continue},
    {"bs", gdb_continue},
    {"q", gdb_query},
    {"Q", gdb_set},
    {"?", stop_reason},
    {"!", extend},
    {"H", ok},
    {"T", thread_alive},
    {"g", gdb_read_registers},
    {"G", gdb_write_registers},
    {"p", gdb_read_register},
    {"P", gdb_write_register},
    {"m", gdb_read_memory},
    {"Z", gdb_point},
    {"z", gdb_point},
    {"c", gdb_continue},
    {"C", gdb_continue},
    {"s", gdb_continue},
    {"S", gdb_continue},
    {"D", detach},
    {"k", kill_now},
    {"R", restart},
};

void gdb_packet(struct gdb *g, const char *data, size_t n) {
  g->reply.size = 0;
  g->silent = false;
  if (*data == 'M' || *data == 'X') {
    gdb_write_memory(g, data, n);
    return;
  }
  for (const struct row *r = rows; r < rows + sizeof rows / sizeof *rows; r++)
    if (strncmp(data, r->begin, strlen(r->begin)) == 0) {
      r->answer(g, data);
      return;
    }
}

/* ---- the session ---- */

static void acknowledge(struct gdb *g, const char *sign) {
  if (!g->no_ack) gdb_link_write(&g->link, sign, 1);
}

static void answer(struct gdb *g) {
  const bool acknowledged = !g->no_ack; /* the packet may be the one that ends + and - */
  if (acknowledged) acknowledge(g, "+");
  gdb_packet(g, g->reader.data, g->reader.n);
  if (!g->silent) send_frame(g, &g->reply);
}

static void take_byte(struct gdb *g, uint8_t byte) {
  switch (gdb_read_byte(&g->reader, byte)) {
  case GDB_WHOLE: answer(g); break;
  case GDB_DAMAGED: /* without + and - nothing can be asked for again, and the protocol lets pass it */
    if (g->no_ack)
      answer(g);
    else
      acknowledge(g, "-");
    break;
  case GDB_TOO_LONG:
    acknowledge(g, "+");
    gdb_error(g, NULL);
    send_frame(g, &g->reply);
    break;
  case GDB_REPEAT: gdb_link_write(&g->link, g->sent.data, g->sent.size); break;
  case GDB_INTERRUPT: /* came too late: the run has ended */
  case GDB_NOTHING: break;
  }
}

void gdb_begin(struct gdb *g, struct debug *d) {
  *g = (struct gdb){.d = d, .link = {.in = -1, .out = -1}};
  timeline_output(d->t, &g->shown);
  g->latest = timeline_latest(d->t);
  gdb_choose_program(g);
}

void gdb_end(struct gdb *g) {
  gdb_link_close(&g->link);
  free(g->reply.data);
  free(g->sent.data);
}

int gdb_mode(struct debug *d, const char *port) {
  struct gdb *g = must(malloc(sizeof *g));
  gdb_begin(g, d);
  gdb_link_open(&g->link, port);
  for (int byte; !g->over && (byte = gdb_link_byte(&g->link)) >= 0;) take_byte(g, (uint8_t)byte);
  const bool left = g->over || g->reason == REASON_EXIT; /* after the end, gdb hangs up */
  if (!left) fputs("trapeze: gdb has hung up\n", stderr);
  gdb_end(g);
  free(g);
  return left ? 0 : 1;
}
