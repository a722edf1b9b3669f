/* tlb.c - which entries the TLB holds.
 *
 * The hardware does not tell which entries it holds. But replacement depends on the earlier tlbws alone
 * (isa/MANUAL.md), so the kernel keeps a mirror: for each slot the high word that was written to it, and the
 * slot that the next tlbw replaces. The mirror saves invalidations. An entry that has been replaced already
 * needs no tlbi, and each tlbi is one more exit when this kernel is itself a guest. */
#include "kernel.h"

static HOT_DATA uint32_t mirror[256] = {0}; /* by slot: VPN and ASID; 0: no entry. low_core->mirror is next */
static HOT_DATA uint32_t entries = 0;

static inline void tlbw(uint32_t hi, uint32_t lo) {
  __asm__ volatile("tlbw %0, %1" ::"r"(hi), "r"(lo) : "memory");
}

#define tlbi(hi, what) __asm__ volatile("tlbi %0, %1" ::"r"(hi), "i"(what) : "memory")

void tlb_init(void) {
  entries = dev_load(DEV_FACTS + FACTS_TLB);
  if (entries > 256) panic("tlb_init: TLB larger than its mirror");
  low_core->mirror = low_core->mirror_start = mirror;
  low_core->mirror_end = mirror + entries;
}

HOT uint32_t tlb_entries(void) { return entries; }

HOT uint32_t tlb_install(uint32_t hi, uint32_t lo) {
  uint32_t *at = low_core->mirror;
  tlbw(hi, lo);
  *at = hi;
  low_core->mirror = at + 1 == low_core->mirror_end ? low_core->mirror_start : at + 1;
  return at - mirror;
}

HOT void tlb_drop(uint32_t slot, uint32_t hi) {
  if (mirror[slot] != hi) return;
  tlbi(hi, TLBI_PAGE);
  mirror[slot] = 0;
}

/* A pass through the mirror, which takes so many instructions for a slot, is charged. */
static void pass(void) { charge(7 * entries); }

void tlb_drop_page(uint32_t hi) {
  pass();
  for (uint32_t i = 0; i < entries; i++) tlb_drop(i, hi);
}

void tlb_drop_asids(uint8_t *asids) {
  pass();
  for (uint32_t *at = mirror; at < low_core->mirror_end; at++) {
    uint32_t a = *at & TLB_ASID_MASK;
    if (!asids[a]) continue;
    *at = 0;
    if (asids[a] == 1) tlbi(a, TLBI_ASID);
    asids[a] = 2; /* done */
  }
}
