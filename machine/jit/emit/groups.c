/* groups.c - access groups: loads, or stores, of one trace whose addresses are the same value of one base
 * register plus constants. For example, a function's prologue stores many registers relative to sp.
 *
 * A group looks its pages up once (memory.c); its accesses then use the host's address. A group ends where
 * the base register is written, and where the tables might change. */
#include "writer.h"

#if JIT_HOST

#define FEWEST_ACCESSES 3 /* for which one check of the whole is cheaper than a look-up each */

static bool is_kind(enum pg32_id id, uint32_t kind) {
  return kind == TABLE_LOAD ? jit_is_load(id) : jit_is_store(id);
}

/* Instructions that are not innocuous, and marks, may call C: the TLB or an observer, and so the tables, may
 * change. */
static bool may_be_within(const struct pg32_insn *i) {
  return pg32_row(i->id)->class == PG32_INNOCUOUS && i->id != PG32_mark;
}

static int32_t last_byte(const struct pg32_insn *i) { return i->imm + (int32_t)jit_access_bytes(i->id) - 1; }

/* Can the access belong to g? It must be aligned whenever base is, and leave the group within two pages. */
static bool is_compatible(const struct access_group *g, const struct pg32_insn *i) {
  const int32_t lo = i->imm < g->lo ? i->imm : g->lo, hi = last_byte(i) > g->hi ? last_byte(i) : g->hi;
  return i->rs1 == g->base && is_kind(i->id, g->kind) && !(i->imm & ((int32_t)jit_access_bytes(i->id) - 1)) &&
         hi - lo < PAGE_SIZE;
}

static void add(struct access_group *g, const struct pg32_insn *i, uint32_t k) {
  if (i->imm < g->lo) g->lo = i->imm;
  if (last_byte(i) > g->hi) g->hi = last_byte(i);
  g->mask |= jit_access_bytes(i->id) - 1;
  g->last = k;
}

bool jit_group_find(const struct writer *w, uint32_t k, uint32_t kind, struct access_group *g) {
  const struct jit_step *step = w->trace->step;
  const struct pg32_insn *first = &step[k].insn;
  uint32_t n = 0;
  *g = (struct access_group){.base = first->rs1, .kind = (uint8_t)kind, .lo = first->imm, .hi = first->imm};
  if (!first->rs1 || !is_compatible(g, first)) return false;
  for (; k < w->trace->n && may_be_within(&step[k].insn); k++) {
    const struct pg32_insn *i = &step[k].insn;
    if (is_compatible(g, i)) add(g, i, k), n++;
    if (jit_regs_writes_rd(pg32_row(i->id)->shape) && i->rd == g->base) break;
    if (step[k].out_of_line) break;
  }
  return n >= FEWEST_ACCESSES;
}

const struct access_group *jit_group_of(const struct writer *w, uint32_t k, uint32_t kind) {
  const struct pg32_insn *i = &w->trace->step[k].insn;
  for (unsigned n = 0; n < ACCESS_GROUPS; n++) {
    const struct access_group *g = &w->group[n];
    if (!w->host[GROUP_REG + n] || k > g->last || g->kind != kind || !is_compatible(g, i)) continue;
    if (i->imm >= g->lo && last_byte(i) <= g->hi) return g;
  }
  return NULL;
}

#endif
