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
 * At a thunk's beginning the map is canonical, edx holds the instruction's pc, ecx its packed form; the
 * budget has been charged with the instructions before it. */
#include "writer.h"

#if JIT_HOST == JIT_X64

#define LOW_CORE TABLES_REG /* until the next context's tables are known, the register holds RAM's address */

/* The first instructions of a thunk that needs low core. jit_helper_system takes rax, rcx and rdx; after
 * these instructions they are free. */
static void leave_if_observed(struct writer *w) {
  x64_op(w->e, MOV | REX_W, LOW_CORE, field(offsetof(struct machine, low_core)));
  x64_op(w->e, TEST | REX_W, LOW_CORE, reg(LOW_CORE));
  jump_to_thunk_if(w, COND_EQ, THUNK_SYSTEM);
}

static void load_run(struct writer *w, unsigned r) {
  x64_op(w->e, MOV | REX_W, r, field(offsetof(struct machine, jit)));
  x64_op(w->e, MOV | REX_W, r, mem(r, offsetof(struct jit, run)));
}

/* Continues at eax, in the context whose number is in the register `context`; 0: in the untranslated one. */
static void emit_go_to_context(struct writer *w, unsigned context) {
  struct encoder *e = w->e;
  const int32_t fetch_table = (int32_t)(TABLE_FETCH * TABLE_ENTRIES * sizeof(uint64_t));
  x64_mov_imm64(e, TABLES_REG, context ? (uintptr_t)w->j->tables.table : (uintptr_t)w->j->tables.table[0]);
  if (context) x64_op(e, MOV | REX_W, TABLES_REG, mem_index(TABLES_REG, context, 3, 0));
  x64_op(e, MOV_TO | REX_W, TABLES_REG, field(offsetof(struct machine, table)));
  x64_op(e, TEST | REX_W, BUDGET, reg(BUDGET));
  jump_to_thunk_if(w, COND_SPENT, THUNK_INDIRECT);
  x64_test_imm8(e, reg(RAX), 3);
  jump_to_thunk_if(w, COND_NE, THUNK_INDIRECT);
  x64_op(e, MOV, RCX, reg(RAX));
  x64_shift_imm(e, GRP2_SHR, 0, reg(RCX), PAGE_SHIFT);
  x64_op(e, MOV | REX_W, RCX, mem_index(TABLES_REG, RCX, 3, fetch_table));
  x64_op(e, TEST | REX_W, RCX, reg(RCX));
  jump_to_thunk_if(w, COND_EQ, THUNK_INDIRECT);
  x64_op(e, MOV, RDX, reg(RAX));
  x64_op_imm(e, GRP1_AND, 0, reg(RDX), PAGE_SIZE - 4);
  x64_op(e, GROUP5, GRP5_JMP, mem_index(RCX, RDX, 1, 0));
}

/* ---- traps by instructions that retire ---- */

/* The old PSW's pc and status, the new status, and why. */
static void emit_save_state(struct writer *w, uint32_t cause, uint32_t opcode) {
  struct encoder *e = w->e;
  x64_op_imm(e, GRP1_ADD, 0, reg(RDX), 4);
  x64_op(e, MOV_TO, RDX, mem(LOW_CORE, LC_PC));
  x64_op(e, MOV, RDX, field(offsetof(struct machine, status)));
  x64_op(e, MOV_TO, RDX, mem(LOW_CORE, LC_STATUS));
  x64_op_imm(e, GRP1_AND, 0, reg(RDX), ST_ASID_MASK);
  x64_op(e, MOV_TO, RDX, field(offsetof(struct machine, status)));
  x64_store_imm(e, mem(LOW_CORE, LC_CAUSE), cause);
  x64_store_imm(e, mem(LOW_CORE, LC_BADVA), 0);
  x64_store_imm(e, mem(LOW_CORE, LC_BADINST), opcode << 25);
}

static void emit_trap(struct writer *w, uint32_t n, uint32_t cause, uint32_t opcode) {
  struct encoder *e = w->e;
  begin_thunk(w, n);
  leave_if_observed(w);
  emit_save_state(w, cause, opcode);
  host_charge(w->e, 1);
  load_run(w, RDX); /* rdx = instructions executed since the run was settled, which it is not now */
  x64_op(e, MOV | REX_W, RDX, mem(RDX, offsetof(struct run, budget)));
  x64_op(e, SUB | REX_W, RDX, reg(BUDGET));
  x64_op_imm(e, GRP1_SUB, REX_W, reg(RDX), JIT_TRACE_MAX);
  x64_op(e, XOR, RAX, reg(RAX)); /* TIMER: less rdx, at least 0 */
  x64_op(e, MOV, RCX, field(offsetof(struct machine, timer)));
  x64_op(e, SUB, RCX, reg(RDX));
  x64_op(e, CMOV | CC_B, RCX, reg(RAX));
  x64_op(e, MOV_TO, RCX, mem(LOW_CORE, LC_TIMER));
  x64_op(e, ADD | REX_W, RDX, field(offsetof(struct machine, tick)));
  x64_op(e, SUB | REX_W, RDX, field(offsetof(struct machine, skipped)));
  x64_op(e, MOV_TO | REX_W, RDX, field(offsetof(struct machine, last_trap)));
  x64_op(e, MOV, RAX, mem(LOW_CORE, LC_VECTOR));
  emit_go_to_context(w, 0);
}

/* ---- rfe and mtst ---- */

static void unless_kernel_mode(struct writer *w, uint32_t n) {
  x64_test_imm8(w->e, field(offsetof(struct machine, status)), ST_U);
  jump_to_thunk_if(w, CC_NE, n);
}

/* Charges for the present instruction, and sets m->tick to what it is after that. Afterwards rax = the run,
 * rcx = its budget (not yet stored), rdx = what was used of the old one. */
static void emit_settle(struct writer *w) {
  struct encoder *e = w->e;
  host_charge(w->e, 1);
  load_run(w, RAX);
  x64_op(e, LEA | REX_W, RCX, mem(BUDGET, JIT_TRACE_MAX));
  x64_op(e, MOV | REX_W, RDX, mem(RAX, offsetof(struct run, budget)));
  x64_op(e, SUB | REX_W, RDX, reg(RCX));
  x64_op(e, ADD_TO | REX_W, RDX, field(offsetof(struct machine, tick)));
}

/* rcx, the budget, becomes rdx if that is less. */
static void cut_budget(struct writer *w) {
  x64_op(w->e, CMP | REX_W, RDX, reg(RCX));
  x64_op(w->e, CMOV | CC_B | REX_W, RCX, reg(RDX));
}

/* With interrupts enabled, the budget ends where TIMER (edx) does, and where a device is to be asked. If an
 * interrupt is due already, no budget is left, and the thunk ends in C, which takes the interrupt. */
static void cut_budget_to_interrupts(struct writer *w) {
  struct encoder *e = w->e;
  cut_budget(w);
  x64_op(e, MOV | REX_W, RDX, field(offsetof(struct machine, next_device_event)));
  x64_op(e, SUB | REX_W, RDX, field(offsetof(struct machine, tick)));
  uint8_t *later = x64_jcc(e, CC_AE);
  x64_op(e, XOR, RDX, reg(RDX));
  x64_bind_here(e, later);
  cut_budget(w);
  x64_op(e, LEA | REX_W, BUDGET, mem(RCX, -JIT_TRACE_MAX));
}

/* Stores the budget. status: the new one; edx = TIMER; rax, rcx as after emit_settle. */
static void emit_set_budget(struct writer *w, struct operand status) {
  x64_test_imm8(w->e, status, ST_IE);
  uint8_t *disabled = x64_jcc(w->e, CC_E);
  cut_budget_to_interrupts(w);
  x64_bind_here(w->e, disabled);
  x64_op(w->e, MOV_TO | REX_W, RCX, mem(RAX, offsetof(struct run, budget)));
}

/* rcx = the number of the context that the status in edx names. */
static void emit_find_context(struct writer *w) {
  struct encoder *e = w->e;
  x64_op(e, XOR, RCX, reg(RCX));
  x64_test_imm8(e, reg(RDX), ST_T);
  uint8_t *untranslated = x64_jcc(e, CC_E);
  x64_op(e, MOV, RCX, reg(RDX));
  x64_shift_imm(e, GRP2_SHR, 0, reg(RCX), ST_ASID_SHIFT);
  x64_op_imm(e, GRP1_ADD, 0, reg(RCX), 1);
  x64_bind_here(e, untranslated);
}

static void emit_rfe(struct writer *w) {
  struct encoder *e = w->e;
  begin_thunk(w, THUNK_RFE);
  unless_kernel_mode(w, THUNK_SYSTEM);
  leave_if_observed(w);
  emit_settle(w);
  x64_op(e, MOV, RDX, mem(LOW_CORE, LC_TIMER));
  x64_op(e, MOV_TO, RDX, field(offsetof(struct machine, timer)));
  emit_set_budget(w, mem(LOW_CORE, LC_STATUS));
  x64_op(e, MOV, RDX, mem(LOW_CORE, LC_STATUS));
  x64_op_imm(e, GRP1_AND, 0, reg(RDX), ST_MASK);
  x64_op(e, MOV_TO, RDX, field(offsetof(struct machine, status)));
  x64_op(e, MOV, RAX, mem(LOW_CORE, LC_PC));
  emit_find_context(w);
  emit_go_to_context(w, RCX);
}

/* eax = the new status. No observer is told of an mtst, so that m->low_core does not matter. */
static void emit_mtst(struct writer *w) {
  struct encoder *e = w->e;
  const unsigned timer = TABLES_REG;
  begin_thunk(w, THUNK_MTST);
  unless_kernel_mode(w, THUNK_SYSTEM);
  x64_op_imm(e, GRP1_ADD, 0, reg(RDX), 4);
  x64_op(e, MOV_TO, RDX, field(offsetof(struct machine, pc)));
  x64_op_imm(e, GRP1_AND, 0, reg(RAX), ST_MASK);
  x64_op(e, MOV_TO, RAX, field(offsetof(struct machine, status)));
  emit_settle(w);
  x64_op(e, MOV, timer, field(offsetof(struct machine, timer)));
  x64_op(e, SUB, timer, reg(RDX));
  uint8_t *not_over = x64_jcc(e, CC_AE);
  x64_op(e, XOR, timer, reg(timer));
  x64_bind_here(e, not_over);
  x64_op(e, MOV_TO, timer, field(offsetof(struct machine, timer)));
  x64_op(e, MOV, RDX, reg(timer));
  emit_set_budget(w, field(offsetof(struct machine, status)));
  x64_op(e, MOV, RDX, field(offsetof(struct machine, status)));
  x64_op(e, MOV, RAX, field(offsetof(struct machine, pc)));
  emit_find_context(w);
  emit_go_to_context(w, RCX);
}

void jit_emit_trap_thunks(struct writer *w) {
  emit_trap(w, THUNK_SYSCALL, CAUSE_SYSCALL, PG32_OP_syscall);
  emit_trap(w, THUNK_HCALL, CAUSE_HCALL, PG32_OP_hcall);
  emit_trap(w, THUNK_BREAK, CAUSE_BREAK, PG32_OP_break);
  emit_rfe(w);
  emit_mtst(w);
}

#endif
