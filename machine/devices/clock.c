/* clock.c - the clock device: the tick, 32 bits at a time. */
#include "machine/core/internal.h"

static bool clock_load(struct machine *m, uint32_t offset, uint32_t *value) {
  switch (offset) {
  case CLOCK_LO:
    *value = (uint32_t)m->tick;
    m->clock_hi = (uint32_t)(m->tick >> 32);
    return true;
  case CLOCK_HI: *value = m->clock_hi; return true;
  default: return false;
  }
}

static bool clock_store(struct machine *m, uint32_t offset, uint32_t value) {
  (void)m, (void)offset, (void)value;
  return false;
}

static void clock_state(struct machine *m, struct stream *s) { STREAM(s, m->clock_hi); }

const struct device machine_clock_device = {
    .base = DEV_CLOCK, .load = clock_load, .store = clock_store, .state = clock_state};
