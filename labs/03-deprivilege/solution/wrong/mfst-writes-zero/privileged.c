/* privileged.c - emulates the privileged instructions: a wrong solution. */
#include "vmm.h"

/* This student's CPU: the word of low core where the old PSW of before is kept, and the ASID that tlbi spares. */
const uint32_t vm_older = {seed.nest : 8..13};
enum { SPARED = {seed.spare : 16..255}, PSW = 3 };

/* The guest sees the STATUS that it believes in. The real STATUS would show user mode with translation on. */
static void mfst(struct vm *vm, uint32_t insn) {
  vm->state->x[insn_rd(insn)] = vm->state->vstatus;
  vm__retire(vm);
}

static void mtst(struct vm *vm, uint32_t insn) {
  vm__set_status(vm, vm->state->x[insn_rs1(insn)]);
  vm__retire(vm);
}

/* First the rfe retires: it takes a tick, also off the old TIMER. Then the new TIMER is loaded, and stays
 * whole. */
static void rfe(struct vm *vm) {
  uint32_t *e = vm->low_core;
  vm__retire(vm);
  vm->state->pc = e[LC_PC / 4];
  vm__set_status(vm, e[LC_STATUS / 4]);
  vm->timer = e[LC_TIMER / 4];
  for (int i = 0; i < PSW; i++) e[i] = e[vm_older + i];
}

/* The kernel must be told about the slot even if the entry was replaced in place: the shadow still has the
 * old entry. */
static void tlbw(struct vm *vm, uint32_t insn) {
  const uint32_t *x = vm->state->x;
  vm__shadow(vm, vtlb__write(&vm->tlb, x[insn_rs1(insn)], x[insn_rs2(insn)]));
  vm__retire(vm);
}

static void shadow_clear(struct vm *vm, uint32_t space) {
  vm->state->op[vm->state->nops++] = (struct vm_op){.slot = VM_ALL, .space = space};
}

static void tlbi_page(struct vm *vm, uint32_t hi) {
  struct vtlb_entry *e = vtlb__find(&vm->tlb, hi & (TLB_VPN_MASK | TLB_ASID_MASK));
  if (!e) return;
  vtlb__clear(&vm->tlb, e);
  vm__shadow(vm, e - vm->tlb.slot);
}

/* The shadow may have less than the virtual TLB: vm__memory tells the kernel the spared entries again, one by one, when they
 * are used. So the kernel can be told to forget all of them. */
static void tlbi_all(struct vm *vm) {
  for (uint32_t i = 0; i < vm->tlb.entries; i++)
    if ((vm->tlb.slot[i].hi & TLB_ASID_MASK) != SPARED) vtlb__clear(&vm->tlb, &vm->tlb.slot[i]);
  shadow_clear(vm, VM_ALL);
}

static void tlbi(struct vm *vm, uint32_t insn) {
  uint32_t hi = vm->state->x[insn_rs1(insn)], asid = hi & TLB_ASID_MASK;
  switch (insn_imm(insn)) {
  case TLBI_ALL: tlbi_all(vm); break;
  case TLBI_ASID:
    vtlb__clear_asid(&vm->tlb, asid);
    shadow_clear(vm, 1 + asid);
    break;
  case TLBI_PAGE: tlbi_page(vm, hi); break;
  }
  vm__retire(vm);
}

static uint32_t at_most(uint64_t n, uint32_t limit) { return n < limit ? n : limit; }

/* Sleeps until TIMER is due or input arrives. If input arrives, the guest's time goes on only by the time
 * that has passed. */
static void sleep_on(struct vm *vm) {
  uint64_t before, after;
  clock_ticks(&before);
  int events = poll_events(device__room(vm) ? EVENT_INPUT : 0, at_most(vm->timer, POLL_FOREVER - 1));
  clock_ticks(&after);
  uint32_t passed = events ? at_most(after - before, vm->timer) : vm->timer;
  if (!passed && !vm->retired) passed = 1; /* input never arrives in the tick of a trap */
  vm->tick += passed;
  vm->timer -= passed;
  if (events) device__receive(vm);
}

static void wait(struct vm *vm) {
  device__flush(vm);
  while (vm->timer && !vm->pending && !vm->off) sleep_on(vm);
  vm__retire(vm);
}

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
