/* vtlb.c - the virtual TLB, and how the kernel learns of its changes.
 *
 * The kernel keeps a shadow of the virtual TLB: for each slot, the page of the VM's RAM that the slot leads
 * to. From the shadow it fills the real TLB without asking the VMM. The VMM writes each change into the state
 * page (struct vm_op); the next vm_run takes it from there. */
#include "vmm.h"
#include <string.h>

void vtlb__init(struct vtlb *tlb, uint32_t entries) {
  memset(tlb, 0, sizeof *tlb);
  memset(tlb->bucket, 0xFF, sizeof tlb->bucket);
  tlb->entries = entries;
}

/* Makes the entry invalid, if it is valid. The pointer stays where it is. */
void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e) {
  if (!e->valid) return;
  int16_t *at = vtlb__bucket(tlb, e->hi);
  while (&tlb->slot[*at] != e) at = &tlb->slot[*at].next;
  *at = e->next;
  e->valid = false;
}

/* tlbw, as the manual defines it: replaces the entry with the same VPN and ASID in place; if there is none,
 * replaces the entry at the pointer, and the pointer moves on. */
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo) {
  hi &= TLB_VPN_MASK | TLB_ASID_MASK;
  struct vtlb_entry *e = vtlb__find(tlb, hi);
  if (!e) {
    e = &tlb->slot[tlb->pointer];
    tlb->pointer = tlb->pointer + 1 == tlb->entries ? 0 : tlb->pointer + 1;
    vtlb__clear(tlb, e);
    int16_t *at = vtlb__bucket(tlb, hi);
    e->hi = hi;
    e->next = *at;
    *at = e - tlb->slot;
    e->valid = true;
  }
  e->lo = lo & (TLB_PFN_MASK | TLB_RIGHTS);
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
  op->gpn_rwx = usable ? e->lo : 0;
}
