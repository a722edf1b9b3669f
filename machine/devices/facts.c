/* facts.c - the machine-facts device: what a kernel needs to know to boot; read only.
 *
 * machine_load places the initrd and the arguments. One that is absent has size 0, and an address all the
 * same. */
#include "machine/core/device.h"

struct facts {
  uint32_t initrd, initrd_bytes, args, args_bytes;
};

void machine_facts_set(struct machine *m, uint32_t initrd, uint32_t initrd_bytes, uint32_t args,
                       uint32_t args_bytes) {
  struct facts *f = machine_device_state(m, &machine_facts_device);
  *f = (struct facts){initrd, initrd_bytes, args, args_bytes};
}

static bool facts_load(struct machine *m, void *state, uint32_t offset, uint32_t *value) {
  const struct facts *f = state;
  switch (offset) {
  case FACTS_RAM: *value = machine_ram_bytes(m); return true;
  case FACTS_TLB: *value = machine_tlb_entries(m); return true;
  case FACTS_INITRD: *value = f->initrd; return true;
  case FACTS_INITRD_SIZE: *value = f->initrd_bytes; return true;
  case FACTS_ARGS: *value = f->args; return true;
  case FACTS_ARGS_SIZE: *value = f->args_bytes; return true;
  case FACTS_HZ: *value = MACHINE_HZ; return true;
  case FACTS_CPU: *value = machine_cpu_features(m); return true;
  default: return false;
  }
}

static void facts_stream(struct machine *m, void *state, struct stream *s) {
  struct facts *f = state;
  (void)m;
  STREAM(s, f->initrd);
  STREAM(s, f->initrd_bytes);
  STREAM(s, f->args);
  STREAM(s, f->args_bytes);
}

const struct device machine_facts_device = {
    .base = DEV_FACTS, .state_bytes = sizeof(struct facts), .load = facts_load, .stream = facts_stream};
