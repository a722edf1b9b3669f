/* thunks.c - the code at the beginning of the cache, which is always there: the prologue, by which C enters
 * translated code, the epilogue, by which that returns, and calls of C helpers (AArch64's procedure call standard).
 *
 * Blocks come to a thunk with the canonical register map. */
#include <assert.h>

#include "writer.h"

#if JIT_HOST == JIT_A64

/* ---- helper calls ---- */

/* The canonical registers to memory, or from there: in pairs, where two places hold neighbours. */
static void emit_canonical(struct writer *w, bool load) {
  for (unsigned h = 0; h < JIT_MAP_REGS; h++) {
    const unsigned g = canonical.holds[h];
    if (!g) continue;
    if (h + 1 < JIT_MAP_REGS && canonical.holds[h + 1] == g + 1) {
      a64_pair(w->e, load, 0, host_regs[h], host_regs[h + 1], MACHINE, (int32_t)g * 4);
      h++;
    } else if (load) {
      host_load(w->e, host_regs[h], g);
    } else {
      host_store(w->e, host_regs[h], g);
    }
  }
}

/* Calls helper(m, budget, ARG_PC, ARG_PACKED, ARG_IMM). */
static void emit_helper_call(struct writer *w, const void *helper) {
  emit_canonical(w, false);
  a64_mov(w->e, WIDE, 0, MACHINE);
  a64_mov(w->e, WIDE, 1, BUDGET);
  a64_mov_imm64(w->e, TEMP, (uintptr_t)helper);
  a64_blr(w->e, TEMP);
}

/* Continues where the struct jit_continuation in x0 and x1 says. The return-address stack is emptied,
 * because its landings may be gone. */
static void emit_resume(struct writer *w) {
  jit_emit_forget_returns(w);
  a64_mov(w->e, WIDE, BUDGET, 1);
  load_field(w, SIZE_64, LOADS, offsetof(struct machine, table));
  jit_emit_table_registers(w);
  emit_canonical(w, true);
  a64_br(w->e, 0);
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
  a64_push(w->e, LR, ZR, 16);
  emit_helper_call(w, helper);
  a64_pop(w->e, LR, ZR, 16);
  uint8_t *elsewhere = a64_cbnz(w->e, WIDE, 0);
  emit_canonical(w, true);
  a64_ret(w->e, LR);
  bind_here(w->e, elsewhere);
  emit_resume(w);
}

/* ---- prologue and epilogue ---- */

/* Pairs that C wants preserved, beside the frame pointer and x30. */
static const uint8_t callee_saved[][2] = {{19, 20}, {21, 22}, {23, 24}, {25, 26}, {27, 28}};
#define SAVED_PAIRS (sizeof callee_saved / sizeof callee_saved[0])
#define FRAME_POINTER 29
#define FRAME_BYTES (16 * (1 + (unsigned)SAVED_PAIRS))
#define STACK_ENTRY_BYTES 16 /* of the return-address stack: an address of PG32 and one of the host */

/* The return-address stack has a sentinel below its entries, with the PG32 address 1, to which nothing
 * returns but a jump to a misaligned address. Such a return finds the sentinel: it is given its entry back,
 * and goes to 0, as PG32 ignores the lowest bit of a jump's target. */
static const void *emit_prologue(struct writer *w) {
  struct encoder *e = w->e;
  const uint32_t sentinel = code_offset(e);
  a64_rri(e, SUB_IMM | WIDE, SP, SP, STACK_ENTRY_BYTES);
  begin_thunk(w, THUNK_RETURN);
  a64_rr_mask(e, AND_MASK, SCRATCH, SCRATCH, ~1u);
  jump_to_thunk(w, THUNK_INDIRECT);
  const void *prologue = w->j->rx + code_offset(e);
  a64_push(e, FRAME_POINTER, LR, FRAME_BYTES);
  a64_rri(e, ADD_IMM | WIDE, FRAME_POINTER, SP, 0);
  for (size_t i = 0; i < SAVED_PAIRS; i++)
    a64_pair(e, false, WIDE, callee_saved[i][0], callee_saved[i][1], SP, 16 * ((int32_t)i + 1));
  a64_mov(e, WIDE, MACHINE, 0);
  a64_mov_imm(e, TEMP2, 1);
  a64_adr(e, TEMP, (int32_t)(sentinel - code_offset(e)));
  a64_push(e, TEMP, TEMP2, STACK_ENTRY_BYTES);
  a64_rri(e, ADD_IMM | WIDE, TEMP, SP, 0);
  store_field(w, SIZE_64, TEMP, offsetof(struct machine, return_stack));
  a64_add(e, WIDE, TEMP, TEMP, -STACK_ENTRY_BYTES * JIT_RETURN_STACK);
  store_field(w, SIZE_64, TEMP, offsetof(struct machine, return_stack_limit));
  a64_mov(e, WIDE, 0, 2);
  emit_resume(w);
  return prologue;
}

/* The return-address stack is empty. */
static const void *emit_epilogue(struct writer *w) {
  const void *epilogue = w->j->rx + code_offset(w->e);
  emit_canonical(w, false);
  a64_rri(w->e, ADD_IMM | WIDE, SP, SP, STACK_ENTRY_BYTES);
  for (size_t i = 0; i < SAVED_PAIRS; i++)
    a64_pair(w->e, true, WIDE, callee_saved[i][0], callee_saved[i][1], SP, 16 * ((int32_t)i + 1));
  a64_pop(w->e, FRAME_POINTER, LR, FRAME_BYTES);
  a64_ret(w->e, LR);
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
  a64_mov(&e, 0, ARG_PC, SCRATCH);
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
