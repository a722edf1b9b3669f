/* power.c - the power device: a store stops the machine after it has retired. */
#include "machine/core/internal.h"

static bool power_load(struct machine *m, uint32_t offset, uint32_t *value) {
  (void)m, (void)offset, (void)value;
  return false;
}

static bool power_store(struct machine *m, uint32_t offset, uint32_t value) {
  if (offset != POWER_OFF) return false;
  m->halt = POWERED_OFF;
  m->exit_status = value & 0xFF;
  return true;
}

static void power_state(struct machine *m, struct stream *s) {
  STREAM(s, m->halt);
  STREAM(s, m->exit_status);
  STREAM(s, m->stop_cause);
  STREAM(s, m->stop_badva);
}

const struct device machine_power_device = {
    .base = DEV_POWER, .load = power_load, .store = power_store, .state = power_state};
