/* trap.c - a trap out of the guest, and who has to deal with it: a wrong solution. */
#include "vmm.h"

static bool about_address(uint32_t cause) {
  return cause >= CAUSE_LOAD_MISS || (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS);
}

/* The VMM emulates privileged instructions. */
void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  if (about_address(s->cause))
    vm__memory(vm, s->cause);
  else if (s->cause == CAUSE_PRIVILEGED)
    vm__emulate(vm, s->badinst);
  else
    vm__reflect(vm, s->cause, s->badva, s->badinst);
}
