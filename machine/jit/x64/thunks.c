/* thunks.c - the code at the beginning of the cache, which is always there: the prologue, by which C enters
 * translated code, the epilogue, by which that returns, and calls of C helpers.
 *
 * Blocks come to a thunk with the canonical register map. */
#include <assert.h>

#include "writer.h"

#if JIT_HOST == JIT_X64

/* ---- helper calls ---- */

/* The host register of g in the canonical map; 0 = none. */
static unsigned canonical_reg(unsigned g) {
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (canonical.holds[h] == g) return host_regs[h];
  return 0;
}
static void spill_canonical(struct writer *w) {
  for (unsigned g = 1; g < 32; g++)
    if (canonical_reg(g)) host_store(w->e, canonical_reg(g), g);
}
static void load_canonical(struct writer *w) {
  for (unsigned g = 1; g < 32; g++)
    if (canonical_reg(g)) host_load(w->e, canonical_reg(g), g);
}

/* Calls helper(m, budget, edx, ecx, eax). */
static void emit_helper_call(struct writer *w, const void *helper) {
  spill_canonical(w);
  x64_op(w->e, MOV, R8, reg(RAX));
  x64_op(w->e, LEA | REX_W, RDI, mem(RBP, -RBP_BIAS));
  x64_op(w->e, MOV | REX_W, RSI, reg(BUDGET));
  x64_mov_imm64(w->e, RAX, (uintptr_t)helper);
  x64_op(w->e, GROUP5, GRP5_CALL, reg(RAX));
}

/* Continues where the struct jit_continuation in rax and rdx says. The return-address stack is emptied,
 * because its landings may be gone. */
static void emit_resume(struct writer *w) {
  x64_op(w->e, MOV | REX_W, RSP, field(offsetof(struct machine, return_stack)));
  x64_op(w->e, MOV | REX_W, BUDGET, reg(RDX));
  x64_op(w->e, MOV | REX_W, TABLES_REG, field(offsetof(struct machine, table)));
  load_canonical(w);
  x64_op(w->e, GROUP5, GRP5_JMP, reg(RAX));
}

/* A thunk that leaves the block. */
static void emit_exit_thunk(struct writer *w, uint32_t n, const void *helper) {
  begin_thunk(w, n);
  emit_helper_call(w, helper);
  emit_resume(w);
}

/* A thunk that is called, and returns into the block if the helper's continuation is NULL. */
static void emit_called_thunk(struct writer *w, uint32_t n, const void *helper) {
  begin_thunk(w, n);
  x64_op_imm(w->e, GRP1_SUB, REX_W, reg(RSP), 8);
  emit_helper_call(w, helper);
  x64_op_imm(w->e, GRP1_ADD, REX_W, reg(RSP), 8);
  x64_op(w->e, TEST | REX_W, RAX, reg(RAX));
  uint8_t *elsewhere = x64_jcc(w->e, CC_NE);
  load_canonical(w);
  x64_ret(w->e);
  x64_bind_here(w->e, elsewhere);
  emit_resume(w);
}

/* ---- prologue and epilogue ---- */

static const uint8_t callee_saved[] = {RBX, RBP, R12, R13, R14, R15};

#define STACK_ENTRY_BYTES 16 /* of the return-address stack: an address of PG32 and one of the host */
#define PADDING 8            /* keeps rsp a multiple of 16 where C is called */

/* The return-address stack has a sentinel below its entries, with the PG32 address 1, to which nothing
 * returns but a jump to a misaligned address. Such a return finds the sentinel: it is given its entry back,
 * and goes to 0, as PG32 ignores the lowest bit of a jump's target. */
static const void *emit_prologue(struct writer *w) {
  struct encoder *e = w->e;
  uint8_t *sentinel = e->p;
  x64_pop(e, RCX);
  x64_op_imm(e, GRP1_SUB, REX_W, reg(RSP), STACK_ENTRY_BYTES);
  begin_thunk(w, THUNK_RETURN);
  x64_op_imm(e, GRP1_AND, 0, reg(RAX), ~1);
  jump_to_thunk(w, THUNK_INDIRECT);
  const void *prologue = w->j->rx + code_offset(e);
  for (size_t i = 0; i < sizeof callee_saved; i++) x64_push(e, callee_saved[i]);
  x64_op_imm(e, GRP1_SUB, REX_W, reg(RSP), PADDING);
  x64_push_imm8(e, 1);
  x64_op(e, LEA | REX_W, RAX, mem_code((int32_t)(sentinel - e->base)));
  x64_push(e, RAX);
  x64_op(e, LEA | REX_W, RBP, mem(RDI, RBP_BIAS));
  x64_op(e, MOV_TO | REX_W, RSP, field(offsetof(struct machine, return_stack)));
  x64_op(e, LEA | REX_W, RAX, mem(RSP, -STACK_ENTRY_BYTES * JIT_RETURN_STACK));
  x64_op(e, MOV_TO | REX_W, RAX, field(offsetof(struct machine, return_stack_limit)));
  x64_op(e, MOV | REX_W, RAX, reg(RDX));
  x64_op(e, MOV | REX_W, RDX, reg(RSI));
  emit_resume(w);
  return prologue;
}

/* The return-address stack is empty. */
static const void *emit_epilogue(struct writer *w) {
  const void *epilogue = w->j->rx + code_offset(w->e);
  spill_canonical(w);
  x64_op_imm(w->e, GRP1_ADD, REX_W, reg(RSP), STACK_ENTRY_BYTES + PADDING);
  for (size_t i = sizeof callee_saved; i-- > 0;) x64_pop(w->e, callee_saved[i]);
  x64_ret(w->e);
  return epilogue;
}

void jit_emit_thunks(struct jit *j) {
  struct encoder e = {.p = j->rw, .base = j->rw};
  struct writer w = {.j = j, .e = &e};
  j->epilogue = emit_epilogue(&w);
  emit_exit_thunk(&w, THUNK_SYSTEM, (const void *)jit_helper_system);
  emit_exit_thunk(&w, THUNK_LINK, (const void *)jit_helper_link);
  emit_exit_thunk(&w, THUNK_INTERPRET, (const void *)jit_helper_interpret);
  begin_thunk(&w, THUNK_INDIRECT);
  j->untranslated = j->rx + code_offset(&e);
  x64_op(&e, MOV, RDX, reg(RAX));
  emit_helper_call(&w, (const void *)jit_helper_indirect);
  emit_resume(&w);
  const void *prologue = emit_prologue(&w);
  memcpy(&j->prologue, &prologue, sizeof prologue);
  begin_thunk(&w, THUNK_LOOKUP);
  jit_emit_lookup_jump(&w);
  emit_called_thunk(&w, THUNK_ACCESS, (const void *)jit_helper_access);
  emit_called_thunk(&w, THUNK_HELPER, (const void *)jit_helper_system);
  emit_called_thunk(&w, THUNK_TLBW, (const void *)jit_helper_tlbw);
  emit_called_thunk(&w, THUNK_TLBI, (const void *)jit_helper_tlbi);
  jit_emit_trap_thunks(&w);
  assert(code_offset(&e) <= JIT_THUNK_BYTES);
}

#endif
