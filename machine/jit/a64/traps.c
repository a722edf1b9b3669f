/* traps.c - system calls, rfe and mtst in translated code, as thunks.
 *
 * They are written a second time here, by hand, because they are most of what a trap costs. A thunk does what
 * machine_cpu_trap and machine_cpu_rfe do (core/cpu.c), or mtst (interp/insns.h), and then what settle and
 * budget do (interp/engine.h). It requires that traps are not observed, and that a store into low core has no
 * side effects. If that is not so, m->low_core is NULL (jit.c), and the thunk leaves the instruction to
 * jit_helper_system.
 *
 * The budget is not computed afresh: what is left of the present one is used, less what an rfe or mtst that
 * enables interrupts takes from it.
 *
 * At a thunk's beginning the map is canonical, ARG_PC holds the instruction's pc, ARG_PACKED its packed form; the
 * budget has been charged with the instructions before it. */
#include "writer.h"

#if JIT_HOST == JIT_A64

/* Scratch registers. jit_helper_system takes ARG_PC, ARG_PACKED and ARG_IMM, which are free after leave_if_observed. */
#define LOW_CORE 0
#define RUN 1
#define VALUE ARG_PC
#define OTHER ARG_PACKED
/* The tables' registers, until the next context's tables are known: */
#define USED STORES  /* instructions since the run was settled; then a bound of the budget */
#define LEFT FETCHES /* the budget */

/* The first instructions of a thunk that needs low core. */
static void leave_if_observed(struct writer *w) {
  load_field(w, SIZE_64, LOW_CORE, offsetof(struct machine, low_core));
  uint8_t *unobserved = a64_cbnz(w->e, WIDE, LOW_CORE);
  jump_to_thunk(w, THUNK_SYSTEM);
  bind_here(w->e, unobserved);
}

static void load_low_core(struct writer *w, unsigned r, int32_t at) {
  a64_access(w->e, LOAD_32, r, LOW_CORE, at);
}
static void store_low_core(struct writer *w, unsigned r, int32_t at) {
  a64_access(w->e, STORE_32, r, LOW_CORE, at);
}

static void load_run(struct writer *w) {
  load_field(w, SIZE_64, RUN, offsetof(struct machine, jit));
  host_access(w->e, SIZE_64 | LOAD, RUN, mem(RUN, offsetof(struct jit, run)));
}

/* r &= mask; changes TEMP2 if the mask is not one that the instruction takes */
static void emit_and(struct writer *w, unsigned r, uint32_t mask) {
  uint32_t fields;
  if (a64_mask(mask, &fields)) return a64_rr_mask(w->e, AND_MASK, r, r, mask);
  a64_mov_imm(w->e, TEMP2, mask);
  a64_rrr(w->e, AND, r, r, TEMP2);
}

/* Continues at the address in SCRATCH, in the context whose number is in the register `context`; 0: in the
 * untranslated one. */
static void emit_go_to_context(struct writer *w, unsigned context) {
  struct encoder *e = w->e;
  a64_mov_imm64(e, LOADS, context ? (uintptr_t)w->j->tables.table : (uintptr_t)w->j->tables.table[0]);
  if (context) a64_access_indexed(e, SIZE_64 | LOAD, LOADS, LOADS, context, true);
  store_field(w, SIZE_64, LOADS, offsetof(struct machine, table));
  jit_emit_table_registers(w);
  a64_rrr(e, SUBS | WIDE, ZR, BUDGET, ZR);
  jump_to_thunk_if(w, COND_SPENT, THUNK_INDIRECT);
  a64_rr_mask(e, ANDS_MASK, ZR, SCRATCH, 3);
  jump_to_thunk_if(w, COND_NE, THUNK_INDIRECT);
  jit_emit_lookup_jump(w);
}

/* ---- traps by instructions that retire ---- */

static void store_constant(struct writer *w, uint32_t value, int32_t at) {
  a64_mov_imm(w->e, VALUE, value);
  store_low_core(w, VALUE, at);
}

/* The old PSW's pc and status, the new status, and why. */
static void emit_save_state(struct writer *w, uint32_t cause, uint32_t opcode) {
  a64_rri(w->e, ADD_IMM, ARG_PC, ARG_PC, 4);
  store_low_core(w, ARG_PC, LC_PC);
  load_field(w, SIZE_32, VALUE, offsetof(struct machine, status));
  store_low_core(w, VALUE, LC_STATUS);
  emit_and(w, VALUE, ST_ASID_MASK);
  store_field(w, SIZE_32, VALUE, offsetof(struct machine, status));
  store_constant(w, cause, LC_CAUSE);
  store_low_core(w, ZR, LC_BADVA);
  store_constant(w, opcode << 25, LC_BADINST);
}

/* r -= USED, but at least 0; of 32 bits */
static void emit_less_used(struct writer *w, unsigned r) {
  a64_rrr(w->e, SUBS, r, r, USED);
  a64_choose(w->e, CSEL, r, ZR, r, CC_LO);
}

static void emit_trap(struct writer *w, uint32_t n, uint32_t cause, uint32_t opcode) {
  struct encoder *e = w->e;
  begin_thunk(w, n);
  leave_if_observed(w);
  emit_save_state(w, cause, opcode);
  host_charge(e, 1);
  load_run(w);
  host_access(e, SIZE_64 | LOAD, USED, mem(RUN, offsetof(struct run, budget)));
  a64_rrr(e, SUB | WIDE, USED, USED, BUDGET);
  a64_rri(e, SUB_IMM | WIDE, USED, USED, JIT_TRACE_MAX);
  load_field(w, SIZE_32, OTHER, offsetof(struct machine, timer));
  emit_less_used(w, OTHER);
  store_low_core(w, OTHER, LC_TIMER);
  load_field(w, SIZE_64, OTHER, offsetof(struct machine, tick));
  a64_rrr(e, ADD | WIDE, USED, USED, OTHER);
  load_field(w, SIZE_64, OTHER, offsetof(struct machine, skipped));
  a64_rrr(e, SUB | WIDE, USED, USED, OTHER);
  store_field(w, SIZE_64, USED, offsetof(struct machine, last_trap));
  load_low_core(w, SCRATCH, LC_VECTOR);
  emit_go_to_context(w, 0);
}

/* ---- rfe and mtst ---- */

static void unless_kernel_mode(struct writer *w, uint32_t n) {
  load_field(w, SIZE_32, TEMP, offsetof(struct machine, status));
  a64_rr_mask(w->e, ANDS_MASK, ZR, TEMP, ST_U);
  jump_to_thunk_if(w, COND_NE, n);
}

/* Charges for the present instruction, and sets m->tick to what it is after that. Afterwards RUN = the run, LEFT = its
 * budget (not yet stored), USED = what was used of the old one. */
static void emit_settle(struct writer *w) {
  struct encoder *e = w->e;
  host_charge(e, 1);
  load_run(w);
  a64_rri(e, ADD_IMM | WIDE, LEFT, BUDGET, JIT_TRACE_MAX);
  host_access(e, SIZE_64 | LOAD, USED, mem(RUN, offsetof(struct run, budget)));
  a64_rrr(e, SUB | WIDE, USED, USED, LEFT);
  load_field(w, SIZE_64, OTHER, offsetof(struct machine, tick));
  a64_rrr(e, ADD | WIDE, OTHER, OTHER, USED);
  store_field(w, SIZE_64, OTHER, offsetof(struct machine, tick));
}

/* LEFT becomes `bound` if that is less. */
static void cut_budget(struct writer *w, unsigned bound) {
  a64_rrr(w->e, SUBS | WIDE, ZR, bound, LEFT);
  a64_choose(w->e, CSEL | WIDE, LEFT, bound, LEFT, CC_LO);
}

/* With interrupts enabled, the budget ends where TIMER does, and where a device is to be asked. If an
 * interrupt is due already, no budget is left, and the thunk ends in C, which takes the interrupt. */
static void cut_budget_to_interrupts(struct writer *w, unsigned timer) {
  struct encoder *e = w->e;
  cut_budget(w, timer);
  load_field(w, SIZE_64, USED, offsetof(struct machine, next_device_event));
  load_field(w, SIZE_64, OTHER, offsetof(struct machine, tick));
  a64_rrr(e, SUBS | WIDE, USED, USED, OTHER);
  a64_choose(e, CSEL | WIDE, USED, ZR, USED, CC_LO);
  cut_budget(w, USED);
  a64_rri(e, SUB_IMM | WIDE, BUDGET, LEFT, JIT_TRACE_MAX);
}

/* Stores the budget. status: the new one, and timer: TIMER, in registers; the rest as after emit_settle. */
static void emit_set_budget(struct writer *w, unsigned status, unsigned timer) {
  a64_rr_mask(w->e, ANDS_MASK, ZR, status, ST_IE);
  uint8_t *disabled = a64_b_cond(w->e, CC_EQ);
  cut_budget_to_interrupts(w, timer);
  bind_here(w->e, disabled);
  host_access(w->e, SIZE_64, LEFT, mem(RUN, offsetof(struct run, budget)));
}

/* USED = the number of the context that the status in VALUE names. */
static void emit_find_context(struct writer *w) {
  struct encoder *e = w->e;
  a64_mov_imm(e, USED, 0);
  a64_rr_mask(e, ANDS_MASK, ZR, VALUE, ST_T);
  uint8_t *untranslated = a64_b_cond(e, CC_EQ);
  a64_lsr(e, 0, USED, VALUE, ST_ASID_SHIFT);
  a64_rri(e, ADD_IMM, USED, USED, 1);
  bind_here(e, untranslated);
}

static void emit_rfe(struct writer *w) {
  begin_thunk(w, THUNK_RFE);
  unless_kernel_mode(w, THUNK_SYSTEM);
  leave_if_observed(w);
  emit_settle(w);
  load_low_core(w, SCRATCH, LC_TIMER);
  store_field(w, SIZE_32, SCRATCH, offsetof(struct machine, timer));
  load_low_core(w, VALUE, LC_STATUS);
  emit_set_budget(w, VALUE, SCRATCH);
  emit_and(w, VALUE, ST_MASK);
  store_field(w, SIZE_32, VALUE, offsetof(struct machine, status));
  load_low_core(w, SCRATCH, LC_PC);
  emit_find_context(w);
  emit_go_to_context(w, USED);
}

/* SCRATCH = the new status. No observer is told of an mtst, so that m->low_core does not matter. */
static void emit_mtst(struct writer *w) {
  const unsigned timer = LOW_CORE; /* a free register */
  begin_thunk(w, THUNK_MTST);
  unless_kernel_mode(w, THUNK_SYSTEM);
  a64_rri(w->e, ADD_IMM, ARG_PC, ARG_PC, 4);
  store_field(w, SIZE_32, ARG_PC, offsetof(struct machine, pc));
  emit_and(w, SCRATCH, ST_MASK);
  store_field(w, SIZE_32, SCRATCH, offsetof(struct machine, status));
  emit_settle(w);
  load_field(w, SIZE_32, timer, offsetof(struct machine, timer));
  emit_less_used(w, timer);
  store_field(w, SIZE_32, timer, offsetof(struct machine, timer));
  emit_set_budget(w, SCRATCH, timer);
  a64_mov(w->e, 0, VALUE, SCRATCH);
  load_field(w, SIZE_32, SCRATCH, offsetof(struct machine, pc));
  emit_find_context(w);
  emit_go_to_context(w, USED);
}

void jit_emit_trap_thunks(struct writer *w) {
  emit_trap(w, THUNK_SYSCALL, CAUSE_SYSCALL, PG32_OP_syscall);
  emit_trap(w, THUNK_HCALL, CAUSE_HCALL, PG32_OP_hcall);
  emit_trap(w, THUNK_BREAK, CAUSE_BREAK, PG32_OP_break);
  emit_rfe(w);
  emit_mtst(w);
}

#endif
