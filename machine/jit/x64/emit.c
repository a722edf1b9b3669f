/* emit.c - the emitter for x86-64 (System V).
 *
 * A block is its hot path, one way through; what is seldom needed lies behind it: exits of branches, and
 * accesses that the tables do not know. */
#include <assert.h>

#include "writer.h"

#if JIT_HOST

#ifndef JIT_BMI2 /* to try a host without: CFLAGS="-O2 -DJIT_BMI2=0" */
#define JIT_BMI2 __builtin_cpu_supports("bmi2")
#endif

/* ---- what lies behind the block ---- */

static void call_thunk(struct writer *w, uint32_t thunk) {
  byte(w, 0xE8);
  word(w, 0);
  aim(w->p, w->j->rw + w->j->thunk[thunk]);
}

static bool takes_rs2(enum pg32_id id) {
  const enum pg32_shape shape = pg32_row(id)->shape;
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_MARK || shape == PG32_SHAPE_RST;
}

static void emit_what(struct writer *w, const struct jit_step *s, uint32_t done) {
  const struct pg32_insn *i = &s->insn;
  move_imm(w, RDX, s->pc);
  move_imm(w, RCX, JIT_WHAT(done, i->id, takes_rs2(i->id) ? i->rs2 : i->rd ? i->rd : X_SINK, i->rs1));
}

/* Says who came, registers being where they are between blocks. */
void emit_follow(struct writer *w, uint32_t link) {
  move_imm(w, RCX, link);
  jump_to_thunk(w, THUNK_FOLLOW);
}

/* What an unlinked jump comes to. */
static void emit_stub(struct writer *w, uint32_t link) {
  w->j->links[link].stub = offset(w);
  places_leave(w);
  emit_follow(w, link);
}

/* Is va fetched from that page? Gives where the constant is. */
uint32_t emit_compare_page(struct writer *w, uint32_t va, const struct jit_page *page) {
  const uint32_t entry = (TABLE_FETCH * TABLE_ENTRIES + (va >> PAGE_SHIFT)) * sizeof(uint64_t);
  ins(w, 0x81, G_CMP, at(TABLE, (int32_t)entry));
  word(w, (uint32_t)(uintptr_t)page);
  return offset(w) - 4;
}

/* Goes on at `target`, `done` instructions being done. Gives the link. */
static uint32_t emit_go(struct writer *w, uint32_t done, uint32_t target) {
  const uint32_t id = jit_link_new(w->j, target);
  struct jit_link *link = &w->j->links[id];
  uint8_t *spent = NULL;
  places_leave(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)done);
  if ((target & PAGE_MASK) != w->trace->page->vpage) {
    spent = jump_if(w, CC_S);
    link->page = emit_compare_page(w, target, NULL);
    jump_if(w, CC_E);
  } else {
    jump_if(w, CC_NS);
  }
  link->site = offset(w) - 4;
  aim(spent, w->p);
  emit_stub(w, id);
  return id;
}

void emit_aside(struct writer *w, struct aside *a) {
  const bool access = a->thunk == THUNK_ACCESS;
  if (a->thunk == THUNK_TABLE) return emit_call_aside(w, a);
  if (a->site && access) emit_wrong(w, a);
  for (int k = 0; k < 3; k++) aim(a->from[k], w->p);
  if (a->group_site) emit_group_failed(w, a);
  places_recall(w, &a->places);
  if (a->thunk == THUNK_INDIRECT) return emit_astray(w, a);
  if (access) emit_address(w, a);
  if (a->thunk == THUNK_MTST) load_guest(w, RAX, a->step->insn.rs1);
  if (!access && a->back) move_imm(w, RAX, (uint32_t)a->step->insn.imm);
  places_leave(w);
  emit_what(w, a->step, a->back ? a->done : 0);
  if (!a->back && a->done) ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)a->done);
  if (!a->back) return jump_to_thunk(w, a->thunk);
  call_thunk(w, a->thunk);
  if (a->group_site) { /* not into the rest of the group */
    emit_go(w, a->done + 1, a->step->pc + 4);
    return;
  }
  places_come_back(w, &a->places);
  aim(jump(w), a->back);
}

static void emit_out(struct writer *w, const struct way_out *o) {
  const uint32_t out = offset(w);
  aim(o->from, w->p);
  places_recall(w, &o->places);
  struct jit_link *link = &w->j->links[emit_go(w, o->done, o->target)];
  if (!w->trace->depth || (o->target & PAGE_MASK) != w->trace->page->vpage) return;
  link->depth = w->trace->depth;
  link->done = (uint8_t)o->done;
  link->branch = (uint32_t)(o->from - w->j->rw) - 4;
  link->out = out;
  link->places = places_without_groups(&o->places);
}

/* Goes on at the head of a loop, the trace's own or another's. */
static void emit_loop(struct writer *w) {
  struct jit_trace *t = w->trace;
  const uint32_t id = jit_link_new(w->j, t->target);
  struct jit_link *link = &w->j->links[id];
  places_go_round(w);
  ins_imm(w, G_SUB, WIDE, reg(LEFT), (int32_t)(t->n - w->paid));
  uint8_t *go = jump_if(w, CC_NS);
  if (t->end == JIT_LOOP) {
    aim(go, w->j->rw + t->head);
  } else {
    aim(go, w->p);
    link->site = offset(w) - 4;
    link->inner = true;
    link->places = t->places;
    t->enter = id;
  }
  emit_stub(w, id);
}

/* A tail's beginning pays for what was done before the side exit. */
static uint8_t *emit_tail_begins(struct writer *w) {
  if (!w->trace->tail_of) return NULL;
  ins_imm(w, G_SUB, WIDE, reg(LEFT), w->trace->tail_of->done);
  return jump_if(w, CC_S);
}

static void emit_tail_spent(struct writer *w, uint8_t *spent) {
  const struct jit_link *link = w->trace->tail_of;
  if (!link) return;
  aim(spent, w->p);
  places_recall(w, &link->places);
  places_leave(w);
  move_imm(w, RCX, (uint32_t)(link - w->j->links));
  jump_to_thunk(w, THUNK_FOLLOW);
}

void jit_patch(struct jit *j, uint32_t site, uint32_t to) {
  const uint32_t distance = to - (site + 4);
  memcpy(j->rw + site, &distance, sizeof distance);
}

void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  const uint32_t id = (uint32_t)(uintptr_t)page;
  memcpy(j->rw + at, &id, sizeof id);
}

/* ---- control flow ---- */

static void emit_branch(struct writer *w, const struct jit_step *s, unsigned cc) {
  const uint32_t done = done_before(w, s) + 1;
  const uint32_t to = s->pc + (uint32_t)s->insn.imm, on = s->pc + 4;
  cc = emit_compare(w, cc, s->insn.rs1, s->insn.rs2);
  w->out[w->outs++] = (struct way_out){jump_if(w, s->taken ? cc ^ 1 : cc), done, s->taken ? on : to, w->now};
}

/* Told to whoever watches; nothing otherwise. */
static void emit_mark(struct writer *w, const struct jit_step *s) {
  struct aside *a = new_aside(w, s, THUNK_SERVE);
  ins(w, 0x83 | WIDE, G_CMP, field(offsetof(struct machine, observer.mark)));
  byte(w, 0);
  a->from[0] = jump_if(w, CC_NE);
  a->back = w->p;
}

/* In user mode it traps, or does not (CPU_LEAKY). */
static void emit_mfst(struct writer *w, const struct jit_step *s) {
  struct aside *a = new_aside(w, s, THUNK_SERVE);
  const unsigned rd = s->insn.rd, r = target_of(w, rd);
  ins(w, 0xF6, 0, field(offsetof(struct machine, status)));
  byte(w, ST_U);
  a->from[0] = jump_if(w, CC_NE);
  if (rd) ins(w, MOV, r, field(offsetof(struct machine, status)));
  store_guest(w, rd, r);
  if (w->home[rd]) w->now.dirty |= 1u << rd;
  forget_guest(w, rd);
  a->back = w->p;
}

/* Done by a call on the way. */
static void emit_serve(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  places_leave(w);
  move_imm(w, RAX, (uint32_t)s->insn.imm);
  emit_what(w, s, done_before(w, s));
  call_thunk(w, thunk);
}

static void emit_operate(struct writer *w, const struct jit_step *s, uint32_t thunk) {
  new_aside(w, s, thunk);
}

/* ---- the rows that have an emitter ---- */
/* clang-format off */
#define EMITTERS(E) \
  E(add,    emit_alu(w, ADD, i->rd, i->rs1, i->rs2, true)) \
  E(sub,    emit_alu(w, SUB, i->rd, i->rs1, i->rs2, false)) \
  E(xor,    emit_alu(w, XOR, i->rd, i->rs1, i->rs2, true)) \
  E(or,     emit_alu(w, OR, i->rd, i->rs1, i->rs2, true)) \
  E(and,    emit_alu(w, AND, i->rd, i->rs1, i->rs2, true)) \
  E(sll,    emit_shift(w, S_SHL, i->rd, i->rs1, i->rs2)) \
  E(srl,    emit_shift(w, S_SHR, i->rd, i->rs1, i->rs2)) \
  E(sra,    emit_shift(w, S_SAR, i->rd, i->rs1, i->rs2)) \
  E(slt,    emit_slt(w, CC_L, i->rd, i->rs1, i->rs2)) \
  E(sltu,   emit_slt(w, CC_B, i->rd, i->rs1, i->rs2)) \
  E(mul,    emit_mul(w, i->rd, i->rs1, i->rs2)) \
  E(mulh,   emit_mulh(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(mulhsu, emit_mulh(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(mulhu,  emit_mulh(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(div,    emit_divide(w, i->rd, i->rs1, i->rs2, true, false)) \
  E(divu,   emit_divide(w, i->rd, i->rs1, i->rs2, false, false)) \
  E(rem,    emit_divide(w, i->rd, i->rs1, i->rs2, true, true)) \
  E(remu,   emit_divide(w, i->rd, i->rs1, i->rs2, false, true)) \
  E(addi,   emit_alu_imm(w, G_ADD, i->rd, i->rs1, i->imm)) \
  E(xori,   emit_alu_imm(w, G_XOR, i->rd, i->rs1, i->imm)) \
  E(ori,    emit_alu_imm(w, G_OR, i->rd, i->rs1, i->imm)) \
  E(andi,   emit_alu_imm(w, G_AND, i->rd, i->rs1, i->imm)) \
  E(slti,   emit_slt_imm(w, CC_L, i->rd, i->rs1, i->imm)) \
  E(sltiu,  emit_slt_imm(w, CC_B, i->rd, i->rs1, i->imm)) \
  E(slli,   emit_shift_imm(w, S_SHL, i->rd, i->rs1, i->imm)) \
  E(srli,   emit_shift_imm(w, S_SHR, i->rd, i->rs1, i->imm)) \
  E(srai,   emit_shift_imm(w, S_SAR, i->rd, i->rs1, i->imm)) \
  E(lui,    set_known(w, i->rd, (uint32_t)i->imm << 12)) \
  E(auipc,  set_known(w, i->rd, s->pc + ((uint32_t)i->imm << 12))) \
  E(lb,     emit_load(w, s, MOVSX8)) \
  E(lh,     emit_load(w, s, MOVSX16)) \
  E(lw,     emit_load(w, s, MOV)) \
  E(lbu,    emit_load(w, s, MOVZX8)) \
  E(lhu,    emit_load(w, s, MOVZX16)) \
  E(sb,     emit_store(w, s, MOV_TO8)) \
  E(sh,     emit_store(w, s, MOV_TO | HALF)) \
  E(sw,     emit_store(w, s, MOV_TO)) \
  E(beq,    emit_branch(w, s, CC_E)) \
  E(bne,    emit_branch(w, s, CC_NE)) \
  E(blt,    emit_branch(w, s, CC_L)) \
  E(bge,    emit_branch(w, s, CC_GE)) \
  E(bltu,   emit_branch(w, s, CC_B)) \
  E(bgeu,   emit_branch(w, s, CC_AE)) \
  E(jal,    emit_link(w, s)) \
  E(jalr,   emit_jalr(w, s)) \
  E(mark,   emit_mark(w, s)) \
  E(fence,  (void)0) \
  E(syscall, emit_operate(w, s, THUNK_SYSCALL)) \
  E(hcall,  emit_operate(w, s, THUNK_HCALL)) \
  E(break,  emit_operate(w, s, THUNK_BREAK)) \
  E(mfst,   emit_mfst(w, s)) \
  E(mtst,   emit_operate(w, s, THUNK_MTST)) \
  E(rfe,    emit_operate(w, s, THUNK_RFE)) \
  E(tlbw,   emit_serve(w, s, THUNK_TLBW)) \
  E(tlbi,   emit_serve(w, s, THUNK_TLBI))
/* clang-format on */

bool jit_can_emit(enum pg32_id id) {
#define CAN_EMIT(name, emit) [PG32_##name] = true,
  static const bool can[PG32_INSNS + 1] = {EMITTERS(CAN_EMIT)};
  return can[id];
}

/* What is known of rd afterwards, where that is more than nothing. */
static void follow_values(struct writer *w, const struct pg32_insn *i) {
  const uint32_t low = alignment(w, i->rs1), low2 = alignment(w, i->rs2);
  if (i->id == PG32_lui || i->id == PG32_auipc || i->id == PG32_jal || i->id == PG32_jalr) return;
  forget_guest(w, i->rd);
  if (i->rd == 0) return;
  if (i->id == PG32_addi)
    w->aligned[i->rd] = low & ~(uint32_t)i->imm & (i->imm & 1 ? 0 : 3);
  else if (i->id == PG32_slli)
    w->aligned[i->rd] = i->imm >= 2 ? 3 : i->imm == 1 ? 1 : low;
  else if (i->id == PG32_add || i->id == PG32_sub)
    w->aligned[i->rd] = low & low2;
  else if (i->id == PG32_andi)
    w->aligned[i->rd] = i->imm & 1 ? 0 : i->imm & 2 ? 1 : 3;
}

static void emit_step(struct writer *w, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const enum pg32_shape shape = pg32_row(i->id)->shape;
  const bool idle = i->rd == 0 && places_writes(shape) && shape != PG32_SHAPE_LOAD;
  places_for(w, (uint32_t)(s - w->trace->step), 1);
  if (i->id == PG32_addi && is_known(w, i->rs1)) {
    set_known(w, i->rd, value_of(w, i->rs1) + (uint32_t)i->imm);
  } else if (!idle) {
    switch (i->id) {
#define EMIT(name, emit) \
  case PG32_##name: emit; break;
      EMITTERS(EMIT)
    default: break;
    }
    if (places_writes(shape)) follow_values(w, i);
  }
  places_wrote(w, i);
}

/* Up to a line of the host's cache: a loop that is short enough is then in one, and costs its host one
 * prediction a turn. */
static void emit_padding(struct writer *w) {
  uint32_t n = -offset(w) % JIT_LINE;
  for (; n >= 8; n -= 8) ins(w, NOP, 0, indexed(RAX, RCX, 0, 128));
  for (; n >= 4; n -= 4) ins(w, NOP, 0, at(RAX, 1));
  for (; n > 0; n--) byte(w, 0x90);
}

void jit_emit(struct jit *j, struct jit_trace *trace) {
  struct writer w;
  w.j = j;
  w.trace = trace;
  w.p = j->rw + j->at;
  w.bmi2 = JIT_BMI2;
  w.asides = w.outs = w.paid = 0;
  w.flags_at = NULL;
  memset(w.group, 0, sizeof w.group);
  memset(w.known, 0, sizeof w.known);
  memset(w.aligned, 0, sizeof w.aligned);
  uint8_t *spent = emit_tail_begins(&w);
  places_begin(&w);
  if (trace->end == JIT_LOOP) emit_padding(&w);
  trace->head = offset(&w);
  for (uint32_t i = 0, n; i < trace->n; i += n ? n : 1)
    if (!(n = idiom_emit(&w, i))) emit_step(&w, &trace->step[i]);
  if (trace->end == JIT_LOOP || trace->end == JIT_ENTER) emit_loop(&w);
  if (trace->end == JIT_GO_ON) emit_go(&w, trace->n - w.paid, trace->target);
  for (uint32_t i = w.asides; i-- > 0;) emit_aside(&w, &w.aside[i]);
  for (uint32_t i = 0; i < w.outs; i++) emit_out(&w, &w.out[i]);
  emit_tail_spent(&w, spent);
  assert(offset(&w) - j->at <= (trace->n + 2) * JIT_STEP_BYTES);
  j->at = (offset(&w) + 15) & ~15u;
}

#else /* jit_new refuses, so that none of these is ever called */

bool jit_can_emit(enum pg32_id id) { return (void)id, false; }
void jit_emit(struct jit *j, struct jit_trace *trace) { (void)j, (void)trace; }
void jit_patch(struct jit *j, uint32_t site, uint32_t to) { (void)j, (void)site, (void)to; }
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  (void)j, (void)at, (void)page;
}

#endif
