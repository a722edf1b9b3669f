/* groups.c - groups: accesses of one trace by the same base register, which has the same value in
 * all.
 *
 * The tables are asked once for the whole group, at both its ends; a host register then holds the host's
 * address of its lowest byte. What could change what the tables say ends a group. */
#include "writer.h"

#if JIT_HOST

#define FEWEST 3 /* accesses for which that pays */

static bool is_load(enum pg32_id id) { return id >= PG32_lb && id <= PG32_lhu; }
static bool is_store(enum pg32_id id) { return id >= PG32_sb && id <= PG32_sw; }

static bool of_kind(enum pg32_id id, uint32_t kind) {
  return kind == TABLE_LOAD ? is_load(id) : is_store(id);
}

static uint32_t bytes_of(enum pg32_id id) {
  return id == PG32_lw || id == PG32_sw ? 4 : id == PG32_lh || id == PG32_lhu || id == PG32_sh ? 2 : 1;
}

/* Nobody is called who might change the TLB, or tables by way of an observer. */
static bool may_be_within(const struct pg32_insn *i) {
  return pg32_row(i->id)->class == PG32_INNOCUOUS && i->id != PG32_mark;
}

/* Is the access an aligned one, once base is, that leaves the group within two pages? */
static bool fits_in(const struct group *g, const struct pg32_insn *i) {
  const int32_t last = i->imm + (int32_t)bytes_of(i->id) - 1;
  const int32_t lo = i->imm < g->lo ? i->imm : g->lo, hi = last > g->hi ? last : g->hi;
  return i->rs1 == g->base && of_kind(i->id, g->kind) && !(i->imm & ((int32_t)bytes_of(i->id) - 1)) &&
         hi - lo < PAGE_SIZE;
}

static void take_in(struct group *g, const struct pg32_insn *i, uint32_t k) {
  const int32_t last = i->imm + (int32_t)bytes_of(i->id) - 1;
  if (i->imm < g->lo) g->lo = i->imm;
  if (last > g->hi) g->hi = last;
  g->mask |= bytes_of(i->id) - 1;
  g->last = k;
}

bool group_find(const struct writer *w, uint32_t k, uint32_t kind, struct group *g) {
  const struct jit_step *step = w->trace->step;
  const struct pg32_insn *first = &step[k].insn;
  uint32_t n = 0;
  *g = (struct group){.base = first->rs1, .kind = (uint8_t)kind, .lo = first->imm, .hi = first->imm};
  if (!first->rs1 || !fits_in(g, first)) return false;
  for (; k < w->trace->n && may_be_within(&step[k].insn); k++) {
    const struct pg32_insn *i = &step[k].insn;
    if (fits_in(g, i)) take_in(g, i, k), n++;
    if (places_writes(pg32_row(i->id)->shape) && i->rd == g->base) break;
    if (step[k].leaves) break;
  }
  return n >= FEWEST;
}

const struct group *group_of(const struct writer *w, uint32_t k, uint32_t kind) {
  const struct pg32_insn *i = &w->trace->step[k].insn;
  for (unsigned n = 0; n < GROUPS; n++) {
    const struct group *g = &w->group[n];
    if (!w->home[GROUP_HOLDER + n] || k > g->last || g->kind != kind || !fits_in(g, i)) continue;
    if (i->imm >= g->lo && i->imm + (int32_t)bytes_of(i->id) - 1 <= g->hi) return g;
  }
  return NULL;
}

#endif
