/* calls.c - calls, returns, and other indirect jumps.
 *
 * A call that the trace does not inline goes to its callee by a host call, and the trace continues after it,
 * at the call's landing. The host's stack is thereby a return-address stack (as the hardware of a CPU has
 * one): each entry has 16 bytes, PG32's return address above the host's address of the landing. A PG32 return
 * whose target is the topmost entry's is a host `ret`, which the host predicts. Any other return leaves the
 * stack as it is and looks its target up in the fetch table, as do indirect jumps that are no returns.
 *
 * A jump whose target is predicted has an inline cache: a guard that compares the target with the prediction.
 * After the guard the trace continues at the target, or calls it. (Inline caches: Deutsch and Schiffman,
 * 1984; in a tracing translator: Dynamo, 2000.)
 *
 * Maintains: each entry of the return-address stack leads to a landing of a block that exists. Where C may
 * have dropped blocks, the stack is emptied (emit_resume in thunks.c). Entries outlive changes of context, so
 * that a landing checks by the fetch table that its page is still where it was. */
#include "writer.h"

#if JIT_HOST

static void emit_test_alignment(struct writer *w, struct slow_path *p) {
  x64_test_imm8(w->e, reg(RAX), 3);
  p->entry[0] = x64_jcc(w->e, CC_NE);
}

/* Charges for all up to s; with the budget spent, C decides how to continue at eax. */
static void emit_charge_or_leave(struct writer *w, const struct jit_step *s) {
  charge(w, uncharged_before(w, s) + 1);
  jump_to_thunk_if(w, CC_S, THUNK_INDIRECT);
}

/* ---- calls that are not inlined ---- */

/* After a call, nothing is known but the canonical map, and all steps so far are charged for. */
static void forget_everything(struct writer *w, uint32_t charged) {
  memset(w->known, 0, sizeof w->known);
  memset(w->aligned, 0, sizeof w->aligned);
  w->charged = charged;
}

/* The host call of step s, and its landing. looked_up: the callee is the block that emit_lookup found; else
 * the result is the fixup for it. */
static uint8_t *emit_host_call(struct writer *w, struct slow_path *p, const struct jit_step *s,
                               bool looked_up) {
  struct encoder *e = w->e;
  uint8_t *call = NULL;
  x64_op(e, CMP | REX_W, RSP, field(offsetof(struct machine, return_stack_limit)));
  p->entry[1] = x64_jcc(e, CC_BE);
  p->resume = e->p;
  x64_push_imm32(e, s->pc + 4);
  if (looked_up)
    x64_op(e, GROUP5, GRP5_CALL, mem_index(RCX, RDX, 1, 0));
  else
    call = x64_call(e);
  x64_pop(e, RCX);
  jit_emit_page_check(w, s->pc, w->trace->page);
  p->landing_moved = x64_jcc(e, CC_NE);
  forget_everything(w, step_index(w, s) + 1);
  return call;
}

static void emit_known_call(struct writer *w, const struct jit_step *s) {
  const uint32_t id = jit_link_new(w->j, s->callee);
  struct jit_link *link = &w->j->links[id];
  set_constant(w, s->insn.rd, s->pc + 4);
  jit_regs_set_dirty(w, &s->insn);
  jit_regs_to_canonical(w);
  struct slow_path *p = new_slow_path(w, s, THUNK_LOOKUP);
  p->link = id;
  charge(w, uncharged_before(w, s) + 1);
  p->entry[0] = x64_jcc(w->e, CC_S);
  if ((link->target & PAGE_MASK) != w->trace->page->vpage) {
    link->page_check = jit_emit_page_check(w, link->target, NULL);
    p->entry[2] = x64_jcc(w->e, CC_NE);
  }
  uint8_t *call = emit_host_call(w, p, s, false);
  link->jump = (uint32_t)(call - w->e->base) - 4;
}

/* Three cases: the return-address stack is full, and is emptied; the landing's page is not where it was; the
 * link has no target yet, or the budget is spent. */
void jit_emit_call_slow_paths(struct writer *w, struct slow_path *p) {
  x64_bind_here(w->e, p->entry[1]);
  x64_op(w->e, MOV | REX_W, RSP, field(offsetof(struct machine, return_stack)));
  x64_bind(x64_jmp(w->e), p->resume);
  x64_bind_here(w->e, p->landing_moved);
  x64_mov_imm(w->e, RAX, p->step->pc + 4);
  jump_to_thunk(w, THUNK_INDIRECT);
  if (!p->link) return;
  struct jit_link *link = &w->j->links[p->link];
  x64_bind_here(w->e, p->entry[0]);
  x64_bind_here(w->e, p->entry[2]);
  link->stub = x64_offset(w->e);
  jit_patch(w->j, link->jump, link->stub);
  jit_emit_link_request(w, p->link);
}

void jit_emit_jal(struct writer *w, const struct jit_step *s) {
  if (s->out_of_line) return emit_known_call(w, s);
  set_constant(w, s->insn.rd, s->pc + 4);
}

/* ---- the fetch table ---- */

/* rcx = the page of blocks (struct jit_page) that eax leads to, rdx = half of the offset in its entry[]. */
static void emit_lookup(struct writer *w) {
  const int32_t table = (int32_t)(TABLE_FETCH * TABLE_ENTRIES * sizeof(uint64_t));
  emit_page_number(w, RAX);
  x64_op(w->e, MOV | REX_W, RCX, mem_index(TABLES_REG, RCX, 3, table));
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  jump_to_thunk_if(w, CC_E, THUNK_INDIRECT);
  x64_op(w->e, MOV, RDX, reg(RAX));
  x64_op_imm(w->e, GRP1_AND, 0, reg(RDX), PAGE_SIZE - 4);
}

void jit_emit_lookup_jump(struct writer *w) {
  emit_lookup(w);
  x64_op(w->e, GROUP5, GRP5_JMP, mem_index(RCX, RDX, 1, 0));
}

/* ---- inline caches ---- */

static void load_target(struct writer *w, const struct pg32_insn *i) {
  load_guest(w, RAX, i->rs1);
  if (i->imm) x64_op_imm(w->e, GRP1_ADD, 0, reg(RAX), i->imm);
}

/* Mispredictions are counted, but for returns. */
static void emit_inline_cache(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const uint32_t expected = s->callee - (uint32_t)i->imm;
  struct slow_path *p = new_slow_path(w, s, THUNK_INDIRECT);
  if (!jit_is_return(i)) p->prediction = jit_prediction_new(w->j);
  x64_op_imm(w->e, GRP1_CMP, 0, guest(w, i->rs1), (int32_t)expected);
  p->entry[0] = x64_jcc(w->e, CC_NE);
  learn_value(w, i->rs1, expected);
  jit_emit_jal(w, s);
}

/* Goes by the fetch table. Left to the interpreter: a misaligned target, which faults, and the review of the
 * prediction. */
void jit_emit_guard_failure(struct writer *w, struct slow_path *p) {
  const struct jit_step *s = p->step;
  struct slow_path interpret = {
      .step = s, .uncharged = p->uncharged, .map = p->map, .thunk = THUNK_INTERPRET};
  uint8_t *review = NULL;
  load_target(w, &s->insn);
  if (p->prediction) review = emit_count_misprediction(w, p->prediction, CC_S);
  emit_test_alignment(w, &interpret);
  set_constant(w, s->insn.rd, s->pc + 4);
  jit_regs_set_dirty(w, &s->insn);
  jit_regs_to_canonical(w);
  charge(w, p->uncharged + 1);
  jump_to_thunk_if(w, CC_S, THUNK_INDIRECT);
  jump_to_thunk(w, THUNK_LOOKUP);
  if (p->prediction) {
    x64_bind_here(w->e, review);
    emit_request_review(w, p->prediction);
  }
  jit_emit_slow_path(w, &interpret);
}

/* ---- jumps without a prediction ---- */

static void emit_return(struct writer *w, const struct jit_step *s) {
  load_guest(w, RAX, s->insn.rs1);
  jit_regs_to_canonical(w);
  struct slow_path *p = new_slow_path(w, s, THUNK_INTERPRET);
  x64_op(w->e, CMP, RAX, mem(RSP, 8));
  uint8_t *elsewhere = x64_jcc_short(w->e, CC_NE);
  charge(w, uncharged_before(w, s) + 1);
  jump_to_thunk_if(w, CC_S, THUNK_RETURN);
  x64_ret(w->e);
  x64_bind_short_here(w->e, elsewhere);
  emit_test_alignment(w, p);
  emit_charge_or_leave(w, s);
  jit_emit_lookup_jump(w);
}

void jit_emit_jalr(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  if (s->predicted) return emit_inline_cache(w, s);
  if (s->taken) return jit_emit_jal(w, s);
  if (jit_is_return(i)) return emit_return(w, s);
  struct slow_path *p = new_slow_path(w, s, THUNK_INTERPRET);
  load_target(w, i);
  emit_test_alignment(w, p);
  set_constant(w, i->rd, s->pc + 4);
  jit_regs_set_dirty(w, i);
  jit_regs_to_canonical(w);
  emit_charge_or_leave(w, s);
  if (!s->out_of_line) return jit_emit_lookup_jump(w);
  emit_lookup(w);
  emit_host_call(w, new_slow_path(w, s, THUNK_LOOKUP), s, true);
}

#endif
