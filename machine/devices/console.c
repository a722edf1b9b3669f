/* console.c - the console device: bytes out at once, bytes in at their ticks.
 *
 * What has arrived is a function of m->tick alone: nothing needs to happen when a byte arrives. */
#include <stdlib.h>
#include <string.h>

#include "machine/core/internal.h"

static bool arrived(const struct machine *m) {
  const struct console *c = &m->console;
  return c->head < c->end && c->queue[c->head].tick <= m->tick;
}

static bool hung_up(const struct machine *m) {
  const struct console *c = &m->console;
  return c->head == c->end && c->hangup && c->hangup_tick <= m->tick;
}

static bool console_pending(const struct machine *m) {
  return (m->console.ctrl & CONSOLE_RX_IE) && (arrived(m) || hung_up(m));
}

static uint64_t console_next_event(const struct machine *m) {
  const struct console *c = &m->console;
  if (!(c->ctrl & CONSOLE_RX_IE) || console_pending(m)) return NEVER;
  if (c->head < c->end) return c->queue[c->head].tick;
  return c->hangup ? c->hangup_tick : NEVER;
}

static bool console_load(struct machine *m, uint32_t offset, uint32_t *value) {
  struct console *c = &m->console;
  switch (offset) {
  case CONSOLE_DATA: *value = arrived(m) ? c->queue[c->head++].byte : 0xFFFFFFFF; return true;
  case CONSOLE_STATUS:
    *value = (arrived(m) ? CONSOLE_RX : 0) | (hung_up(m) ? CONSOLE_HANGUP : 0);
    return true;
  case CONSOLE_CTRL: *value = c->ctrl; return true;
  default: return false;
  }
}

static bool console_store(struct machine *m, uint32_t offset, uint32_t value) {
  struct console *c = &m->console;
  switch (offset) {
  case CONSOLE_DATA:
    if (c->put) c->put(c->arg, (uint8_t)value);
    return true;
  case CONSOLE_CTRL: c->ctrl = value & CONSOLE_RX_IE; return true;
  default: return false;
  }
}

static void console_free(struct machine *m) { free(m->console.queue); }

/* ---- the host's side ---- */

/* Room for n more; what has been read is forgotten first. */
static bool reserve(struct console *c, size_t n) {
  if (c->head > 0) memmove(c->queue, c->queue + c->head, (c->end - c->head) * sizeof *c->queue);
  c->end -= c->head;
  c->head = 0;
  if (c->capacity - c->end >= n) return true;
  const size_t capacity = (c->end + n) * 2;
  struct input *queue = realloc(c->queue, capacity * sizeof *queue);
  if (!queue) return false;
  c->queue = queue;
  c->capacity = capacity;
  return true;
}

static uint64_t not_before(const struct machine *m, uint64_t tick) {
  const struct console *c = &m->console;
  if (c->head < c->end && tick < c->queue[c->end - 1].tick) tick = c->queue[c->end - 1].tick;
  return tick < m->tick ? m->tick : tick;
}

bool machine_console_input(struct machine *m, uint64_t tick, const void *bytes, size_t n) {
  struct console *c = &m->console;
  if (c->capacity - c->end < n && !reserve(c, n)) return false;
  tick = not_before(m, tick);
  m->quiet = 0;
  for (size_t i = 0; i < n; i++) c->queue[c->end++] = (struct input){tick, ((const uint8_t *)bytes)[i]};
  return true;
}

void machine_console_hangup(struct machine *m, uint64_t tick) {
  if (m->console.hangup) return;
  m->console.hangup_tick = not_before(m, tick);
  m->console.hangup = true;
  m->quiet = 0;
}

size_t machine_console_pending(const struct machine *m) { return m->console.end - m->console.head; }

void machine_console_output(struct machine *m, void (*put)(void *arg, uint8_t byte), void *arg) {
  m->console.put = put;
  m->console.arg = arg;
}

/* Where the bytes go is the host's affair and not part of the state. */
static void console_state(struct machine *m, struct stream *s) {
  struct console *c = &m->console;
  uint64_t waiting = c->end - c->head;
  STREAM(s, c->ctrl);
  stream_bool(s, &c->hangup);
  STREAM(s, c->hangup_tick);
  STREAM(s, waiting);
  if (s->way == STREAM_RESTORE) {
    m->quiet = 0;
    if (waiting > (s->capacity - s->at) / (sizeof c->queue->tick + sizeof c->queue->byte)) s->failed = true;
    if (s->failed) waiting = 0;
    c->head = c->end = 0;
    if (!reserve(c, waiting)) abort(); /* a restore has no way to fail; the queue is a few bytes */
    c->end = waiting;
  }
  for (size_t i = c->head; i < c->end; i++) {
    STREAM(s, c->queue[i].tick);
    STREAM(s, c->queue[i].byte);
  }
}

const struct device machine_console_device = {.base = DEV_CONSOLE,
                                              .load = console_load,
                                              .store = console_store,
                                              .pending = console_pending,
                                              .next_event = console_next_event,
                                              .free = console_free,
                                              .state = console_state};
