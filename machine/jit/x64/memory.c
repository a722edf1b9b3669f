/* memory.c - loads and stores.
 *
 * An access looks the page of its address up in a flat table (hooks.h), whose entry is the addend that turns
 * the address into the host's; one host instruction then does the access. An access that has no entry, is
 * misaligned or is not to RAM is left to a helper, on the slow path.
 *
 * Two optimizations: A load does not wait for the table: it uses the addend that its prediction site holds,
 * and compares the table with that. Accesses that belong to a group (groups.c) share one look-up. */
#include "writer.h"

#if JIT_HOST

static int32_t table_offset(uint32_t kind) { return (int32_t)(kind * TABLE_ENTRIES * sizeof(uint64_t)); }
/* The entry for the page whose number is in rcx. */
static struct operand table_entry(uint32_t kind) { return mem_index(TABLES_REG, RCX, 3, table_offset(kind)); }

/* ---- slow paths ---- */

void jit_emit_address(struct writer *w, const struct slow_path *p) {
  const struct pg32_insn *i = &p->step->insn;
  if (p->address_known) {
    x64_mov_imm(w->e, RAX, p->address);
  } else if (w->host[i->rs1]) {
    x64_op(w->e, LEA, RAX, mem(w->host[i->rs1], i->imm));
  } else {
    load_guest(w, RAX, i->rs1);
    if (i->imm) x64_op_imm(w->e, GRP1_ADD, 0, reg(RAX), i->imm);
  }
}

/* The site gets the table's addend, if the table has one, and the load uses it at once. */
void jit_emit_mispredicted_load(struct writer *w, struct slow_path *p) {
  x64_bind_here(w->e, p->mispredicted);
  x64_op(w->e, MOV | REX_W, RDX, table_entry(TABLE_LOAD));
  x64_op(w->e, TEST | REX_W, RDX, reg(RDX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  uint8_t *review = emit_count_misprediction(w, p->prediction, CC_S);
  x64_op(w->e, MOV_TO | REX_W, RDX,
         prediction_field(w, p->prediction, offsetof(struct jit_prediction, addend)));
  x64_bind(x64_jmp(w->e), p->corrected);
  x64_bind_here(w->e, review);
  emit_request_review(w, p->prediction);
}

/* The group's first access is done alone, and the failure counted. */
void jit_emit_group_failure(struct writer *w, const struct slow_path *p) {
  uint8_t *no_review = emit_count_misprediction(w, p->group_prediction, CC_NS);
  emit_request_review(w, p->group_prediction);
  x64_bind_here(w->e, no_review);
}

/* ---- single accesses ---- */

/* A constant address needs no arithmetic, and is known to be aligned or not. */
static struct operand emit_constant_lookup(struct writer *w, struct slow_path *p, uint32_t kind) {
  const struct pg32_insn *i = &p->step->insn;
  p->address_known = true;
  p->address = value_of(w, i->rs1) + (uint32_t)i->imm;
  const int32_t entry = table_offset(kind) + (int32_t)(p->address >> PAGE_SHIFT) * 8;
  x64_op(w->e, MOV | REX_W, RCX, mem(TABLES_REG, entry));
  if (p->address & (jit_access_bytes(i->id) - 1)) p->entry[0] = x64_jmp(w->e);
  if (p->address > INT32_MAX) x64_mov_imm(w->e, RAX, p->address);
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  return p->address <= INT32_MAX ? mem(RCX, (int32_t)p->address) : mem_index(RAX, RCX, 0, 0);
}

/* An address in the stack pointer is known long before it is needed, so that a prediction gains nothing. */
static bool worth_a_prediction(const struct writer *w, const struct jit_step *s) {
  return s->insn.rs1 != PG32_SP && jit_is_predictable(w->trace->page, s->pc);
}

/* rdx = the predicted addend of the page whose number is in rcx, or else the right one from the slow path. */
static void emit_predicted_lookup(struct writer *w, struct slow_path *p) {
  p->prediction = jit_prediction_new(w->j);
  x64_op(w->e, MOV | REX_W, RDX, prediction_field(w, p->prediction, offsetof(struct jit_prediction, addend)));
  x64_op(w->e, CMP | REX_W, RDX, table_entry(TABLE_LOAD));
  p->mispredicted = x64_jcc(w->e, CC_NE);
  p->corrected = w->e->p;
}

/* The operand is what the access is to. Jumps to the slow path are noted in *p. */
static struct operand emit_lookup(struct writer *w, struct slow_path *p, uint32_t kind) {
  const struct pg32_insn *i = &p->step->insn;
  const uint32_t mask = jit_access_bytes(i->id) - 1;
  unsigned va = RAX;
  if (is_known(w, i->rs1)) return emit_constant_lookup(w, p, kind);
  if (i->imm == 0 && w->host[i->rs1])
    va = w->host[i->rs1];
  else
    jit_emit_address(w, p);
  if (mask & ~(alignment(w, i->rs1) & ~(uint32_t)i->imm)) {
    x64_test_imm8(w->e, reg(va), mask);
    p->entry[0] = x64_jcc(w->e, CC_NE);
  }
  emit_page_number(w, va);
  if (i->rs1 && !(i->imm & (int32_t)mask)) w->aligned[i->rs1] |= mask;
  if (kind == TABLE_LOAD && worth_a_prediction(w, p->step)) {
    emit_predicted_lookup(w, p);
    return mem_index(va, RDX, 0, 0);
  }
  x64_op(w->e, MOV | REX_W, RCX, table_entry(kind));
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  return mem_index(va, RCX, 0, 0);
}

/* ---- groups ---- */

/* The check before the first access of a group, which leaves the host's address of its lowest byte in the
 * group's register. The group lies within two pages. Its lowest and its highest address must have the same
 * addend: then everything between them lies in the one page or the other, and has this addend too, and the
 * addresses do not wrap around. */
static void emit_group_check(struct writer *w, const struct jit_step *s, const struct access_group *g) {
  struct encoder *e = w->e;
  const unsigned holder = w->host[GROUP_REG + (g - w->group)];
  const uint32_t unsure = g->mask & ~alignment(w, g->base);
  struct slow_path *p = new_slow_path(w, s, THUNK_ACCESS);
  p->group_prediction = jit_prediction_new(w->j);
  if (unsure) {
    x64_test_imm8(e, guest(w, g->base), unsure);
    p->entry[0] = x64_jcc(e, CC_NE);
  }
  w->aligned[g->base] |= g->mask;
  if (w->host[g->base]) {
    x64_op(e, LEA, RAX, mem(w->host[g->base], g->lo));
  } else {
    load_guest(w, RAX, g->base);
    x64_op_imm(e, GRP1_ADD, 0, reg(RAX), g->lo);
  }
  emit_page_number(w, RAX);
  x64_op(e, MOV | REX_W, holder, table_entry(g->kind));
  x64_op(e, LEA, RCX, mem(RAX, g->hi - g->lo));
  emit_page_number(w, RCX);
  x64_op(e, CMP | REX_W, holder, table_entry(g->kind));
  p->entry[1] = x64_jcc(e, CC_NE);
  x64_op(e, TEST | REX_W, holder, reg(holder));
  p->entry[2] = x64_jcc(e, CC_E);
  x64_op(e, ADD | REX_W, holder, reg(RAX));
  p->resume = e->p;
}

/* Begins a group with the access of step k, if that is worthwhile and fewer than ACCESS_GROUPS groups are
 * alive. */
static void begin_group(struct writer *w, const struct jit_step *s, uint32_t k, uint32_t kind) {
  struct access_group g;
  unsigned n = 0;
  while (n < ACCESS_GROUPS && w->host[GROUP_REG + n] && w->group[n].last >= k) n++;
  if (n == ACCESS_GROUPS || is_known(w, s->insn.rs1) || !jit_is_predictable(w->trace->page, s->pc)) return;
  if (jit_group_find(w, k, kind, &g) && jit_regs_hold_group(w, n, k, &g))
    emit_group_check(w, s, &w->group[n]);
}

/* ---- loads and stores ---- */

/* The operand is what the access is to. *p: the access's slow path, whose `resume` the caller sets; NULL if
 * it has none. */
static struct operand emit_access(struct writer *w, const struct jit_step *s, uint32_t kind,
                                  struct slow_path **p) {
  const uint32_t k = step_index(w, s);
  if (!jit_group_of(w, k, kind)) begin_group(w, s, k, kind);
  const struct access_group *g = jit_group_of(w, k, kind);
  *p = g ? NULL : new_slow_path(w, s, THUNK_ACCESS);
  if (g) return mem(w->host[GROUP_REG + (g - w->group)], s->insn.imm - g->lo);
  return emit_lookup(w, *p, kind);
}

void jit_emit_load(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct slow_path *p;
  const struct operand from = emit_access(w, s, TABLE_LOAD, &p);
  const unsigned rd = s->insn.rd, r = result_reg(w, rd);
  x64_op(w->e, op, r, from);
  store_guest(w, rd, r);
  if (p) p->resume = w->e->p;
}

void jit_emit_store(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct slow_path *p;
  const struct operand to = emit_access(w, s, TABLE_STORE, &p);
  x64_op(w->e, op, in_register(w, s->insn.rs2, RDX), to);
  if (p) p->resume = w->e->p;
}

#endif
