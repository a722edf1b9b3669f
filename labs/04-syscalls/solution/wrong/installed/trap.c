/* trap.c - a trap out of the guest: who has to deal with it?
 *
 * If the guest's kernel has executed a privileged instruction, the VMM emulates the instruction. If the trap
 * is about an address (a TLB miss, for example), memory.c decides. Any other trap would have come on a real
 * machine, too, so the guest's kernel must deal with it: reflect. */
#include "vmm.h"

/* The causes are numbered so that two comparisons find the traps about an address: loads and stores come
 * last, and fetches come before CAUSE_ILLEGAL, as do interrupts, which never reach the VMM. */
void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t cause = s->cause;
  if (cause >= CAUSE_LOAD_MISS)
    vm__memory(vm, cause);
  else if (cause == CAUSE_PRIVILEGED && !(s->vstatus & ST_U))
    vm__emulate(vm, s->badinst);
  else if (unlikely(cause < CAUSE_ILLEGAL) && cause != CAUSE_FETCH_MISALIGNED)
    vm__memory(vm, cause);
  else
    vm__reflect(vm, cause, s->badva, s->badinst);
}
