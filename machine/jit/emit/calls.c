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
 * have dropped blocks, the stack is emptied (emit_resume in the host's thunks.c). Entries outlive changes of
 * context, so that a landing checks by the fetch table that its page is still where it was. */
#include "writer.h"

#if JIT_HOST

static void emit_test_alignment(struct writer *w, struct slow_path *p) {
  p->entry[0] = host_jump_if_any(w->e, SCRATCH, 3);
}

/* Charges for all up to s; with the budget spent, C decides how to continue at the address in SCRATCH. */
static void emit_charge_or_leave(struct writer *w, const struct jit_step *s) {
  host_charge(w->e, uncharged_before(w, s) + 1);
  jump_to_thunk_if(w, COND_SPENT, THUNK_INDIRECT);
}

/* ---- calls that are not inlined ---- */

/* After a call, nothing is known but the canonical map, and all steps so far are charged for. */
static void forget_everything(struct writer *w, uint32_t charged) {
  memset(w->known, 0, sizeof w->known);
  memset(w->aligned, 0, sizeof w->aligned);
  w->charged = charged;
}

/* looked_up: as jit_emit_host_call says. */
static uint8_t *emit_call(struct writer *w, struct slow_path *p, const struct jit_step *s, bool looked_up) {
  uint8_t *call = jit_emit_host_call(w, p, s, looked_up);
  jit_emit_page_check(w, s->pc, w->trace->page);
  p->landing_moved = host_jump_if(w->e, COND_NE);
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
  host_charge(w->e, uncharged_before(w, s) + 1);
  p->entry[0] = host_jump_if(w->e, COND_SPENT);
  if ((link->target & PAGE_MASK) != w->trace->page->vpage) {
    link->page_check = jit_emit_page_check(w, link->target, NULL);
    p->entry[2] = host_jump_if(w->e, COND_NE);
  }
  link->jump = host_patchable(w->e, emit_call(w, p, s, false));
}

/* Three cases: the return-address stack is full, and is emptied; the landing's page is not where it was; the
 * link has no target yet, or the budget is spent. */
void jit_emit_call_slow_paths(struct writer *w, struct slow_path *p) {
  bind_here(w->e, p->entry[1]);
  jit_emit_forget_returns(w);
  host_bind(host_jump(w->e), p->resume);
  bind_here(w->e, p->landing_moved);
  host_move_imm(w->e, SCRATCH, p->step->pc + 4);
  jump_to_thunk(w, THUNK_INDIRECT);
  if (!p->link) return;
  struct jit_link *link = &w->j->links[p->link];
  bind_here(w->e, p->entry[0]);
  bind_here(w->e, p->entry[2]);
  link->stub = code_offset(w->e);
  host_patch(w->e->base, link->jump, link->stub);
  jit_emit_link_request(w, p->link);
}

void jit_emit_jal(struct writer *w, const struct jit_step *s) {
  if (s->out_of_line) return emit_known_call(w, s);
  set_constant(w, s->insn.rd, s->pc + 4);
}

/* ---- inline caches ---- */

static void load_target(struct writer *w, const struct pg32_insn *i) {
  load_guest(w, SCRATCH, i->rs1);
  if (i->imm) host_add(w->e, SCRATCH, i->imm);
}

/* Mispredictions are counted, but for returns. */
static void emit_inline_cache(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const uint32_t expected = s->callee - (uint32_t)i->imm;
  struct slow_path *p = new_slow_path(w, s, THUNK_INDIRECT);
  if (!jit_is_return(i)) p->prediction = jit_prediction_new(w->j);
  p->entry[0] = jit_emit_jump_unless(w, i->rs1, expected);
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
  if (p->prediction) review = jit_emit_count_misprediction(w, p->prediction, true);
  emit_test_alignment(w, &interpret);
  set_constant(w, s->insn.rd, s->pc + 4);
  jit_regs_set_dirty(w, &s->insn);
  jit_regs_to_canonical(w);
  host_charge(w->e, p->uncharged + 1);
  jump_to_thunk_if(w, COND_SPENT, THUNK_INDIRECT);
  jump_to_thunk(w, THUNK_LOOKUP);
  if (p->prediction) {
    bind_here(w->e, review);
    jit_emit_request_review(w, p->prediction);
  }
  jit_emit_slow_path(w, &interpret);
}

/* ---- jumps without a prediction ---- */

static void emit_return(struct writer *w, const struct jit_step *s) {
  load_guest(w, SCRATCH, s->insn.rs1);
  jit_regs_to_canonical(w);
  struct slow_path *p = new_slow_path(w, s, THUNK_INTERPRET);
  jit_emit_host_return(w, uncharged_before(w, s) + 1);
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
  emit_call(w, new_slow_path(w, s, THUNK_LOOKUP), s, true);
}

#endif
