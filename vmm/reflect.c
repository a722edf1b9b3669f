/* reflect.c - a trap into the guest's kernel, and that kernel's way back: what the hardware does at a trap
 * and at rfe, done to the virtual machine. */
#include "vmm.h"

/* The old PSW and the reason go into the virtual low core; kernel mode; the virtual vector becomes the PC. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t *e = vm->low_core;
  if (UNLIKELY(!vm->retired) && cause > CAUSE_DEVICE) {
    vm__stop(vm, "a trap right after a trap");
    return;
  }
  vm->retired = false;
  e[LC_PC / 4] = vm->state->pc;
  e[LC_STATUS / 4] = vm->state->vstatus;
  e[LC_TIMER / 4] = vm->timer;
  e[LC_CAUSE / 4] = cause;
  e[LC_BADVA / 4] = badva;
  e[LC_BADINST / 4] = badinst;
  vm->state->pc = e[LC_VECTOR / 4];
  vm__set_status(vm, vm->state->vstatus & ST_ASID_MASK);
}

/* The old PSW comes back. The TIMER that is loaded is not diminished by the rfe itself. */
void vm__rfe(struct vm *vm) {
  const uint32_t *e = vm->low_core;
  vm->tick++;
  vm->retired = true;
  vm->state->pc = e[LC_PC / 4];
  vm__set_status(vm, e[LC_STATUS / 4]);
  vm->timer = e[LC_TIMER / 4];
}
