/* memory.c - a trap about an address: looked at afresh, with the virtual TLB, because the real cause need not
 * be the virtual one. Reflect, emulate or fill. */
#include "vmm.h"

struct access {
  uint32_t right;
  uint32_t miss, prot, bus; /* the virtual causes it may turn out to be */
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

/* The virtual TLB has nothing against the access, which is to guest-physical address gpa. e: the entry used.
 */
APART static void physical_access(struct vm *vm, const struct access *access, uint32_t gpa,
                                  struct vtlb_entry *e) {
  struct vm_state *s = vm->state;
  if (gpa >= DEV_BASE && access->right != TLB_X)
    device__access(vm, gpa, access->bus);
  else if (gpa >= vm->ram_bytes)
    vm__reflect(vm, access->bus, s->badva, s->badinst);
  else if (e)
    vm__shadow(vm, e - vm->tlb.slot); /* the kernel has lost it: say it again */
}

/* xlate(va, access, virtual T, virtual ASID, virtual TLB) */
void vm__memory(struct vm *vm, uint32_t cause) {
  const struct access *access = &access_of[cause];
  __asm__("" : "+r"(access)); /* computed once */
  struct vm_state *s = vm->state;
  uint32_t va = s->badva;
  if (!(s->vstatus & ST_T)) return physical_access(vm, access, va, NULL);
  struct vtlb_entry *e = vtlb__find(&vm->tlb, (va & TLB_VPN_MASK) | vm__asid(vm));
  if (!e) return vm__reflect(vm, access->miss, va, s->badinst);
  if (!(e->lo & access->right)) return vm__reflect(vm, access->prot, va, s->badinst);
  return physical_access(vm, access, (e->lo & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)), e);
}
