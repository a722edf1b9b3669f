#include "vmm.h"
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  (void)cause, (void)badva, (void)badinst;
  vm__retire(vm);
}
void vm__rfe(struct vm *vm) { vm__retire(vm); }
