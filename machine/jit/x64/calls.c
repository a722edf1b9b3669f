/* calls.c - calls, returns, and other indirect jumps.
 *
 * A call of what is not in the trace is recorded on the host's own stack, by a host call: 8 bytes with PG32's
 * return address, and below them the host's, of the landing behind the call, where the trace goes on. A
 * return that finds its address in the topmost record is a host `ret`, which the host foresees. One that does
 * not leaves the records alone and looks its target up in the tables, as do jumps that are no returns.
 *
 * Where a jump is expected to go (jit_hint), the trace goes on there, or calls that, behind a comparison.
 *
 * Invariant: each record leads to a landing of a block that exists. Wherever C was that could drop blocks,
 * records are forgotten (emit_resume). They outlive changes of context, so a landing asks the fetch table
 * whether its page is still where it was. */
#include "writer.h"

#if JIT_HOST

static uint8_t *jump_short_if(struct writer *w, unsigned cc) {
  byte(w, 0x70 | cc);
  byte(w, 0);
  return w->p;
}
static void aim_short(uint8_t *from, const uint8_t *to) { from[-1] = (uint8_t)(to - from); }

/* From here on the trace knows of nothing but what is so between blocks. */
static void forget_all(struct writer *w, uint32_t paid) {
  memset(w->known, 0, sizeof w->known);
  memset(w->aligned, 0, sizeof w->aligned);
  w->paid = paid;
}

/* The call itself, and where its return lands; it is to what emit_find_block found, or yet to be aimed. The
 * aside is for what is seldom. */
static uint8_t *emit_record(struct writer *w, struct aside *a, const struct jit_step *s, bool found) {
  ins(w, CMP | WIDE, RSP, field(offsetof(struct machine, records_end)));
  a->from[1] = jump_if(w, CC_BE);
  a->back = w->p;
  byte(w, 0x68); /* push imm32 */
  word(w, s->pc + 4);
  if (found) {
    ins(w, GROUP5, G5_CALL, indexed(RCX, RDX, 1, 0));
  } else {
    byte(w, 0xE8); /* call */
    word(w, 0);
  }
  uint8_t *call = w->p;
  pop(w, RCX);
  emit_compare_page(w, s->pc, w->trace->page);
  a->wrong = jump_if(w, CC_NE);
  forget_all(w, (uint32_t)(s - w->trace->step) + 1);
  return call;
}

static void pay(struct writer *w, const struct jit_step *s) {
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)(done_before(w, s) + 1));
}

static void emit_known_call(struct writer *w, const struct jit_step *s) {
  const uint32_t id = jit_link_new(w->j, s->callee);
  struct jit_link *link = &w->j->links[id];
  set_known(w, s->insn.rd, s->pc + 4);
  places_wrote(w, &s->insn);
  places_leave(w);
  struct aside *a = new_aside(w, s, THUNK_TABLE);
  a->link = id;
  pay(w, s);
  a->from[0] = jump_if(w, CC_S);
  if ((link->target & PAGE_MASK) != w->trace->page->vpage) {
    link->page = emit_compare_page(w, link->target, NULL);
    a->from[2] = jump_if(w, CC_NE);
  }
  uint8_t *call = emit_record(w, a, s, false);
  link->site = (uint32_t)(call - w->j->rw) - 4;
}

/* Behind the block, of a call: too many records; a landing where the page is not what it was; not linked. */
void emit_call_aside(struct writer *w, struct aside *a) {
  aim(a->from[1], w->p);
  ins(w, MOV | WIDE, RSP, field(offsetof(struct machine, records)));
  aim(jump(w), a->back);
  aim(a->wrong, w->p);
  move_imm(w, RAX, a->step->pc + 4);
  jump_to_thunk(w, THUNK_INDIRECT);
  if (!a->link) return;
  struct jit_link *link = &w->j->links[a->link];
  aim(a->from[0], w->p);
  aim(a->from[2], w->p);
  link->stub = offset(w);
  jit_patch(w->j, link->site, link->stub);
  emit_follow(w, a->link);
}

void emit_link(struct writer *w, const struct jit_step *s) {
  if (s->leaves) return emit_known_call(w, s);
  set_known(w, s->insn.rd, s->pc + 4);
}

/* The blocks where eax leads to, in rcx, and a half of where in its table, in rdx. */
static void emit_find_block(struct writer *w) {
  emit_page_number(w, RAX);
  ins(w, MOV | WIDE, RCX, indexed(TABLE, RCX, 3, (int32_t)(TABLE_FETCH * TABLE_ENTRIES * sizeof(uint64_t))));
  ins(w, TEST | WIDE, RCX, reg(RCX));
  aim(jump_if(w, CC_E), w->j->rw + w->j->thunk[THUNK_INDIRECT]);
  ins(w, MOV, RDX, reg(RAX));
  ins_imm(w, G_AND, 0, reg(RDX), PAGE_SIZE - 4);
}

void emit_table_jump(struct writer *w) {
  emit_find_block(w);
  ins(w, GROUP5, G5_JUMP, indexed(RCX, RDX, 1, 0));
}

static void test_alignment(struct writer *w, struct aside *a) {
  ins(w, 0xF6, 0, reg(RAX));
  byte(w, 3);
  a->from[0] = jump_if(w, CC_NE);
}

static void pay_or_leave(struct writer *w, const struct jit_step *s) {
  pay(w, s);
  aim(jump_if(w, CC_S), w->j->rw + w->j->thunk[THUNK_INDIRECT]);
}

static void emit_return(struct writer *w, const struct jit_step *s) {
  load_guest(w, RAX, s->insn.rs1);
  places_leave(w);
  struct aside *a = new_aside(w, s, THUNK_INTERPRET);
  ins(w, CMP, RAX, at(RSP, 8));
  uint8_t *other = jump_short_if(w, CC_NE);
  pay(w, s);
  aim(jump_if(w, CC_S), w->j->rw + w->j->thunk[THUNK_RETURN]);
  byte(w, 0xC3);
  aim_short(other, w->p);
  test_alignment(w, a);
  pay_or_leave(w, s);
  emit_table_jump(w);
}

static void load_target(struct writer *w, const struct pg32_insn *i) {
  load_guest(w, RAX, i->rs1);
  if (i->imm) ins_imm(w, G_ADD, 0, reg(RAX), i->imm);
}

/* A jump that the trace, or a call, goes on through, if it goes where it is expected to. */
static void emit_guess(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const uint32_t expected = s->callee - (uint32_t)i->imm;
  struct aside *a = new_aside(w, s, THUNK_INDIRECT);
  if (!jit_is_return(i)) a->site = jit_site_new(w->j);
  ins_imm(w, G_CMP, 0, guest(w, i->rs1), (int32_t)expected);
  a->from[0] = jump_if(w, CC_NE);
  learn(w, i->rs1, expected);
  emit_link(w, s);
}

/* It does not. That is counted, but for returns. */
void emit_astray(struct writer *w, struct aside *a) {
  const struct jit_step *s = a->step;
  struct aside refused = {.step = s, .done = a->done, .places = a->places, .thunk = THUNK_INTERPRET};
  uint8_t *out_of_patience = NULL;
  load_target(w, &s->insn);
  if (a->site) {
    ins(w, GROUP5, G5_DEC, site_field(w, a->site, offsetof(struct jit_site, patience)));
    out_of_patience = jump_if(w, CC_S);
  }
  test_alignment(w, &refused);
  set_known(w, s->insn.rd, s->pc + 4);
  places_wrote(w, &s->insn);
  places_leave(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)a->done + 1);
  aim(jump_if(w, CC_S), w->j->rw + w->j->thunk[THUNK_INDIRECT]);
  jump_to_thunk(w, THUNK_TABLE);
  if (a->site) {
    aim(out_of_patience, w->p);
    ins(w, 0xC7, 0, field(offsetof(struct machine, wavered)));
    word(w, a->site);
  }
  emit_aside(w, &refused);
}

void emit_jalr(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  if (s->guessed) return emit_guess(w, s);
  if (s->taken) return emit_link(w, s);
  if (jit_is_return(i)) return emit_return(w, s);
  struct aside *a = new_aside(w, s, THUNK_INTERPRET);
  load_target(w, i);
  test_alignment(w, a);
  set_known(w, i->rd, s->pc + 4);
  places_wrote(w, i);
  places_leave(w);
  pay_or_leave(w, s);
  if (!s->leaves) return emit_table_jump(w);
  emit_find_block(w);
  emit_record(w, new_aside(w, s, THUNK_TABLE), s, true);
}

#endif
