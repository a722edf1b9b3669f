/* privileged.c - the privileged instructions, done to the virtual machine instead of the real one.
 *
 * Written by you. Each of the six functions below is called when the guest's kernel, which believes itself to
 * be in kernel mode and is in user mode, has executed that instruction and the machine has trapped. So far
 * each of them gives up: the VMM stops its guest and says why. `insn` is the instruction word. */
#include "vmm.h"

/* mfst rd: rd = STATUS. Whose STATUS? */
static void mfst(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "mfst is not emulated yet");
}

/* mtst rs1: STATUS = rs1. The new STATUS also says where guest addresses lead: vm__set_status in vmm.h. */
static void mtst(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "mtst is not emulated yet");
}

/* rfe: PC, STATUS and TIMER come from the guest's low core. */
static void rfe(struct vm *vm) { vm__stop(vm, "rfe is not emulated yet"); }

/* tlbw rs1, rs2: an entry of the virtual TLB, and of the kernel's shadow of it: vtlb__write, vm__shadow. */
static void tlbw(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "tlbw is not emulated yet");
}

/* Tells the kernel, at the next entry, to clear every slot of a space; VM_ALL: of every space. */
__attribute__((unused)) static void shadow_clear(struct vm *vm, uint32_t space) {
  vm->state->op[vm->state->nops++] = (struct vm_op){.slot = VM_ALL, .space = space};
}

/* tlbi rs1, imm: three scopes. What is invalid in the virtual TLB must not live on in the shadow. */
static void tlbi(struct vm *vm, uint32_t insn) {
  (void)insn;
  vm__stop(vm, "tlbi is not emulated yet");
}

/* wait: the guest has nothing to do. Its time moves on to the moment its TIMER is 0 or a device of its is
 * pending; poll_events lets our process sleep meanwhile, clock_ticks says how long it was. */
static void wait(struct vm *vm) { vm__stop(vm, "wait is not emulated yet"); }

/* Given: which instruction is it? */
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
