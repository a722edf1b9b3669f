/* reflect.c - a trap into the guest's kernel, and that kernel's way back: what the hardware does at a trap
 * and at rfe, done to the virtual machine.
 *
 * Written by you. vm->low_core is the guest's low core, as words: e[LC_PC / 4] is its E[0x00]. */
#include "vmm.h"

/* Passes control to the guest's kernel. cause, badva, badinst: what its low core shall say. Also called for
 * interrupts, by run.c. Without an instruction retired since the last trap (vm->retired) a trap other than
 * TIMER and DEVICE stops the guest. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  (void)cause, (void)badva, (void)badinst;
  vm__stop(vm, "traps are not reflected yet");
}

/* The guest's kernel is done: it has executed rfe, and that has trapped. It retires, like any instruction. */
void vm__rfe(struct vm *vm) { vm__stop(vm, "rfe is not emulated yet"); }
