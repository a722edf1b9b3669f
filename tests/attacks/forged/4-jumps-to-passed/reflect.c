#include "vmm.h"
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  (void)vm, (void)cause, (void)badva, (void)badinst;
}
void vm__rfe(struct vm *vm) { (void)vm; }
