/* reflect.c - a trap into the guest's kernel, and that kernel's way back. The VMM does to the virtual machine
 * what the hardware does to the real one at a trap and at rfe. */
#include "vmm.h"

/* A virtual trap: the old PSW (PC, STATUS, TIMER) and the cause go into the guest's low core, the virtual
 * STATUS becomes kernel mode, untranslated, with interrupts off, and the guest goes on at its vector. If no
 * instruction has retired since the trap before, the vector itself must have faulted; the real machine
 * check-stops then, and so do we. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t *e = vm->low_core;
  if (unlikely(!vm->retired) && cause > CAUSE_DEVICE) {
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

/* The guest's kernel has executed rfe: the old PSW comes back from its low core. The rfe takes a tick, but
 * not off the TIMER that it loads. */
void vm__rfe(struct vm *vm) {
  const uint32_t *e = vm->low_core;
  vm->tick++;
  vm->retired = true;
  vm->state->pc = e[LC_PC / 4];
  vm__set_status(vm, e[LC_STATUS / 4]);
  vm->timer = e[LC_TIMER / 4];
}
