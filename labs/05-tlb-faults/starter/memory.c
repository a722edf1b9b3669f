/* memory.c - a trap about an address: what would have happened on the real machine?
 *
 * You write this file. vm->state has badva and badinst as the real trap had them. But the real cause is not
 * the answer. For example, the real TLB misses whenever it has no entry; you find out whether the guest's own
 * TLB would have missed, too. */
#include "vmm.h"

/* Given: by real cause, the right that the access needs, and the virtual causes that the trap may turn out to
 * have. */
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

/* Three answers are possible: the guest meant a device's register (device__access), it gets the fault that
 * its own TLB and bus would have given (vm__reflect), or it was within its rights (fill, by
 * vm__shadow). */
void vm__memory(struct vm *vm, uint32_t cause) {
  const struct access *access = &access_of[cause];
  /* So far, every untranslated load or store that comes here is one of a device. Without devices no guest
   * could report anything. */
  if (!(vm->state->vstatus & ST_T) && vm->state->badva >= DEV_BASE && access->right != TLB_X)
    device__access(vm, vm->state->badva, access->bus);
  else
    vm__stop(vm, "this trap about an address is not dealt with yet");
}
