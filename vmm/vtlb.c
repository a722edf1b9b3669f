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
  e->lo = 0;
}

/* tlbw, as the manual defines it: replaces the entry with the same VPN and ASID in place; if there is none,
 * replaces the entry at the pointer, and the pointer moves on. */
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo) {
  hi &= TLB_VPN_MASK | TLB_ASID_MASK;
  struct vtlb_entry *e = vtlb__slot(tlb, hi);
  if (e && !vtlb__is_live(tlb, e)) {
    vtlb__clear(tlb, e);
    e = NULL;
  }
  if (!e) {
    uint32_t slot = tlb->pointer;
    e = &tlb->slot[slot];
    OPTIMIZER_HIDE_VAR(e);
    tlb->pointer = slot + 1 == tlb->entries ? 0 : slot + 1;
    if (e->valid) vtlb__clear(tlb, e);
    int16_t *at = vtlb__bucket(tlb, hi);
    e->hi = hi;
    e->born = tlb->now;
    e->next = *at;
    e->valid = true;
    *at = slot;
  }
  e->lo = lo & (TLB_PFN_MASK | TLB_RIGHTS);
  return e - tlb->slot;
}

/* tlb->now begins anew. The entries that are dead must not come to life. */
static void restart(struct vtlb *tlb) {
  for (struct vtlb_entry *e = tlb->slot; e < tlb->slot + tlb->entries; e++) {
    if (!vtlb__is_live(tlb, e)) vtlb__clear(tlb, e);
    e->born = 0;
  }
  memset(tlb->cleared, 0, sizeof tlb->cleared);
  tlb->cleared_all = 0;
  tlb->now = 1;
}

void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid) {
  if (++tlb->now == 0) restart(tlb);
  tlb->cleared[asid] = tlb->now;
}

void vtlb__clear_all(struct vtlb *tlb) {
  if (++tlb->now == 0) restart(tlb);
  tlb->cleared_all = tlb->now;
}

/* An entry that leads to a device or beyond RAM does not go into the shadow, so that each use of it traps to
 * the VMM. */
void vm__shadow(struct vm *vm, uint32_t slot) {
  const struct vtlb_entry *e = &vm->tlb.slot[slot];
  struct vm_state *s = vm->state;
  struct vm_op *op = &s->op[s->nops++];
  OPTIMIZER_HIDE_VAR(op);
  op->slot = slot;
  op->space = 1 + (e->hi & TLB_ASID_MASK);
  op->vpn = e->hi >> PAGE_SHIFT;
  op->gpn_rwx = e->lo;
  if ((e->lo & TLB_PFN_MASK) >= vm->ram_bytes) op->gpn_rwx = 0;
}
