/* memory.c - a trap about an address: looked at afresh, with the virtual TLB, because the real cause need not
 * be the virtual one.
 *
 * Written by you. In vm->state are badva and badinst as the real trap had them. The real TLB misses whenever
 * it has no entry; whether the guest's TLB, were it real, would have missed too is another question, and
 * yours. */
#include "vmm.h"

/* Given: what a real cause is about, and the virtual ones that it may turn out to be. */
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

/* Whatever the fault: a device's register (device__access), the guest's own (vm__reflect), or none of the
 * guest's (fill). */
void vm__memory(struct vm *vm, uint32_t cause) {
  const struct access *access = &access_of[cause];
  /* So far: every untranslated access that comes here is to a device. Without that no guest can even say so.
   */
  if (!(vm->state->vstatus & ST_T) && vm->state->badva >= DEV_BASE && access->right != TLB_X)
    device__access(vm, vm->state->badva, access->bus);
  else
    vm__stop(vm, "this trap about an address is not dealt with yet");
}
