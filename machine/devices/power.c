/* power.c - the power device: a store stops the machine when it has retired. */
#include "machine/core/device.h"

static bool power_store(struct machine *m, void *state, uint32_t offset, uint32_t value) {
  (void)state;
  if (offset != POWER_OFF) return false;
  machine_power_off(m, value & 0xFF);
  return true;
}

static void power_stream(struct machine *m, void *state, struct stream *s) {
  (void)state;
  machine_stream_halt(m, s);
}

const struct device machine_power_device = {.base = DEV_POWER, .store = power_store, .stream = power_stream};
