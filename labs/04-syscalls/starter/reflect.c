/* reflect.c - a trap into the guest's kernel, and that kernel's way back. The VMM does to the virtual machine
 * what the hardware does to the real one at a trap and at rfe.
 *
 * You write this file. vm->low_core is the guest's low core, as an array of words. For example,
 * vm->low_core[LC_PC / 4] is the word that the manual calls E[0x00]. */
#include "vmm.h"

enum {
  OLDER = {seed.nest : 8..13}
}; /* N, of your CPU: the word of low core where the old PSW of before is kept */

/* Passes control to the guest's kernel. cause, badva and badinst go into its low core. run.c calls this
 * function for interrupts, too. If no instruction has retired since the last trap (see vm->retired), a trap
 * other than TIMER and DEVICE must stop the guest. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  (void)cause, (void)badva, (void)badinst;
  vm__stop(vm, "traps are not reflected yet");
}

/* The guest's kernel is done: it has executed rfe, which has trapped. An rfe retires like any other
 * instruction. */
void vm__rfe(struct vm *vm) { vm__stop(vm, "rfe is not emulated yet"); }
