/* registers.c - which PG32 registers are in host registers, at each place of a trace.
 *
 * Between blocks the `fixed` ones are, and all others are in memory. Within a trace a host register is given
 * to what is used again soonest; what it held is stored if memory is old. A loop has places of its own at its
 * beginning, so that what it uses most stays where it is from turn to turn. */
#include "writer.h"

#if JIT_HOST

static const uint8_t pool[POOL] = {R8, R9, R10, RDI, RSI, R11, RBX, R12, R13};
/* Between blocks; memory is always taken to be old. */
static const struct jit_places between = {.holds = {10, 11, 12, 13, 14, SP}, .dirty = 0x1F << 10 | 1 << SP};
#define NOT_AGAIN (2 * JIT_MOST)
/* Uses, before a fixed one is used again, for which that is stored and loaded. */
#define WORTH_A_FIXED_ONE 2

static uint32_t bit(unsigned g) { return g && g < 32 ? 1u << g : 0; }

/* ---- what an instruction reads and writes ---- */

bool places_writes(enum pg32_shape shape) {
  return shape == PG32_SHAPE_RRR || shape == PG32_SHAPE_RRI || shape == PG32_SHAPE_SHIFT ||
         shape == PG32_SHAPE_LOAD || shape == PG32_SHAPE_UPPER || shape == PG32_SHAPE_JUMP;
}

static uint32_t written_by(const struct pg32_insn *i) {
  return places_writes(pg32_row(i->id)->shape) ? bit(i->rd) : 0;
}

/* What C does for a trace it reads in memory. */
static uint32_t read_by(const struct pg32_insn *i) {
  const struct pg32_row *row = pg32_row(i->id);
  if (row->class != PG32_INNOCUOUS || row->shape == PG32_SHAPE_MARK) return 0;
  return bit(i->rs1) | bit(i->rs2);
}

/* Might anything after it never come? */
static bool may_leave(const struct pg32_insn *i) {
  const struct pg32_row *row = pg32_row(i->id);
  return row->class != PG32_INNOCUOUS || row->shape == PG32_SHAPE_LOAD || row->shape == PG32_SHAPE_STORE ||
         row->shape == PG32_SHAPE_BRANCH || row->shape == PG32_SHAPE_MARK || i->id == PG32_jalr;
}

static uint32_t used_by(const struct pg32_insn *i) { return read_by(i) | written_by(i); }

/* Where g is to be in the end; POOL: nowhere. */
static unsigned own_place(const struct writer *w, unsigned g) {
  const enum jit_end how = w->trace->end;
  const struct jit_places *end = how == JIT_LOOP || how == JIT_ENTER ? &w->trace->places : &between;
  unsigned h = 0;
  while (h < POOL && end->holds[h] != g) h++;
  return h;
}

/* Instructions from step k to the next that uses g; beyond the end of the trace only if `around`. */
static uint32_t next_use(const struct writer *w, unsigned g, uint32_t k, bool around) {
  const struct jit_trace *t = w->trace;
  uint32_t i = k;
  if (g >= GROUP_HOLDER) return w->group[g - GROUP_HOLDER].last >= k ? 0 : NOT_AGAIN;
  for (; i < t->n; i++) {
    if (used_by(&t->step[i].insn) & bit(g)) return i - k;
    if (t->step[i].leaves) return between.dirty & bit(g) ? i - k : NOT_AGAIN;
  }
  if (!around) return NOT_AGAIN;
  if (t->end != JIT_LOOP) return own_place(w, g) < POOL ? i - k : NOT_AGAIN;
  for (; i < t->n + k; i++)
    if (used_by(&t->step[i - t->n].insn) & bit(g)) return i - k;
  return NOT_AGAIN;
}

/* ---- moves ---- */

static unsigned index_of(unsigned host) {
  unsigned h = 0;
  while (pool[h] != host) h++;
  return h;
}

static void put_in(struct writer *w, unsigned h, unsigned g) {
  w->now.holds[h] = (uint8_t)g;
  w->home[g] = pool[h];
}

static void take_out(struct writer *w, unsigned h) {
  const unsigned g = w->now.holds[h];
  if (!g) return;
  if (w->now.dirty & bit(g)) ins(w, MOV_TO, pool[h], slot(g));
  w->now.dirty &= ~bit(g);
  w->now.holds[h] = 0;
  w->home[g] = 0;
}

static void load_in(struct writer *w, unsigned h, unsigned g) {
  ins(w, MOV, pool[h], slot(g));
  put_in(w, h, g);
}

static bool has_place(const struct jit_places *p, unsigned g) {
  for (unsigned h = 0; h < POOL; h++)
    if (p->holds[h] == g) return true;
  return false;
}

/* From where it is into host register h, which is free. */
static void move_in(struct writer *w, unsigned h, unsigned g) {
  const unsigned from = index_of(w->home[g]);
  ins(w, MOV, pool[h], reg(pool[from]));
  w->now.holds[from] = 0;
  put_in(w, h, g);
}

/* Moves what can be moved without a third place; true if anything was. */
static bool move_some(struct writer *w, const struct jit_places *to) {
  bool moved = false;
  for (unsigned h = 0; h < POOL; h++)
    if (!w->now.holds[h] && to->holds[h] && w->home[to->holds[h]]) {
      move_in(w, h, to->holds[h]);
      moved = true;
    }
  return moved;
}

/* A ring of moves is opened by way of memory. */
static void go_to(struct writer *w, const struct jit_places *to) {
  for (unsigned h = 0; h < POOL; h++)
    if (!has_place(to, w->now.holds[h])) take_out(w, h);
  for (unsigned h = 0; h < POOL; h++) {
    while (move_some(w, to)) continue;
    if (w->now.holds[h] != to->holds[h]) take_out(w, h);
  }
  for (unsigned h = 0; h < POOL; h++)
    if (to->holds[h] && !w->now.holds[h]) load_in(w, h, to->holds[h]);
  for (uint32_t set = w->now.dirty & ~to->dirty; set; set &= set - 1) {
    const unsigned g = (unsigned)__builtin_ctz(set);
    ins(w, MOV_TO, w->home[g], slot(g));
  }
  w->now.dirty = to->dirty;
}

void places_recall(struct writer *w, const struct jit_places *p) {
  memset(w->home, 0, sizeof w->home);
  w->now = *p;
  for (unsigned h = 0; h < POOL; h++)
    if (p->holds[h]) w->home[p->holds[h]] = pool[h];
}

void places_leave(struct writer *w) { go_to(w, &between); }

void places_come_back(struct writer *w, const struct jit_places *p) {
  for (unsigned h = 0; h < POOL; h++)
    if (p->holds[h] && p->holds[h] < GROUP_HOLDER && p->holds[h] != between.holds[h])
      ins(w, MOV, pool[h], slot(p->holds[h]));
}

/* ---- a loop's places ---- */

static void count(uint32_t uses[32], uint32_t set) {
  for (; set; set &= set - 1) uses[__builtin_ctz(set)]++;
}

static unsigned most_used(const uint32_t *uses, uint32_t taken) {
  unsigned best = 0;
  for (unsigned g = 1; g < 32; g++)
    if (!(taken & bit(g)) && uses[g] > uses[best]) best = g;
  return best;
}

static void choose_loop(struct writer *w) {
  const struct jit_trace *t = w->trace;
  uint32_t uses[32] = {0}, written = 0;
  bool left = false; /* by a call: from there on, registers are where they are between blocks */
  w->trace->places = between;
  for (uint32_t k = 0; k < t->n; k++) {
    written |= written_by(&t->step[k].insn);
    if (!left) count(uses, read_by(&t->step[k].insn)), count(uses, written_by(&t->step[k].insn));
    left |= t->step[k].leaves;
  }
  uint32_t taken = between.dirty;
  for (unsigned h = POOL; h-- > 0;) {
    const unsigned holds = w->trace->places.holds[h], g = most_used(uses, taken);
    const bool once = uses[g] == 1 && uses[SP]; /* a loop without sp is an inner one */
    if (!g || (holds && (uses[holds] || once))) continue;
    w->trace->places.holds[h] = (uint8_t)g;
    taken |= bit(g);
  }
  w->trace->places.dirty = 0;
  for (unsigned h = 0; h < POOL; h++)
    w->trace->places.dirty |= bit(w->trace->places.holds[h]) & (written | between.dirty);
}

void places_begin(struct writer *w) {
  places_recall(w, w->trace->tail_of ? &w->trace->tail_of->places : &between);
  if (w->trace->end != JIT_LOOP) return;
  choose_loop(w);
  go_to(w, &w->trace->places);
}

void places_go_round(struct writer *w) { go_to(w, &w->trace->places); }

/* ---- a step's ---- */

/* Instructions of the next n from step k on that use g. */
static uint32_t uses_within(const struct writer *w, unsigned g, uint32_t k, uint32_t n) {
  uint32_t uses = 0;
  for (uint32_t end = k + n < w->trace->n ? k + n : w->trace->n; k < end; k++)
    uses += used_by(&w->trace->step[k].insn) >> g & 1;
  return uses;
}

/* A host register for g, which is used again after so many instructions; POOL if others need theirs sooner.
 */
static unsigned choose(const struct writer *w, unsigned g, uint32_t k, uint32_t again, uint32_t pinned) {
  unsigned best = POOL;
  uint32_t farthest = again;
  const unsigned own = own_place(w, g);
  if (own < POOL && !w->now.holds[own]) return own;
  for (unsigned h = POOL; h-- > 0;) {
    const unsigned holds = w->now.holds[h];
    if (!holds && own == POOL) return h;
    if (!holds) {
      best = h;
      farthest = UINT32_MAX;
      continue;
    }
    const uint32_t distance = next_use(w, holds, k, true);
    if (pinned >> h & 1 || distance <= again) continue;
    if (fixed[holds] && uses_within(w, g, k, distance) < WORTH_A_FIXED_ONE) continue;
    if (h == own) return h;
    if (distance <= farthest) continue;
    farthest = distance;
    best = h;
  }
  return best;
}

/* Gives g a host register if it is worth while, with its value if that is needed. */
static void find_place(struct writer *w, unsigned g, uint32_t k, uint32_t *pinned, bool value) {
  if (!w->home[g]) {
    const uint32_t again = next_use(w, g, k + 1, false);
    if (again == NOT_AGAIN) return;
    const unsigned h = choose(w, g, k + 1, again, *pinned);
    if (h == POOL) return;
    take_out(w, h);
    if (value)
      load_in(w, h, g);
    else
      put_in(w, h, g);
  }
  *pinned |= 1u << index_of(w->home[g]);
}

bool places_hold_group(struct writer *w, unsigned n, uint32_t k, const struct group *g) {
  static const uint8_t kept[] = {RBX, R12, R13};
  const uint32_t used = used_by(&w->trace->step[k].insn);
  if (w->home[GROUP_HOLDER + n]) take_out(w, index_of(w->home[GROUP_HOLDER + n]));
  for (size_t i = 0; i < sizeof kept; i++) {
    const unsigned h = index_of(kept[i]), holds = w->now.holds[h];
    if (holds && (bit(holds) & used || next_use(w, holds, k, true) <= g->last - k)) continue;
    take_out(w, h);
    w->group[n] = *g;
    put_in(w, h, GROUP_HOLDER + n);
    return true;
  }
  return false;
}

struct jit_places places_without_groups(const struct jit_places *p) {
  struct jit_places without = *p;
  for (unsigned h = 0; h < POOL; h++)
    if (p->holds[h] >= GROUP_HOLDER) without.holds[h] = 0;
  return without;
}

void places_wrote(struct writer *w, const struct pg32_insn *i) {
  const uint32_t written = written_by(i);
  if (written && w->home[i->rd]) w->now.dirty |= written;
}

bool places_dead(const struct writer *w, unsigned g, uint32_t k) {
  for (; k < w->trace->n; k++) {
    const struct pg32_insn *i = &w->trace->step[k].insn;
    if (read_by(i) & bit(g) || may_leave(i) || w->trace->step[k].leaves) return false;
    if (written_by(i) & bit(g)) return true;
  }
  return false;
}

void places_for(struct writer *w, uint32_t k, uint32_t n) {
  const struct jit_step *step = &w->trace->step[k];
  const uint32_t last = k + n - 1;
  uint32_t read = 0, written = 0, pinned = 0;
  for (uint32_t i = 0; i < n; i++) {
    read |= read_by(&step[i].insn) & ~written;
    written |= written_by(&step[i].insn);
  }
  for (uint32_t set = read; set; set &= set - 1)
    if (w->home[__builtin_ctz(set)]) pinned |= 1u << index_of(w->home[__builtin_ctz(set)]);
  for (uint32_t set = read; set; set &= set - 1)
    find_place(w, (unsigned)__builtin_ctz(set), last, &pinned, true);
  /* What may leave before it writes a fixed register leaves with the old value. */
  const bool keep = may_leave(&step->insn);
  for (uint32_t set = written & ~read; set; set &= set - 1) {
    const unsigned g = (unsigned)__builtin_ctz(set);
    if (n == 1 || !places_dead(w, g, last + 1)) find_place(w, g, last, &pinned, keep && fixed[g]);
  }
}

#endif
