/* privileged.c - emulates the privileged instructions: each does to the virtual machine what it would do to
 * the real one. rfe is in reflect.c. */
#include "vmm.h"

/* Writes an entry of the virtual TLB, and tells the kernel. */
static noinline void tlbw(struct vm *vm, uint32_t insn) {
  const uint32_t *x = vm->state->x;
  vm__retire(vm);
  vm__shadow(vm, vtlb__write(&vm->tlb, x[insn_rs1(insn)], x[insn_rs2(insn)]));
}

/* Tells the kernel, at the next vm_run, to empty every slot of a space; of all spaces for VM_ALL. */
static void shadow_clear(struct vm *vm, uint32_t space) {
  vm->state->op[vm->state->nops++] = (struct vm_op){.slot = VM_ALL, .space = space};
}

/* What becomes invalid in the virtual TLB must become invalid in the kernel's shadow, too. */
static noinline void tlbi(struct vm *vm, uint32_t insn) {
  uint32_t hi = vm->state->x[insn_rs1(insn)], asid = hi & TLB_ASID_MASK;
  vm__retire(vm);
  switch (insn_imm(insn)) {
  case TLBI_ALL:
    vtlb__clear_all(&vm->tlb);
    shadow_clear(vm, VM_ALL);
    break;
  case TLBI_ASID:
    vtlb__clear_asid(&vm->tlb, asid);
    shadow_clear(vm, 1 + asid);
    break;
  case TLBI_PAGE: {
    struct vtlb_entry *e = vtlb__find(&vm->tlb, hi & (TLB_VPN_MASK | TLB_ASID_MASK));
    if (!e) break;
    vtlb__clear(&vm->tlb, e);
    vm__shadow(vm, e - vm->tlb.slot);
  }
  }
}

static uint32_t at_most(uint64_t n, uint32_t limit) { return n < limit ? n : limit; }

/* The guest has nothing to do: its time passes until its TIMER is 0 or a device asks for an interrupt.
 * Meanwhile our process sleeps. */
static noinline void wait(struct vm *vm) {
  device__flush(vm);
  while (vm->timer && !vm->pending && !vm->off) {
    uint64_t before, after;
    clock_ticks(&before);
    int events = poll_events(device__room(vm) ? EVENT_INPUT : 0, at_most(vm->timer, POLL_FOREVER - 1));
    clock_ticks(&after);
    uint32_t passed = events ? at_most(after - before, vm->timer) : vm->timer;
    if (!passed && !vm->retired) passed = 1; /* input never arrives in the tick of a trap; see run.c */
    vm->tick += passed;
    vm->timer -= passed;
    if (events) device__receive(vm);
  }
  vm__retire(vm);
}

/* The guest sees the STATUS that it believes in, not the real one. */
static void mfst(struct vm *vm, uint32_t insn) {
  vm__set_register(vm, insn_rd(insn), vm->state->vstatus);
  vm__retire(vm);
}

static void mtst(struct vm *vm, uint32_t insn) {
  vm__set_status(vm, vm->state->x[insn_rs1(insn)]);
  vm__retire(vm);
}

static noinline void others(struct vm *vm, uint32_t insn) {
  switch (insn_op(insn)) {
  case PG32_OP_tlbi: tlbi(vm, insn); break;
  case PG32_OP_mfst: mfst(vm, insn); break;
  case PG32_OP_mtst: mtst(vm, insn); break;
  case PG32_OP_wait: wait(vm); break;
  default: vm__stop(vm, "an unknown privileged instruction");
  }
}

/* The two that are by far the commonest go first. */
void vm__emulate(struct vm *vm, uint32_t insn) {
  if (insn == (uint32_t)PG32_OP_rfe << 25)
    vm__rfe(vm);
  else if (insn_op(insn) == PG32_OP_tlbw)
    tlbw(vm, insn);
  else
    others(vm, insn);
}
