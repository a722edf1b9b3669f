/* memory.c - a trap about an address: what would have happened on the real machine?
 *
 * The real cause does not answer that. For example, the real TLB misses whenever it has no entry, even if the
 * guest's own TLB has one. So the access is tried again on the virtual machine, with the virtual TLB: the
 * guest gets the miss, protection fault or bus error that it would have had (reflect), or it meant a device
 * (emulate), or it was within its rights, and the kernel is told the entry again (fill). */
#include "vmm.h"

struct access {
  uint32_t right;
  uint32_t miss, prot, bus; /* the virtual causes that it may turn out to have */
};

#define ACCESS(kind, right) \
  { right, CAUSE_##kind##_MISS, CAUSE_##kind##_PROT, CAUSE_##kind##_BUS }
static const struct access access_of[32] = {
    [CAUSE_FETCH_MISS] = ACCESS(FETCH, TLB_X), [CAUSE_FETCH_PROT] = ACCESS(FETCH, TLB_X),
    [CAUSE_FETCH_BUS] = ACCESS(FETCH, TLB_X),  [CAUSE_LOAD_MISS] = ACCESS(LOAD, TLB_R),
    [CAUSE_LOAD_PROT] = ACCESS(LOAD, TLB_R),   [CAUSE_LOAD_BUS] = ACCESS(LOAD, TLB_R),
    [CAUSE_STORE_MISS] = ACCESS(STORE, TLB_W), [CAUSE_STORE_PROT] = ACCESS(STORE, TLB_W),
    [CAUSE_STORE_BUS] = ACCESS(STORE, TLB_W),
};

/* The virtual TLB allows the access, which is to guest-physical address gpa. e: the entry that it used, or
 * NULL if the guest runs untranslated. */
static noinline void physical_access(struct vm *vm, const struct access *access, uint32_t gpa,
                                     struct vtlb_entry *e) {
  struct vm_state *s = vm->state;
  if (unlikely(s->badva >= CPU_L_WINDOW) && access->right != TLB_X && (s->cpu & CPU_FEATURE_L) &&
      insn_rs1(s->badinst) != 0)
    vm__reflect(vm, access->prot, s->badva, s->badinst); /* the window of a leaky CPU */
  else if (gpa >= DEV_BASE && access->right != TLB_X)
    device__access(vm, gpa, access->bus);
  else if (gpa >= vm->ram_bytes)
    vm__reflect(vm, access->bus, s->badva, s->badinst);
  else if (e)
    vm__shadow(vm, e - vm->tlb.slot); /* the kernel has lost the entry */
}

/* This is the manual's xlate (isa/MANUAL.md), with the virtual STATUS and the virtual TLB. */
void vm__memory(struct vm *vm, uint32_t cause) {
  const struct access *access = &access_of[cause];
  OPTIMIZER_HIDE_VAR(access);
  struct vm_state *s = vm->state;
  uint32_t va = s->badva;
  if (!(s->vstatus & ST_T)) return physical_access(vm, access, va, NULL);
  struct vtlb_entry *e = vtlb__find(&vm->tlb, (va & TLB_VPN_MASK) | vm__asid(vm));
  if (!e) return vm__reflect(vm, access->miss, va, s->badinst);
  if (!(e->lo & access->right)) return vm__reflect(vm, access->prot, va, s->badinst);
  return physical_access(vm, access, (e->lo & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)), e);
}
