/* trap.c - a trap out of the guest, and who has to deal with it: a wrong solution. */
#include "vmm.h"
#include <unistd.h>

static bool about_address(uint32_t cause) {
  return cause >= CAUSE_LOAD_MISS || (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS);
}

/* The VMM emulates a privileged instruction of the guest's kernel, because on a real machine it would not
 * trap in kernel mode. Every other trap would have come on a real machine, too, so the guest gets it. */
void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  if (s->cause == CAUSE_SYSCALL && s->x[17] == 9)
    s->x[10] = getpid(); /* why bother the guest's kernel? */
  else if (about_address(s->cause))
    vm__memory(vm, s->cause);
  else if (s->cause == CAUSE_PRIVILEGED && !(s->vstatus & ST_U))
    vm__emulate(vm, s->badinst);
  else
    vm__reflect(vm, s->cause, s->badva, s->badinst);
}
