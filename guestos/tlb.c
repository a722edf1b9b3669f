/* tlb.c - the TLB's content as software knows it, and the ASIDs.
 *
 * Replacement depends on earlier tlbws alone, so an array of the high words written, and the place of
 * the pointer, mirror the hardware. That spares invalidations: a VM's entry that was already replaced
 * needs none, and each tlbi would be one more exit when this kernel is itself a guest. */
#include "kernel.h"

static HOT_DATA uint32_t mirror[256] = {0};
static HOT_DATA uint32_t entries = 0;
static uint8_t *holders[ASIDS]; /* who uses an ASID; [0] is the kernel's own */
static bool used[ASIDS];        /* the TLB may hold entries of it */
static uint32_t next_asid = 1;

static inline void tlbw(uint32_t hi, uint32_t lo) {
  __asm__ volatile("tlbw %0, %1" ::"r"(hi), "r"(lo) : "memory");
}

void tlb_init(void) {
  entries = dev_load(DEV_FACTS + FACTS_TLB);
  if (entries > 256) panic("tlb_init: TLB larger than its mirror");
  LC->mirror = LC->mirror_start = mirror;
  LC->mirror_end = mirror + entries;
}

HOT uint32_t tlb_entries(void) { return entries; }

HOT uint32_t tlb_install(uint32_t hi, uint32_t lo) {
  uint32_t *at = LC->mirror;
  tlbw(hi, lo);
  *at = hi;
  LC->mirror = at + 1 == LC->mirror_end ? LC->mirror_start : at + 1;
  return at - mirror;
}

HOT void tlb_replace(uint32_t hi, uint32_t lo) { tlbw(hi, lo); }

HOT bool tlb_holds(uint32_t slot, uint32_t hi) { return slot < entries && mirror[slot] == hi; }

HOT void tlb_drop(uint32_t slot, uint32_t hi) {
  if (!tlb_holds(slot, hi)) return;
  __asm__ volatile("tlbi %0, 2" ::"r"(hi) : "memory");
  mirror[slot] = 0;
}

void tlb_drop_page(uint32_t hi) {
  for (uint32_t i = 0; i < entries; i++) tlb_drop(i, hi);
}

void tlb_drop_asid(uint32_t asid) {
  bool found = false;
  for (uint32_t i = 0; i < entries; i++)
    if (mirror[i] && (mirror[i] & TLB_ASID_MASK) == asid) {
      mirror[i] = 0;
      found = true;
    }
  if (found) __asm__ volatile("tlbi %0, 1" ::"r"(asid) : "memory");
}

/* ---- ASIDs: never used ones first, then free ones, then somebody else's ---- */

static uint32_t find(bool may_take) {
  for (uint32_t i = 1; i < ASIDS; i++) {
    uint32_t a = next_asid;
    next_asid = next_asid == ASIDS - 1 ? 1 : next_asid + 1;
    if (holders[a] == NULL || (may_take && a != LC->asid)) return a;
  }
  return 0;
}

void asid_get(uint8_t *holder) {
  uint32_t a = find(false);
  if (a == 0) {
    a = find(true);
    *holders[a] = 0;
  }
  if (used[a]) tlb_drop_asid(a);
  used[a] = true;
  holders[a] = holder;
  *holder = a;
}

void asid_put(uint8_t *holder) {
  if (*holder == 0) return;
  holders[*holder] = NULL;
  *holder = 0;
}
