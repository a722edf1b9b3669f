/* facts.c - the machine-facts device: what a kernel needs to know to boot; read only.
 *
 * Initrd and arguments are placed by machine_load; one that is absent has size 0 and still an address. */
#include "machine/core/internal.h"

static bool facts_load(struct machine *m, uint32_t offset, uint32_t *value) {
  switch (offset) {
  case FACTS_RAM: *value = m->ram_bytes; return true;
  case FACTS_TLB: *value = m->tlb_entries; return true;
  case FACTS_INITRD: *value = m->facts.initrd; return true;
  case FACTS_INITRD_SIZE: *value = m->facts.initrd_bytes; return true;
  case FACTS_ARGS: *value = m->facts.args; return true;
  case FACTS_ARGS_SIZE: *value = m->facts.args_bytes; return true;
  case FACTS_HZ: *value = MACHINE_HZ; return true;
  default: return false;
  }
}

static bool facts_store(struct machine *m, uint32_t offset, uint32_t value) {
  (void)m, (void)offset, (void)value;
  return false;
}

static void facts_state(struct machine *m, struct stream *s) {
  STREAM(s, m->facts.initrd);
  STREAM(s, m->facts.initrd_bytes);
  STREAM(s, m->facts.args);
  STREAM(s, m->facts.args_bytes);
}

const struct device machine_facts_device = {
    .base = DEV_FACTS, .load = facts_load, .store = facts_store, .state = facts_state};
