/* console.c - the console device: bytes go out at once, bytes come in at their ticks.
 *
 * What has arrived depends on the tick alone: nothing needs to happen when a byte arrives. */
#include <stdlib.h>
#include <string.h>

#include "machine/core/device.h"

struct input {
  uint64_t tick; /* at which it arrives */
  uint8_t byte;
};

struct console {
  uint32_t ctrl;
  struct input *queue; /* [head, end) is not yet read; ticks never fall */
  size_t head, end, capacity;
  bool hangup;
  uint64_t hangup_tick;
  void (*put)(void *arg, uint8_t byte);
  void *arg;
};

static struct console *console_of(const struct machine *m) {
  return machine_device_state(m, &machine_console_device);
}

static bool arrived(const struct console *c, uint64_t now) {
  return c->head < c->end && c->queue[c->head].tick <= now;
}

static bool hung_up(const struct console *c, uint64_t now) {
  return c->head == c->end && c->hangup && c->hangup_tick <= now;
}

static bool interrupts(const struct console *c, uint64_t now) {
  return (c->ctrl & CONSOLE_RX_IE) && (arrived(c, now) || hung_up(c, now));
}

static bool console_pending(const struct machine *m, const void *state) {
  return interrupts(state, machine_tick(m));
}

static uint64_t console_next_event(const struct machine *m, const void *state) {
  const struct console *c = state;
  if (!(c->ctrl & CONSOLE_RX_IE) || interrupts(c, machine_tick(m))) return NEVER;
  if (c->head < c->end) return c->queue[c->head].tick;
  return c->hangup ? c->hangup_tick : NEVER;
}

/* CPU_WORDS: is this the register for several bytes? */
static bool is_words(const struct machine *m, uint32_t offset) {
  const unsigned word = machine_cpu_number(machine_cpu(m), CPU_WORDS);
  return word && offset == 4 * word;
}

/* Up to three bytes that have arrived, the first one lowest, and in the highest byte how many they are. */
static uint32_t take_bytes(struct console *c, uint64_t now) {
  uint32_t word = 0, n = 0;
  for (; n < 3 && arrived(c, now); n++) word |= (uint32_t)c->queue[c->head++].byte << 8 * n;
  return word | n << 24;
}

/* The bytes of the word, the lowest first, up to the first that is 0. */
static void put_bytes(struct console *c, uint32_t word) {
  for (; word & 0xFF; word >>= 8)
    if (c->put) c->put(c->arg, (uint8_t)word);
}

static bool console_load(struct machine *m, void *state, uint32_t offset, uint32_t *value) {
  struct console *c = state;
  const uint64_t now = machine_tick(m);
  if (is_words(m, offset)) return *value = take_bytes(c, now), true;
  switch (offset) {
  case CONSOLE_DATA: *value = arrived(c, now) ? c->queue[c->head++].byte : 0xFFFFFFFF; return true;
  case CONSOLE_STATUS:
    *value = (arrived(c, now) ? CONSOLE_RX : 0) | (hung_up(c, now) ? CONSOLE_HANGUP : 0);
    return true;
  case CONSOLE_CTRL: *value = c->ctrl; return true;
  default: return false;
  }
}

static bool console_store(struct machine *m, void *state, uint32_t offset, uint32_t value) {
  struct console *c = state;
  if (is_words(m, offset)) return put_bytes(c, value), true;
  switch (offset) {
  case CONSOLE_DATA:
    if (c->put) c->put(c->arg, (uint8_t)value);
    return true;
  case CONSOLE_CTRL: c->ctrl = value & CONSOLE_RX_IE; return true;
  default: return false;
  }
}

static void console_free(void *state) { free(((struct console *)state)->queue); }

/* ---- the host's side ---- */

/* Makes room for n more bytes; first, bytes that have been read give up their places. False if memory is
 * short. */
static bool reserve(struct console *c, size_t n) {
  if (c->head > 0) memmove(c->queue, c->queue + c->head, (c->end - c->head) * sizeof *c->queue);
  c->end -= c->head;
  c->head = 0;
  if (c->capacity - c->end >= n) return true;
  if (n > SIZE_MAX / 4 / sizeof *c->queue - c->end) return false;
  const size_t capacity = (c->end + n) * 2;
  struct input *queue = realloc(c->queue, capacity * sizeof *queue);
  if (!queue) return false;
  c->queue = queue;
  c->capacity = capacity;
  return true;
}

bool machine_console_reserve(struct machine *m, size_t n) {
  struct console *c = console_of(m);
  const size_t waiting = c->end - c->head;
  return n <= waiting || reserve(c, n - waiting);
}

/* The tick at which input given for `tick` arrives: not before what is queued, nor before now. */
static uint64_t not_before(const struct machine *m, const struct console *c, uint64_t tick) {
  if (c->head < c->end && tick < c->queue[c->end - 1].tick) tick = c->queue[c->end - 1].tick;
  return tick < machine_tick(m) ? machine_tick(m) : tick;
}

bool machine_console_input(struct machine *m, uint64_t tick, const void *bytes, size_t n) {
  struct console *c = console_of(m);
  if (c->capacity - c->end < n && !reserve(c, n)) return false;
  tick = not_before(m, c, tick);
  machine_device_changed(m);
  for (size_t i = 0; i < n; i++) c->queue[c->end++] = (struct input){tick, ((const uint8_t *)bytes)[i]};
  return true;
}

void machine_console_hangup(struct machine *m, uint64_t tick) {
  struct console *c = console_of(m);
  if (c->hangup) return;
  c->hangup_tick = not_before(m, c, tick);
  c->hangup = true;
  machine_device_changed(m);
}

size_t machine_console_pending(const struct machine *m) {
  const struct console *c = console_of(m);
  return c->end - c->head;
}

void machine_console_output(struct machine *m, void (*put)(void *arg, uint8_t byte), void *arg) {
  struct console *c = console_of(m);
  c->put = put;
  c->arg = arg;
}

/* Makes room for the input to be restored, and empties the queue. Each byte of it takes `bytes_each` of the
 * stream, so that a damaged count cannot ask for more memory than the stream is long. */
static void make_room(struct console *c, struct stream *s, uint64_t waiting, size_t bytes_each) {
  if (waiting > (s->capacity - s->at) / bytes_each) s->failed = true;
  if (s->failed) waiting = 0;
  c->head = c->end = 0;
  if (!reserve(c, waiting)) s->failed = s->no_memory = true, waiting = 0;
  c->end = waiting;
}

/* Where output goes is the host's affair and no part of the state. */
static void console_stream(struct machine *m, void *state, struct stream *s) {
  struct console *c = state;
  uint64_t waiting = c->end - c->head;
  (void)m;
  STREAM(s, c->ctrl);
  machine_stream_bool(s, &c->hangup);
  STREAM(s, c->hangup_tick);
  STREAM(s, waiting);
  if (s->mode == STREAM_RESTORE) make_room(c, s, waiting, sizeof c->queue->tick + sizeof c->queue->byte);
  for (size_t i = c->head; i < c->end; i++) {
    STREAM(s, c->queue[i].tick);
    STREAM(s, c->queue[i].byte);
  }
}

const struct device machine_console_device = {.base = DEV_CONSOLE,
                                              .state_bytes = sizeof(struct console),
                                              .load = console_load,
                                              .store = console_store,
                                              .pending = console_pending,
                                              .next_event = console_next_event,
                                              .free = console_free,
                                              .stream = console_stream};
