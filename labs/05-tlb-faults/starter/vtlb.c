/* vtlb.c - the virtual TLB, and how the kernel's shadow of it is kept in step.
 *
 * You write this file. struct vtlb is declared in vmm.h. It has the slots of the guest's TLB, and a hash
 * table over them so that vtlb__find need not look at all 256 slots: each bucket is the head of a chain of
 * slots that VTLB_NONE ends. The rule to keep: a slot is in the chain of its bucket exactly while its entry
 * is valid. Code that makes an entry valid links its slot in; code that makes an entry invalid unlinks it. */
#include "vmm.h"
#include <string.h>

enum { LOCKS = 1 << {seed.lock : 8..11} }; /* your CPU: a tlbw with this bit in hi locks its entry */

/* Given: no entry is valid, every chain is empty, the pointer is 0. */
void vtlb__init(struct vtlb *tlb, uint32_t entries) {
  memset(tlb, 0, sizeof *tlb);
  memset(tlb->bucket, 0xFF, sizeof tlb->bucket);
  tlb->entries = entries;
}

/* Makes an entry invalid, if it is valid. The pointer stays where it is. */
void vtlb__clear(struct vtlb *tlb, struct vtlb_entry *e) { (void)tlb, (void)e; }

/* tlbw hi, lo, as the manual defines it: writes in place, or else at the pointer. Returns the slot that was
 * written. */
uint32_t vtlb__write(struct vtlb *tlb, uint32_t hi, uint32_t lo) {
  (void)tlb, (void)hi, (void)lo;
  return 0;
}

void vtlb__clear_asid(struct vtlb *tlb, uint32_t asid) { (void)tlb, (void)asid; }

void vtlb__clear_all(struct vtlb *tlb) { (void)tlb; }

/* Tells the kernel, at the next vm_run, what the slot holds: appends a struct vm_op (isa/platform.h) to those
 * that are there. The kernel trusts nobody: if a frame is not within the guest's RAM, it refuses to run the
 * guest. */
void vm__shadow(struct vm *vm, uint32_t slot) { (void)vm, (void)slot; }
