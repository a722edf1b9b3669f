/* trap.c - a trap out of the guest: whose is it?
 *
 * If the guest's application caused it, it is the guest kernel's to handle: reflect. If the guest's
 * kernel executed a privileged instruction: emulate. A trap about an address is memory.c's to judge. */
#include "vmm.h"

void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t cause = s->cause;
  if (cause >= CAUSE_LOAD_MISS)
    vm__memory(vm, cause);
  else if (cause == CAUSE_PRIVILEGED && !(s->vstatus & ST_U))
    vm__emulate(vm, s->badinst);
  else if (UNLIKELY(cause < CAUSE_ILLEGAL) &&
           cause != CAUSE_FETCH_MISALIGNED) /* a fetch: no interrupt comes here */
    vm__memory(vm, cause);
  else
    vm__reflect(vm, cause, s->badva, s->badinst);
}
