#include "vmm.h"
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t *e = vm->low_core;
  vm->retired = false;
  e[LC_PC / 4] = vm->state->pc, e[LC_STATUS / 4] = vm->state->vstatus, e[LC_TIMER / 4] = vm->timer;
  e[LC_CAUSE / 4] = cause, e[LC_BADVA / 4] = badva, e[LC_BADINST / 4] = badinst;
  vm->state->pc = e[LC_VECTOR / 4];
  vm__set_status(vm, 0);
}
void vm__rfe(struct vm *vm) {
  vm__retire(vm);
  vm->state->pc = vm->low_core[LC_PC / 4];
  vm__set_status(vm, vm->low_core[LC_STATUS / 4]);
  vm->timer = vm->low_core[LC_TIMER / 4];
}
