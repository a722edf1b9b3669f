/* reflect.c - a trap into the guest's kernel, and that kernel's way back: a wrong solution. */
#include "vmm.h"

enum {
  OLDER = {seed.nest : 8..13}
};                /* the word of low core where the old PSW of before is kept: this student's CPU */
enum { PSW = 3 }; /* words */

/* The real trap has saved the right PC already: behind a syscall, or at the instruction that has faulted. A
 * trap is not an instruction, so it takes no time. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t *e = vm->low_core;
  if (cause > CAUSE_DEVICE && !vm->retired) {
    vm__stop(vm, "a trap right after a trap");
    return;
  }
  vm->retired = false;
  for (int i = 0; i < PSW; i++) e[OLDER + i] = e[i];
  e[LC_PC / 4] = vm->state->pc;
  e[LC_STATUS / 4] = vm->state->vstatus;
  e[LC_TIMER / 4] = vm->timer;
  e[LC_CAUSE / 4] = cause;
  e[LC_BADVA / 4] = badva;
  e[LC_BADINST / 4] = badinst;
  vm->state->pc = e[LC_VECTOR / 4];
  vm__set_status(vm, vm->state->vstatus & (ST_ASID_MASK | ST_T));
}

/* First the rfe retires, then the new TIMER is loaded and stays whole. No register changes: the answer of the
 * system call is what the guest's kernel has left in a0. */
void vm__rfe(struct vm *vm) {
  uint32_t *e = vm->low_core;
  vm__retire(vm);
  vm->state->pc = e[LC_PC / 4];
  vm__set_status(vm, e[LC_STATUS / 4]);
  vm->timer = e[LC_TIMER / 4];
  for (int i = 0; i < PSW; i++) e[i] = e[OLDER + i];
}
