/* memory.c - loads and stores.
 *
 * An access looks the page of its address up in a flat table (hooks.h), whose entry is the addend that turns
 * the address into the host's; one host instruction then does the access. An access that has no entry, is
 * misaligned or is not to RAM is left to a helper, on the slow path.
 *
 * Accesses that belong to a group (groups.c) share one look-up. */
#include "writer.h"

#if JIT_HOST

/* ---- slow paths ---- */

void jit_emit_address(struct writer *w, const struct slow_path *p) {
  const struct pg32_insn *i = &p->step->insn;
  if (p->address_known) {
    host_move_imm(w->e, SCRATCH, p->address);
  } else if (w->host[i->rs1]) {
    host_sum(w->e, SCRATCH, w->host[i->rs1], i->imm);
  } else {
    load_guest(w, SCRATCH, i->rs1);
    if (i->imm) host_add(w->e, SCRATCH, i->imm);
  }
}

/* The group's first access is done alone, and the failure counted. */
void jit_emit_group_failure(struct writer *w, const struct slow_path *p) {
  uint8_t *no_review = jit_emit_count_misprediction(w, p->group_prediction, false);
  jit_emit_request_review(w, p->group_prediction);
  bind_here(w->e, no_review);
}

/* ---- single accesses ---- */

/* The operand is what the access is to. Jumps to the slow path are noted in *p. */
static struct operand emit_lookup(struct writer *w, struct slow_path *p, uint32_t kind) {
  const struct pg32_insn *i = &p->step->insn;
  const uint32_t mask = jit_access_bytes(i->id) - 1;
  unsigned va = SCRATCH;
  if (is_known(w, i->rs1)) {
    p->address_known = true;
    p->address = value_of(w, i->rs1) + (uint32_t)i->imm;
    return jit_emit_constant_lookup(w, p, kind);
  }
  if (i->imm == 0 && w->host[i->rs1])
    va = w->host[i->rs1];
  else
    jit_emit_address(w, p);
  if (mask & ~(alignment(w, i->rs1) & ~(uint32_t)i->imm)) p->entry[0] = host_jump_if_any(w->e, va, mask);
  if (i->rs1 && !(i->imm & (int32_t)mask)) w->aligned[i->rs1] |= mask;
  return jit_emit_lookup(w, p, kind, va);
}

/* ---- groups ---- */

/* The check before the first access of a group, which leaves the host's address of its lowest byte in the
 * group's register. The group lies within two pages. Its lowest and its highest address must have the same
 * addend: then everything between them lies in the one page or the other, and has this addend too, and the
 * addresses do not wrap around. */
static void emit_group_check(struct writer *w, const struct jit_step *s, const struct access_group *g) {
  const uint32_t unsure = g->mask & ~alignment(w, g->base);
  struct slow_path *p = new_slow_path(w, s, THUNK_ACCESS);
  p->group_prediction = jit_prediction_new(w->j);
  w->aligned[g->base] |= g->mask;
  jit_emit_group_lookup(w, p, g, unsure);
  p->resume = w->e->p;
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
  if (g) return jit_emit_in_group(w, g, s->insn.imm);
  return emit_lookup(w, *p, kind);
}

void jit_emit_load(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct slow_path *p;
  const struct operand from = emit_access(w, s, TABLE_LOAD, &p);
  const unsigned rd = s->insn.rd, r = result_reg(w, rd);
  host_access(w->e, op, r, from);
  store_guest(w, rd, r);
  if (p) p->resume = w->e->p;
}

void jit_emit_store(struct writer *w, const struct jit_step *s, uint32_t op) {
  struct slow_path *p;
  const struct operand to = emit_access(w, s, TABLE_STORE, &p);
  host_access(w->e, op, in_register(w, s->insn.rs2, STORED), to);
  if (p) p->resume = w->e->p;
}

#endif
