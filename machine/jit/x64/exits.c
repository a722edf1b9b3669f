/* exits.c - how control leaves a block: links to other blocks, side exits, slow paths, and jumps to loop
 * heads.
 *
 * Side exits and slow paths lie after the block's hot path, which therefore is straight-line code. Each of
 * them begins with the register map that was current at the jump to it. */
#include "writer.h"

#if JIT_HOST

/* ---- patching: links are the only code that changes once it is written ---- */

void jit_patch(struct jit *j, uint32_t jump, uint32_t to) {
  const uint32_t displacement = to - (jump + 4);
  memcpy(j->rw + jump, &displacement, sizeof displacement);
}

void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  const uint32_t id = (uint32_t)(uintptr_t)page;
  memcpy(j->rw + at, &id, sizeof id);
}

/* ---- links ---- */

uint32_t jit_emit_page_check(struct writer *w, uint32_t va, const struct jit_page *page) {
  const uint32_t entry = (TABLE_FETCH * TABLE_ENTRIES + (va >> PAGE_SHIFT)) * sizeof(uint64_t);
  x64_cmp_imm32(w->e, mem(TABLES_REG, (int32_t)entry), (uint32_t)(uintptr_t)page);
  return x64_offset(w->e) - 4;
}

void jit_emit_link_request(struct writer *w, uint32_t link) {
  x64_mov_imm(w->e, RCX, link);
  jump_to_thunk(w, THUNK_LINK);
}

/* Where the link's jump goes while it has no target block. */
static void emit_stub(struct writer *w, uint32_t link) {
  w->j->links[link].stub = x64_offset(w->e);
  jit_regs_to_canonical(w);
  jit_emit_link_request(w, link);
}

uint32_t jit_emit_exit(struct writer *w, uint32_t uncharged, uint32_t target) {
  const uint32_t id = jit_link_new(w->j, target);
  struct jit_link *link = &w->j->links[id];
  uint8_t *spent = NULL;
  jit_regs_to_canonical(w);
  charge(w, uncharged);
  if ((target & PAGE_MASK) != w->trace->page->vpage) {
    spent = x64_jcc(w->e, CC_S);
    link->page_check = jit_emit_page_check(w, target, NULL);
    x64_jcc(w->e, CC_E);
  } else {
    x64_jcc(w->e, CC_NS);
  }
  link->jump = x64_offset(w->e) - 4;
  x64_bind_here(w->e, spent);
  emit_stub(w, id);
  return id;
}

void jit_emit_to_loop_head(struct writer *w) {
  struct jit_trace *t = w->trace;
  const uint32_t id = jit_link_new(w->j, t->target);
  struct jit_link *link = &w->j->links[id];
  jit_regs_to_loop_head(w);
  charge(w, t->n - w->charged);
  uint8_t *jump = x64_jcc(w->e, CC_NS);
  if (t->end == JIT_END_LOOP) {
    x64_bind(jump, w->e->base + t->loop_head);
  } else {
    x64_bind_here(w->e, jump);
    link->jump = x64_offset(w->e) - 4;
    link->to_loop_head = true;
    link->map = t->loop_map;
    t->loop_link = id;
  }
  emit_stub(w, id);
}

/* A side exit in the same page may become the beginning of a side trace:
 * what that needs is kept in the link. */
void jit_emit_side_exit(struct writer *w, const struct side_exit *x) {
  const uint32_t begin = x64_offset(w->e);
  x64_bind_here(w->e, x->branch);
  jit_regs_assume(w, &x->map);
  struct jit_link *link = &w->j->links[jit_emit_exit(w, x->uncharged, x->target)];
  if (!w->trace->depth || (x->target & PAGE_MASK) != w->trace->page->vpage) return;
  link->depth = w->trace->depth;
  link->uncharged = (uint8_t)x->uncharged;
  link->branch = (uint32_t)(x->branch - w->e->base) - 4;
  link->side_exit = begin;
  link->map = jit_regs_without_groups(&x->map);
}

/* ---- slow paths ---- */

void jit_emit_thunk_call(struct writer *w, uint32_t n) { x64_bind(x64_call(w->e), thunk(w, n)); }

static bool takes_rs2(enum pg32_id id) {
  const enum pg32_shape shape = pg32_row(id)->shape;
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_MARK || shape == PG32_SHAPE_RST;
}

void jit_emit_packed(struct writer *w, const struct jit_step *s, uint32_t uncharged) {
  const struct pg32_insn *i = &s->insn;
  const unsigned a = takes_rs2(i->id) ? i->rs2 : i->rd ? i->rd : X_SINK;
  x64_mov_imm(w->e, RDX, s->pc);
  x64_mov_imm(w->e, RCX, jit_pack(uncharged, i->id, a, i->rs1));
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
  x64_bind(x64_jmp(w->e), p->resume);
}

static void emit_helper_and_leave(struct writer *w, const struct slow_path *p) {
  jit_regs_to_canonical(w);
  jit_emit_packed(w, p->step, 0);
  if (p->uncharged) charge(w, p->uncharged);
  jump_to_thunk(w, p->thunk);
}

void jit_emit_slow_path(struct writer *w, struct slow_path *p) {
  const bool access = p->thunk == THUNK_ACCESS;
  if (p->thunk == THUNK_LOOKUP) return jit_emit_call_slow_paths(w, p);
  if (p->prediction && access) jit_emit_mispredicted_load(w, p);
  for (int k = 0; k < 3; k++) x64_bind_here(w->e, p->entry[k]);
  if (p->group_prediction) jit_emit_group_failure(w, p);
  jit_regs_assume(w, &p->map);
  if (p->thunk == THUNK_INDIRECT) return jit_emit_guard_failure(w, p);
  if (access) jit_emit_address(w, p);
  if (p->thunk == THUNK_MTST) load_guest(w, RAX, p->step->insn.rs1);
  if (!access && p->resume) x64_mov_imm(w->e, RAX, (uint32_t)p->step->insn.imm);
  if (p->resume)
    emit_helper_and_return(w, p);
  else
    emit_helper_and_leave(w, p);
}

#else /* jit_new refuses, so that none of these is ever called */

void jit_patch(struct jit *j, uint32_t jump, uint32_t to) { (void)j, (void)jump, (void)to; }
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  (void)j, (void)at, (void)page;
}

#endif
