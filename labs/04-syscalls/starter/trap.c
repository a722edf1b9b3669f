/* trap.c - a trap out of the guest: whose is it?
 *
 * The VMM inspects the trap. What the kernel's vm_run tells us of it is in vm->state: cause, badva, badinst,
 * and pc, the PC that the real trap has saved. */
#include "vmm.h"

/* A trap about an address is looked at in memory.c (lab 5). A misaligned one is not: no translation comes
 * into it. */
static bool about_address(uint32_t cause) {
  return cause >= CAUSE_LOAD_MISS || (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS);
}

void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  if (about_address(s->cause)) {
    vm__memory(vm, s->cause);
    return;
  }
  /* Written by you: who has caused it, the guest's application or the guest's kernel? Then vm__reflect or
   * vm__emulate. */
  vm__stop(vm, "nobody has decided whose trap this is");
}
