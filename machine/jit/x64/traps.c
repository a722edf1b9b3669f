/* traps.c - system calls, rfe and mtst in translated code, where nobody need be told.
 *
 * What machine_cpu_trap and machine_cpu_rfe do (cpu.c), mtst (insns.h), and settle and budget (engine.h), once more and by
 * hand, for they are most of what a trap costs. Whatever is unusual goes to jit_operate: m->low_core is NULL
 * then (jit.c). The budget is not looked at afresh: what is left of the one at hand will do, less what rfe
 * lets interrupt. */
#include "writer.h"

#if JIT_HOST

#define LOW TABLE /* while a thunk looks for the next table: RAM, where low core is */

/* From here on, rax, rcx and rdx are free: jit_operate, which takes them, is out of the question. */
static void leave_if_unusual(struct writer *w) {
  ins(w, MOV | WIDE, LOW, field(offsetof(struct machine, low_core)));
  ins(w, TEST | WIDE, LOW, reg(LOW));
  aim(jump_if(w, CC_E), w->j->rw + w->j->thunk[THUNK_OPERATE]);
}

static void set_low_core(struct writer *w, int32_t where, uint32_t value) {
  ins(w, 0xC7, 0, at(LOW, where));
  word(w, value);
}

static void find_run(struct writer *w, unsigned r) {
  ins(w, MOV | WIDE, r, field(offsetof(struct machine, jit)));
  ins(w, MOV | WIDE, r, at(r, offsetof(struct jit, run)));
}

/* Goes on at eax in the context whose tables are `context` (a register, or 0) behind the first. */
static void go_to_context(struct writer *w, unsigned context) {
  const uint8_t *indirect = w->j->rw + w->j->thunk[THUNK_INDIRECT];
  byte(w, 0x49), byte(w, 0xB8 | (TABLE & 7)); /* mov TABLE, imm64 */
  quad(w, (uintptr_t)w->j->tables.entry);
  if (context) ins(w, ADD | WIDE, TABLE, reg(context));
  ins(w, MOV_TO | WIDE, TABLE, field(offsetof(struct machine, table)));
  ins(w, TEST | WIDE, LEFT, reg(LEFT));
  aim(jump_if(w, CC_S), indirect);
  ins(w, 0xF6, 0, reg(RAX));
  byte(w, 3);
  aim(jump_if(w, CC_NE), indirect);
  ins(w, MOV, RCX, reg(RAX));
  ins(w, SHIFT, S_SHR, reg(RCX));
  byte(w, PAGE_SHIFT);
  ins(w, MOV | WIDE, RCX, indexed(TABLE, RCX, 3, (int32_t)(TABLE_FETCH * TABLE_ENTRIES * sizeof(uint64_t))));
  ins(w, TEST | WIDE, RCX, reg(RCX));
  aim(jump_if(w, CC_E), indirect);
  ins(w, MOV, RDX, reg(RAX));
  ins_imm(w, G_AND, 0, reg(RDX), PAGE_SIZE - 4);
  ins(w, GROUP5, 4, indexed(RCX, RDX, 1, 0));
}

/* A trap by an instruction that retires, at edx. */
static void emit_trap(struct writer *w, uint32_t n, uint32_t cause, uint32_t opcode) {
  thunk(w, n);
  leave_if_unusual(w);
  ins_imm(w, G_ADD, 0, reg(RDX), 4);
  ins(w, MOV_TO, RDX, at(LOW, LC_PC));
  ins(w, MOV, RDX, field(offsetof(struct machine, status)));
  ins(w, MOV_TO, RDX, at(LOW, LC_STATUS));
  ins_imm(w, G_AND, 0, reg(RDX), ST_ASID_MASK);
  ins(w, MOV_TO, RDX, field(offsetof(struct machine, status)));
  set_low_core(w, LC_CAUSE, cause);
  set_low_core(w, LC_BADVA, 0);
  set_low_core(w, LC_BADINST, opcode << 25);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), 1);
  find_run(w, RDX);
  ins(w, MOV | WIDE, RDX, at(RDX, offsetof(struct run, budget)));
  ins(w, SUB | WIDE, RDX, reg(LEFT));
  ins_imm(w, G_SUB, WIDE, reg(RDX), JIT_MOST); /* used since the run was settled, as it stays */
  ins(w, XOR, RAX, reg(RAX));
  ins(w, MOV, RCX, field(offsetof(struct machine, timer)));
  ins(w, SUB, RCX, reg(RDX));
  ins(w, CMOV | CC_B, RCX, reg(RAX));
  ins(w, MOV_TO, RCX, at(LOW, LC_TIMER));
  ins(w, ADD | WIDE, RDX, field(offsetof(struct machine, tick)));
  ins(w, SUB | WIDE, RDX, field(offsetof(struct machine, skipped)));
  ins(w, MOV_TO | WIDE, RDX, field(offsetof(struct machine, last_trap)));
  ins(w, MOV, RAX, at(LOW, LC_VECTOR));
  go_to_context(w, 0);
}

/* rcx, the budget, is cut to rdx if that is less. */
static void cut_budget(struct writer *w) {
  ins(w, CMP | WIDE, RDX, reg(RCX));
  ins(w, CMOV | CC_B | WIDE, RCX, reg(RDX));
}

/* With interrupts on there is none to take before TIMER ends or a device is to be asked; one that is due
 * leaves no budget, and so goes to at_boundary. edx = TIMER. */
static void cut_budget_to_interrupts(struct writer *w) {
  cut_budget(w);
  ins(w, MOV | WIDE, RDX, field(offsetof(struct machine, quiet)));
  ins(w, SUB | WIDE, RDX, field(offsetof(struct machine, tick)));
  uint8_t *later = jump_if(w, CC_AE);
  ins(w, XOR, RDX, reg(RDX));
  aim(later, w->p);
  cut_budget(w);
  ins(w, LEA | WIDE, LEFT, at(RCX, -JIT_MOST));
}

/* From the status in edx, rcx: how far behind the first its context's tables are. */
static void find_context(struct writer *w) {
  ins(w, XOR, RCX, reg(RCX));
  ins(w, 0xF6, 0, reg(RDX));
  byte(w, ST_T);
  uint8_t *untranslated = jump_if(w, CC_E);
  ins(w, MOV, RCX, reg(RDX));
  ins(w, SHIFT, S_SHR, reg(RCX));
  byte(w, ST_ASID_SHIFT);
  ins_imm(w, G_ADD, 0, reg(RCX), 1);
  ins(w, 0x69 | WIDE, RCX, reg(RCX)); /* imul rcx, rcx, imm32 */
  word(w, (uint32_t)(TABLES * TABLE_ENTRIES * sizeof(uint64_t)));
  aim(untranslated, w->p);
}

/* Counts the present instruction, and m->tick on to behind it. Leaves the run in rax, its budget, not yet
 * stored, in rcx, and in rdx what was used of the old one. */
static void settle_and_retire(struct writer *w) {
  ins_imm(w, G_SUB, WIDE, reg(LEFT), 1);
  find_run(w, RAX);
  ins(w, LEA | WIDE, RCX, at(LEFT, JIT_MOST));
  ins(w, MOV | WIDE, RDX, at(RAX, offsetof(struct run, budget)));
  ins(w, SUB | WIDE, RDX, reg(RCX));
  ins(w, ADD_TO | WIDE, RDX, field(offsetof(struct machine, tick)));
}

/* After that: `status` is the new one; edx = TIMER. */
static void set_budget(struct writer *w, struct rm status) {
  ins(w, 0xF6, 0, status);
  byte(w, ST_IE);
  uint8_t *off = jump_if(w, CC_E);
  cut_budget_to_interrupts(w);
  aim(off, w->p);
  ins(w, MOV_TO | WIDE, RCX, at(RAX, offsetof(struct run, budget)));
}

static void unless_kernel_mode(struct writer *w, uint32_t thunk) {
  ins(w, 0xF6, 0, field(offsetof(struct machine, status)));
  byte(w, ST_U);
  aim(jump_if(w, CC_NE), w->j->rw + w->j->thunk[thunk]);
}

static void emit_rfe(struct writer *w) {
  thunk(w, THUNK_RFE);
  unless_kernel_mode(w, THUNK_OPERATE);
  leave_if_unusual(w);
  settle_and_retire(w);
  ins(w, MOV, RDX, at(LOW, LC_TIMER));
  ins(w, MOV_TO, RDX, field(offsetof(struct machine, timer)));
  set_budget(w, at(LOW, LC_STATUS));
  ins(w, MOV, RDX, at(LOW, LC_STATUS));
  ins_imm(w, G_AND, 0, reg(RDX), ST_MASK);
  ins(w, MOV_TO, RDX, field(offsetof(struct machine, status)));
  ins(w, MOV, RAX, at(LOW, LC_PC));
  find_context(w);
  go_to_context(w, RCX);
}

/* At edx, of eax. Nobody is told, so that no case is unusual. */
static void emit_mtst(struct writer *w) {
  const unsigned timer = TABLE;
  thunk(w, THUNK_MTST);
  unless_kernel_mode(w, THUNK_OPERATE);
  ins_imm(w, G_ADD, 0, reg(RDX), 4);
  ins(w, MOV_TO, RDX, field(offsetof(struct machine, pc)));
  ins_imm(w, G_AND, 0, reg(RAX), ST_MASK);
  ins(w, MOV_TO, RAX, field(offsetof(struct machine, status)));
  settle_and_retire(w);
  ins(w, MOV, timer, field(offsetof(struct machine, timer)));
  ins(w, SUB, timer, reg(RDX));
  uint8_t *later = jump_if(w, CC_AE);
  ins(w, XOR, timer, reg(timer));
  aim(later, w->p);
  ins(w, MOV_TO, timer, field(offsetof(struct machine, timer)));
  ins(w, MOV, RDX, reg(timer));
  set_budget(w, field(offsetof(struct machine, status)));
  ins(w, MOV, RDX, field(offsetof(struct machine, status)));
  ins(w, MOV, RAX, field(offsetof(struct machine, pc)));
  find_context(w);
  go_to_context(w, RCX);
}

void jit_emit_trap_thunks(struct writer *w) {
  emit_trap(w, THUNK_SYSCALL, CAUSE_SYSCALL, PG32_OP_syscall);
  emit_trap(w, THUNK_HCALL, CAUSE_HCALL, PG32_OP_hcall);
  emit_trap(w, THUNK_BREAK, CAUSE_BREAK, PG32_OP_break);
  emit_rfe(w);
  emit_mtst(w);
}

#endif
