/* exits.c - how control leaves a block: links to other blocks, side exits, slow paths, and jumps to loop
 * heads.
 *
 * Side exits and slow paths lie after the block's hot path, which therefore is straight-line code. Each of
 * them begins with the register map that was current at the jump to it. */
#include "writer.h"

#if JIT_HOST

/* ---- patching: links are the only code that changes once it is written ---- */

void jit_patch(struct jit *j, uint32_t jump, uint32_t to) {
  jit_code_open(j, jump, jump + HOST_JUMP_BYTES);
  host_patch(j->rw, jump, to);
  jit_code_close(j, jump, jump + HOST_JUMP_BYTES);
}

void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  jit_code_open(j, at, at + HOST_CONSTANT_BYTES);
  host_patch_constant(j->rw + at, (uint32_t)(uintptr_t)page);
  jit_code_close(j, at, at + HOST_CONSTANT_BYTES);
}

/* ---- links ---- */

void jit_emit_link_request(struct writer *w, uint32_t link) {
  host_move_imm(w->e, ARG_PACKED, link);
  jump_to_thunk(w, THUNK_LINK);
}

/* Where the link's jump goes while it has no target block. */
static void emit_stub(struct writer *w, uint32_t link) {
  w->j->links[link].stub = code_offset(w->e);
  jit_regs_to_canonical(w);
  jit_emit_link_request(w, link);
}

uint32_t jit_emit_exit(struct writer *w, uint32_t uncharged, uint32_t target) {
  const uint32_t id = jit_link_new(w->j, target);
  struct jit_link *link = &w->j->links[id];
  uint8_t *spent = NULL, *jump;
  jit_regs_to_canonical(w);
  host_charge(w->e, uncharged);
  if ((target & PAGE_MASK) != w->trace->page->vpage) {
    spent = host_jump_if(w->e, COND_SPENT);
    link->page_check = jit_emit_page_check(w, target, NULL);
    jump = host_jump_far_if(w->e, COND_EQ);
  } else {
    jump = host_jump_far_if(w->e, COND_LEFT);
  }
  link->jump = host_patchable(w->e, jump);
  bind_here(w->e, spent);
  emit_stub(w, id);
  host_bind(jump, w->e->base + link->stub);
  return id;
}

void jit_emit_to_loop_head(struct writer *w) {
  struct jit_trace *t = w->trace;
  const uint32_t id = jit_link_new(w->j, t->target);
  struct jit_link *link = &w->j->links[id];
  jit_regs_to_loop_head(w);
  host_charge(w->e, t->n - w->charged);
  if (t->end == JIT_END_LOOP) {
    host_bind(host_jump_if(w->e, COND_LEFT), w->e->base + t->loop_head);
  } else {
    uint8_t *jump = host_jump_far_if(w->e, COND_LEFT);
    bind_here(w->e, jump);
    link->jump = host_patchable(w->e, jump);
    link->to_loop_head = true;
    link->map = t->loop_map;
    t->loop_link = id;
  }
  emit_stub(w, id);
}

/* A side exit in the same page may become the beginning of a side trace:
 * what that needs is kept in the link. */
void jit_emit_side_exit(struct writer *w, const struct side_exit *x) {
  const bool may_grow = w->trace->depth && (x->target & PAGE_MASK) == w->trace->page->vpage;
  bind_here(w->e, x->branch);
  const uint8_t *diversion = may_grow ? host_diversion(w->e, x->branch) : NULL;
  const uint32_t begin = code_offset(w->e);
  jit_regs_assume(w, &x->map);
  struct jit_link *link = &w->j->links[jit_emit_exit(w, x->uncharged, x->target)];
  if (!may_grow) return;
  link->depth = w->trace->depth;
  link->uncharged = (uint8_t)x->uncharged;
  link->branch = host_patchable(w->e, diversion);
  link->side_exit = begin;
  link->map = jit_regs_without_groups(&x->map);
}

/* ---- slow paths ---- */

void jit_emit_thunk_call(struct writer *w, uint32_t n) { host_bind(host_call(w->e), thunk(w, n)); }

static bool takes_rs2(enum pg32_id id) {
  const enum pg32_shape shape = pg32_row(id)->shape;
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_MARK || shape == PG32_SHAPE_RST;
}

void jit_emit_packed(struct writer *w, const struct jit_step *s, uint32_t uncharged) {
  const struct pg32_insn *i = &s->insn;
  const unsigned a = takes_rs2(i->id) ? i->rs2 : i->rd ? i->rd : X_SINK;
  host_move_imm(w->e, ARG_PC, s->pc);
  host_move_imm(w->e, ARG_PACKED, jit_pack(uncharged, i->id, a, i->rs1));
}

/* Calls the helper, and goes back to the hot path. After the first access of a group that failed its check,
 * that is not possible, because the group's other accesses rely on the check: the block is left. */
static void emit_helper_and_return(struct writer *w, const struct slow_path *p) {
  jit_regs_to_canonical(w);
  jit_emit_packed(w, p->step, p->uncharged);
  jit_emit_thunk_call(w, p->thunk);
  if (p->group_prediction) {
    jit_emit_exit(w, p->uncharged + 1, p->step->pc + 4);
    return;
  }
  jit_regs_reload(w, &p->map);
  host_bind(host_jump(w->e), p->resume);
}

static void emit_helper_and_leave(struct writer *w, const struct slow_path *p) {
  jit_regs_to_canonical(w);
  jit_emit_packed(w, p->step, 0);
  if (p->uncharged) host_charge(w->e, p->uncharged);
  jump_to_thunk(w, p->thunk);
}

void jit_emit_slow_path(struct writer *w, struct slow_path *p) {
  const bool access = p->thunk == THUNK_ACCESS;
  if (p->thunk == THUNK_LOOKUP) return jit_emit_call_slow_paths(w, p);
  if (p->prediction && access) jit_emit_mispredicted_load(w, p);
  for (int k = 0; k < 3; k++) bind_here(w->e, p->entry[k]);
  if (p->group_prediction) jit_emit_group_failure(w, p);
  jit_regs_assume(w, &p->map);
  if (p->thunk == THUNK_INDIRECT) return jit_emit_guard_failure(w, p);
  if (access) jit_emit_address(w, p);
  if (p->thunk == THUNK_MTST) load_guest(w, ARG_IMM, p->step->insn.rs1);
  if (!access && p->resume) host_move_imm(w->e, ARG_IMM, (uint32_t)p->step->insn.imm);
  if (p->resume)
    emit_helper_and_return(w, p);
  else
    emit_helper_and_leave(w, p);
}

#endif
