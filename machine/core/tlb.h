/* tlb.h - the architectural TLB. Look-ups hash the VPN and ASID, so they need not compare all entries. */
#ifndef MACHINE_TLB_H
#define MACHINE_TLB_H

#include "internal.h"

void machine_tlb_reset(struct machine *m);
/* tlbw and tlbi, observers included. */
void machine_tlb_write(struct machine *m, uint32_t hi, uint32_t lo);
void machine_tlb_invalidate(struct machine *m, uint32_t hi, uint32_t scope);
/* The entry of va and ASID. Returns 0 if there is none; else TLB_FOUND | its rights, with *pa set. */
uint32_t machine_tlb_look_up(const struct machine *m, uint32_t va, uint32_t asid, uint32_t *pa);
#define TLB_FOUND 0x8u

/* What is derived from an entry, and is dropped with the entry: entries of m->fetch, load or store; the JIT's
 * table entries for loads and stores; the JIT's table entries for fetches. */
enum { USED_HASHED = 1, USED_DATA = 2, USED_FETCH = 4 };
/* Call before an entry derived from that of va, in the context of STATUS, is put into a host TLB. */
void machine_tlb_use(struct machine *m, uint32_t status, uint32_t va, uint8_t use);
/* Rebuilds the chains after the entries have been replaced from outside, and empties the host TLBs. */
void machine_tlb_rebuild(struct machine *m);

/* Neighbouring pages get different buckets, so that chains are short for programs that are in one piece. */
static inline uint32_t tlb_bucket(uint32_t hi) {
  return (hi >> PAGE_SHIFT ^ hi >> 21 ^ (hi & TLB_ASID_MASK) * 37) % TLB_BUCKETS;
}

/* The slot of the valid entry whose high word is `hi` (VPN and ASID, other bits 0); -1: there is none. */
static inline int tlb_find_in(const struct machine *m, uint32_t bucket, uint32_t hi) {
  int slot = m->tlb_head[bucket];
  while (slot >= 0 && m->tlb[slot].hi != hi) slot = m->tlb_next[slot];
  return slot;
}
static inline int tlb_find(const struct machine *m, uint32_t hi) {
  return tlb_find_in(m, tlb_bucket(hi), hi);
}

#endif
