/* trap.c - a trap out of the guest: who has to deal with it?
 *
 * The VMM inspects the trap. The kernel has described it in vm->state: cause, badva, badinst, and pc, which
 * is the PC that the real trap has saved. */
#include "vmm.h"

/* Given: is the trap about an address, so that memory.c (lab 5) decides? A misaligned access is not, because
 * it traps before its address is translated. */
static bool about_address(uint32_t cause) {
  return cause >= CAUSE_LOAD_MISS || (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS);
}

void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  if (about_address(s->cause)) {
    vm__memory(vm, s->cause);
    return;
  }
  /* TODO: find out whether the guest's application or the guest's kernel has caused the trap; then call
   * vm__reflect or vm__emulate. */
  vm__stop(vm, "nobody has decided whose trap this is");
}
