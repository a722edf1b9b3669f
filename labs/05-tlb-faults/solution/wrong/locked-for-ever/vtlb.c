/* vtlb.c - the virtual TLB and its shadow: the reference. */
#include "vmm.h"
#include <string.h>

/* This student's CPU: a tlbw with this bit in hi locks its entry. The entry keeps that in a bit of lo that the TLB ignores. */
enum { LOCKS = 1 << {seed.lock : 8..11}, LOCKED = 0x8 };

void vtlb__init(struct vtlb *tlb, uint32_t entries) {
  memset(tlb, 0, sizeof *tlb);
  memset(tlb->bucket, 0xFF, sizeof tlb->bucket);
  tlb->entries = entries;
}

static void chain(struct vtlb *tlb, struct vtlb_entry *e) {
  int16_t *head = vtlb__bucket(tlb, e->hi);
  e->next = *head;
  *head = e - tlb->slot;
}

static void unchain(struct vtlb *tlb, struct vtlb_entry *e) {
  int16_t *at = vtlb__bucket(tlb, e->hi);
  while (&tlb->slot[*at] != e) at = &tlb->slot[*at].next;
  *at = e->next;
}

void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e) {
  if (!e->valid) return;
  unchain(tlb, e);
  e->valid = false;
}

/* Moves the pointer past locked entries, unless all are locked. */
static void skip_locked(struct vtlb *tlb) {
  for (uint32_t n = 0; n < tlb->entries; n++) {
    uint32_t slot = (tlb->pointer + n) % tlb->entries;
    if (tlb->slot[slot].valid && (tlb->slot[slot].lo & LOCKED)) continue;
    tlb->pointer = slot;
    return;
  }
}

/* Empties the slot at the pointer and moves the pointer on. An empty slot elsewhere is not preferred. */
static struct vtlb_entry *next_slot(struct vtlb *tlb) {
  skip_locked(tlb);
  struct vtlb_entry *e = &tlb->slot[tlb->pointer];
  tlb->pointer = tlb->pointer + 1 == tlb->entries ? 0 : tlb->pointer + 1;
  vtlb__clear(tlb, e);
  return e;
}

uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo) {
  bool locked = hi & LOCKS;
  hi &= TLB_VPN_MASK | TLB_ASID_MASK;
  struct vtlb_entry *e = vtlb__find(tlb, hi);
  if (!e) {
    e = next_slot(tlb);
    e->hi = hi;
    e->valid = true;
    chain(tlb, e);
  }
  e->lo = (lo & (TLB_PFN_MASK | TLB_RIGHTS)) | (locked ? LOCKED : e->lo & LOCKED);
  return e - tlb->slot;
}

void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid) {
  for (uint32_t i = 0; i < tlb->entries; i++)
    if ((tlb->slot[i].hi & TLB_ASID_MASK) == asid) vtlb__clear(tlb, &tlb->slot[i]);
}

void vtlb__clear_all(struct vtlb *tlb) {
  for (uint32_t i = 0; i < tlb->entries; i++) vtlb__clear(tlb, &tlb->slot[i]);
}

/* An entry that leads to a device or beyond RAM does not go into the shadow, so that each use of it traps to
 * the VMM. */
void vm__shadow(struct vm *vm, uint32_t slot) {
  const struct vtlb_entry *e = &vm->tlb.slot[slot];
  bool usable = e->valid && (e->lo & TLB_PFN_MASK) < vm->ram_bytes;
  struct vm_op *op = &vm->state->op[vm->state->nops++];
  op->slot = slot;
  op->space = 1 + (e->hi & TLB_ASID_MASK);
  op->vpn = e->hi >> PAGE_SHIFT;
  op->gpn_rwx = usable ? e->lo & ~(uint32_t)LOCKED : 0;
}
