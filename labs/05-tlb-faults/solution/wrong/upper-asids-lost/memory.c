/* memory.c - a trap about an address, looked at afresh with the virtual TLB: the reference. */
#include "vmm.h"

struct access {
  uint32_t right;           /* TLB_R, TLB_W or TLB_X */
  uint32_t miss, prot, bus; /* causes */
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

static void reflect(struct vm *vm, uint32_t cause) {
  vm__reflect(vm, cause, vm->state->badva, vm->state->badinst);
}

/* The virtual TLB allows the access, which is to guest-physical address gpa. e: the entry that it used, if
 * any. If the address is neither a device's nor outside RAM, the guest is within its rights, and the kernel
 * must be told the entry again. */
static void physical_access(struct vm *vm, const struct access *access, uint32_t gpa, struct vtlb_entry *e) {
  if (gpa >= DEV_BASE && access->right != TLB_X)
    device__access(vm, gpa, access->bus);
  else if (gpa >= vm->ram_bytes)
    reflect(vm, access->bus);
  else if (e)
    vm__shadow(vm, e - vm->tlb.slot);
}

/* This is the manual's xlate, with the virtual STATUS and the virtual TLB. */
void vm__memory(struct vm *vm, uint32_t cause) {
  const struct access *access = &access_of[cause];
  uint32_t va = vm->state->badva;
  if (!(vm->state->vstatus & ST_T)) return physical_access(vm, access, va, NULL);
  struct vtlb_entry *e = vtlb__find(&vm->tlb, (va & TLB_VPN_MASK) | (vm__asid(vm) & 0x7F));
  if (!e) return reflect(vm, access->miss);
  if (!(e->lo & access->right)) return reflect(vm, access->prot);
  physical_access(vm, access, (e->lo & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)), e);
}
