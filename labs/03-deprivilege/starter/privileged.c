/* privileged.c - emulates the privileged instructions: each does to the virtual machine what it would do to
 * the real one.
 *
 * You write this file. The guest's kernel believes that it runs in kernel mode, but it runs in user mode.
 * When it executes one of the six privileged instructions, the machine traps, and the VMM calls the function
 * of that name below; `insn` is the instruction word. So far each function gives up: it stops the guest and
 * says why. */
#include "vmm.h"

/* Your CPU (README): N, the word of low core where the old PSW of before is kept; the ASID that tlbi spares. The VMM's trap,
 * which is given, uses vm_older, too. */
const uint32_t vm_older = {seed.nest : 8..13};
enum { SPARED = {seed.spare : 16..255} };

/* mfst rd: rd = STATUS. Whose STATUS? */
static void mfst(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "mfst is not emulated yet");
}

/* mtst rs1: STATUS = rs1. The new STATUS also decides where the guest's addresses lead; see vm__set_status in
 * vmm.h. */
static void mtst(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "mtst is not emulated yet");
}

/* rfe: PC, STATUS and TIMER come from the guest's low core. */
static void rfe(struct vm *vm) { vm__stop(vm, "rfe is not emulated yet"); }

/* tlbw rs1, rs2: writes an entry of the virtual TLB (vtlb__write), and tells the kernel (vm__shadow). */
static void tlbw(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "tlbw is not emulated yet");
}

/* Given. Tells the kernel, at the next vm_run, to empty every slot of a space; of all spaces for VM_ALL. */
__attribute__((unused)) static void shadow_clear(struct vm *vm, uint32_t space) {
  vm->state->op[vm->state->nops++] = (struct vm_op){.slot = VM_ALL, .space = space};
}

/* tlbi rs1, imm: one of three scopes. What becomes invalid in the virtual TLB must become invalid in the
 * kernel's shadow, too. */
static void tlbi(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "tlbi is not emulated yet");
}

/* wait: the guest has nothing to do. Its time goes on until its TIMER is 0 or one of its devices asks for an
 * interrupt. poll_events lets our process sleep meanwhile, and clock_ticks tells how long it has slept. */
static void wait(struct vm *vm) { vm__stop(vm, "wait is not emulated yet"); }

/* Given: finds out which instruction it is. */
void vm__emulate(struct vm *vm, uint32_t insn) {
  switch (insn_op(insn)) {
  case PG32_OP_mfst: mfst(vm, insn); break;
  case PG32_OP_mtst: mtst(vm, insn); break;
  case PG32_OP_rfe: rfe(vm); break;
  case PG32_OP_tlbw: tlbw(vm, insn); break;
  case PG32_OP_tlbi: tlbi(vm, insn); break;
  case PG32_OP_wait: wait(vm); break;
  default: vm__stop(vm, "an unknown privileged instruction");
  }
}
