/* clock.c - the clock device: the tick, 32 bits at a time. A load of the low half keeps the high half for the
 * next. */
#include "machine/core/device.h"

struct clock {
  uint32_t hi;
};

static bool clock_load(struct machine *m, void *state, uint32_t offset, uint32_t *value) {
  struct clock *c = state;
  const uint64_t tick = machine_tick(m);
  switch (offset) {
  case CLOCK_LO:
    *value = (uint32_t)tick;
    c->hi = (uint32_t)(tick >> 32);
    return true;
  case CLOCK_HI: *value = c->hi; return true;
  default: return false;
  }
}

static void clock_stream(struct machine *m, void *state, struct stream *s) {
  struct clock *c = state;
  (void)m;
  STREAM(s, c->hi);
}

const struct device machine_clock_device = {
    .base = DEV_CLOCK, .state_bytes = sizeof(struct clock), .load = clock_load, .stream = clock_stream};
