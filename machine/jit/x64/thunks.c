/* thunks.c - x86-64 code that is always there: into translated code, out of it, and calls of C from
 * it. */
#include <assert.h>

#include "writer.h"

#if JIT_HOST

/* ---- thunks ---- */

static void spill(struct writer *w) {
  for (unsigned g = 1; g < 32; g++)
    if (fixed[g]) ins(w, MOV_TO, fixed[g], slot(g));
}
static void reload(struct writer *w) {
  for (unsigned g = 1; g < 32; g++)
    if (fixed[g]) ins(w, MOV, fixed[g], slot(g));
}

/* Calls function(m, left, edx, ecx, eax). */
static void emit_call(struct writer *w, const void *function) {
  spill(w);
  ins(w, MOV, R8, reg(RAX));
  ins(w, LEA | WIDE, RDI, at(RBP, -BIAS));
  ins(w, MOV | WIDE, RSI, reg(LEFT));
  byte(w, 0x48), byte(w, 0xB8); /* mov rax, imm64 */
  quad(w, (uintptr_t)function);
  ins(w, GROUP5, 2, reg(RAX));
}

/* Goes on where a struct jit_go in rax, rdx says, and without records: what they lead to may be gone. */
static void emit_resume(struct writer *w) {
  ins(w, MOV | WIDE, RSP, field(offsetof(struct machine, records)));
  ins(w, MOV | WIDE, LEFT, reg(RDX));
  ins(w, MOV | WIDE, TABLE, field(offsetof(struct machine, table)));
  reload(w);
  ins(w, GROUP5, 4, reg(RAX));
}

static void emit_thunk(struct writer *w, uint32_t n, const void *function) {
  thunk(w, n);
  emit_call(w, function);
  emit_resume(w);
}

/* These are called, and go back if they may. */
static void emit_called_thunk(struct writer *w, uint32_t n, const void *function) {
  thunk(w, n);
  ins_imm(w, G_SUB, WIDE, reg(RSP), 8);
  emit_call(w, function);
  ins_imm(w, G_ADD, WIDE, reg(RSP), 8);
  ins(w, TEST | WIDE, RAX, reg(RAX));
  uint8_t *away = jump_if(w, CC_NE);
  reload(w);
  byte(w, 0xC3);
  aim(away, w->p);
  emit_resume(w);
}

static const uint8_t saved[] = {RBX, RBP, R12, R13, R14, R15};

#define RECORD_BYTES 16 /* of an address of PG32 and one of the host */
#define PAD 8           /* which keeps rsp a multiple of 16 where C is called */

/* Below all records lies one that is no call's: a return to 1 finds it. It goes to 0, and not by a record. */
static const void *emit_enter(struct writer *w) {
  uint8_t *lost = w->p;
  pop(w, RCX);
  ins_imm(w, G_SUB, WIDE, reg(RSP), RECORD_BYTES);
  thunk(w, THUNK_RETURN);
  ins_imm(w, G_AND, 0, reg(RAX), ~1);
  jump_to_thunk(w, THUNK_INDIRECT);
  const void *enter = w->j->rx + offset(w);
  for (size_t i = 0; i < sizeof saved; i++) push(w, saved[i]);
  ins_imm(w, G_SUB, WIDE, reg(RSP), PAD);
  byte(w, 0x6A), byte(w, 1); /* push 1 */
  ins(w, LEA | WIDE, RAX, (struct rm){.memory = true, .code = true, .disp = (int32_t)(lost - w->j->rw)});
  push(w, RAX);
  ins(w, LEA | WIDE, RBP, at(RDI, BIAS));
  ins(w, MOV_TO | WIDE, RSP, field(offsetof(struct machine, records)));
  ins(w, LEA | WIDE, RAX, at(RSP, -RECORD_BYTES * JIT_RECORDS));
  ins(w, MOV_TO | WIDE, RAX, field(offsetof(struct machine, records_end)));
  ins(w, MOV | WIDE, RAX, reg(RDX));
  ins(w, MOV | WIDE, RDX, reg(RSI));
  emit_resume(w);
  return enter;
}

/* rsp is m->records. */
static const void *emit_leave(struct writer *w) {
  const void *leave = w->j->rx + offset(w);
  spill(w);
  ins_imm(w, G_ADD, WIDE, reg(RSP), RECORD_BYTES + PAD);
  for (size_t i = sizeof saved; i-- > 0;) pop(w, saved[i]);
  byte(w, 0xC3);
  return leave;
}

void jit_emit_thunks(struct jit *j) {
  struct writer w = {.j = j, .p = j->rw};
  j->leave = emit_leave(&w);
  emit_thunk(&w, THUNK_OPERATE, (const void *)jit_operate);
  emit_thunk(&w, THUNK_FOLLOW, (const void *)jit_follow);
  emit_thunk(&w, THUNK_INTERPRET, (const void *)jit_interpret);
  thunk(&w, THUNK_INDIRECT);
  j->cold = j->rx + offset(&w);
  ins(&w, MOV, RDX, reg(RAX));
  emit_call(&w, (const void *)jit_indirect);
  emit_resume(&w);
  const void *enter = emit_enter(&w);
  memcpy(&j->enter, &enter, sizeof enter);
  thunk(&w, THUNK_TABLE);
  emit_table_jump(&w);
  emit_called_thunk(&w, THUNK_ACCESS, (const void *)jit_access);
  emit_called_thunk(&w, THUNK_SERVE, (const void *)jit_operate);
  emit_called_thunk(&w, THUNK_TLBW, (const void *)jit_tlbw);
  emit_called_thunk(&w, THUNK_TLBI, (const void *)jit_tlbi);
  jit_emit_trap_thunks(&w);
  assert(offset(&w) <= JIT_THUNK_BYTES);
}

#else

void jit_emit_thunks(struct jit *j) { (void)j; }

#endif
