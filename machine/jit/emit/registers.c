/* registers.c - the register map: which PG32 registers are in host registers, at each point of a trace.
 *
 * Between blocks the map is the canonical one. Within a trace, a host register goes to the PG32 register that
 * is used again soonest, as in Belady's replacement: a trace is straight-line code, so that the distance to
 * each next use is known. A register that loses its host register is spilled: its value is stored in memory,
 * unless the value there is up to date (the register is not "dirty"). The head of a loop has a map of its
 * own, so that what the loop uses most stays where it is from iteration to iteration.
 *
 * Maintains: w->map and w->host are inverses; a PG32 register that is not in w->map, or not dirty, has its
 * value in memory. */
#include "writer.h"

#if JIT_HOST

#define NOWHERE JIT_MAP_REGS /* no place */
#define NEVER_AGAIN (2 * JIT_TRACE_MAX)
/* If another register takes a canonical one's place, the latter is spilled and loaded again. That pays if the
 * other has this many uses in the meantime. */
#define USES_WORTH_A_SPILL 2

static uint32_t bit(unsigned g) { return g && g < 32 ? 1u << g : 0; }

/* ---- what an instruction reads and writes ---- */

bool jit_regs_writes_rd(enum pg32_shape shape) {
  return shape == PG32_SHAPE_RRR || shape == PG32_SHAPE_RRI || shape == PG32_SHAPE_SHIFT ||
         shape == PG32_SHAPE_LOAD || shape == PG32_SHAPE_UPPER || shape == PG32_SHAPE_JUMP;
}

static uint32_t written_by(const struct pg32_insn *i) {
  return jit_regs_writes_rd(pg32_row(i->id)->shape) ? bit(i->rd) : 0;
}

/* An instruction that a helper executes reads its registers in memory, and so counts as reading none. */
static uint32_t read_by(const struct pg32_insn *i) {
  const struct pg32_row *row = pg32_row(i->id);
  if (row->class != PG32_INNOCUOUS || row->shape == PG32_SHAPE_MARK) return 0;
  return bit(i->rs1) | bit(i->rs2);
}

static uint32_t used_by(const struct pg32_insn *i) { return read_by(i) | written_by(i); }

/* May the instruction leave the trace, so that nothing after it is executed? */
static bool may_leave(const struct pg32_insn *i) {
  const struct pg32_row *row = pg32_row(i->id);
  return row->class != PG32_INNOCUOUS || row->shape == PG32_SHAPE_LOAD || row->shape == PG32_SHAPE_STORE ||
         row->shape == PG32_SHAPE_BRANCH || row->shape == PG32_SHAPE_MARK || i->id == PG32_jalr;
}

bool jit_regs_is_dead(const struct writer *w, unsigned g, uint32_t k) {
  for (; k < w->trace->n; k++) {
    const struct pg32_insn *i = &w->trace->step[k].insn;
    if (read_by(i) & bit(g) || may_leave(i) || w->trace->step[k].out_of_line) return false;
    if (written_by(i) & bit(g)) return true;
  }
  return false;
}

/* The place of g in the map that the trace ends with, or NOWHERE. */
static unsigned final_place(const struct writer *w, unsigned g) {
  const enum jit_trace_end how = w->trace->end;
  const bool loop = how == JIT_END_LOOP || how == JIT_END_ENTER_LOOP;
  const struct jit_register_map *end = loop ? &w->trace->loop_map : &canonical;
  unsigned h = 0;
  while (h < JIT_MAP_REGS && end->holds[h] != g) h++;
  return h;
}

/* Instructions from step k to the next one that uses g. If `around`, uses after the end of the trace count:
 * those of a loop's next iteration, or else being in the map that the trace ends with. */
static uint32_t next_use(const struct writer *w, unsigned g, uint32_t k, bool around) {
  const struct jit_trace *t = w->trace;
  uint32_t i = k;
  if (g >= GROUP_REG) return w->group[g - GROUP_REG].last >= k ? 0 : NEVER_AGAIN;
  for (; i < t->n; i++) {
    if (used_by(&t->step[i].insn) & bit(g)) return i - k;
    if (t->step[i].out_of_line) return canonical.dirty & bit(g) ? i - k : NEVER_AGAIN;
  }
  if (!around) return NEVER_AGAIN;
  if (t->end != JIT_END_LOOP) return final_place(w, g) < NOWHERE ? i - k : NEVER_AGAIN;
  for (; i < t->n + k; i++)
    if (used_by(&t->step[i - t->n].insn) & bit(g)) return i - k;
  return NEVER_AGAIN;
}

/* ---- single moves ---- */

static unsigned place_of(unsigned host) {
  unsigned h = 0;
  while (host_regs[h] != host) h++;
  return h;
}

static void assign(struct writer *w, unsigned h, unsigned g) {
  w->map.holds[h] = (uint8_t)g;
  w->host[g] = host_regs[h];
}

/* Empties place h. */
static void spill(struct writer *w, unsigned h) {
  const unsigned g = w->map.holds[h];
  if (!g) return;
  if (w->map.dirty & bit(g)) host_store(w->e, host_regs[h], g);
  w->map.dirty &= ~bit(g);
  w->map.holds[h] = 0;
  w->host[g] = 0;
}

static void load(struct writer *w, unsigned h, unsigned g) {
  host_load(w->e, host_regs[h], g);
  assign(w, h, g);
}

/* From the place where g is into place h, which is empty. */
static void move(struct writer *w, unsigned h, unsigned g) {
  const unsigned from = place_of(w->host[g]);
  host_move(w->e, host_regs[h], host_regs[from]);
  w->map.holds[from] = 0;
  assign(w, h, g);
}

/* ---- from one map to another: a parallel move ---- */

static bool is_in_map(const struct jit_register_map *map, unsigned g) {
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (map->holds[h] == g) return true;
  return false;
}

/* Makes the moves whose destination is empty; true if there were any. */
static bool move_some(struct writer *w, const struct jit_register_map *to) {
  bool moved = false;
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (!w->map.holds[h] && to->holds[h] && w->host[to->holds[h]]) {
      move(w, h, to->holds[h]);
      moved = true;
    }
  return moved;
}

/* Moves that wait for each other in a cycle: one of them goes by way of memory. */
static void move_to_map(struct writer *w, const struct jit_register_map *to) {
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (!is_in_map(to, w->map.holds[h])) spill(w, h);
  for (unsigned h = 0; h < JIT_MAP_REGS; h++) {
    while (move_some(w, to)) continue;
    if (w->map.holds[h] != to->holds[h]) spill(w, h);
  }
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (to->holds[h] && !w->map.holds[h]) load(w, h, to->holds[h]);
  for (uint32_t set = w->map.dirty & ~to->dirty; set; set &= set - 1) {
    const unsigned g = (unsigned)__builtin_ctz(set);
    host_store(w->e, w->host[g], g);
  }
  w->map.dirty = to->dirty;
}

void jit_regs_assume(struct writer *w, const struct jit_register_map *map) {
  memset(w->host, 0, sizeof w->host);
  w->map = *map;
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (map->holds[h]) w->host[map->holds[h]] = host_regs[h];
}

void jit_regs_to_canonical(struct writer *w) { move_to_map(w, &canonical); }

void jit_regs_to_loop_head(struct writer *w) { move_to_map(w, &w->trace->loop_map); }

/* A group's register is not reloaded: C preserves it. */
void jit_regs_reload(struct writer *w, const struct jit_register_map *map) {
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (map->holds[h] && map->holds[h] < GROUP_REG && map->holds[h] != canonical.holds[h])
      host_load(w->e, host_regs[h], map->holds[h]);
}

/* ---- the map of a loop's head ---- */

static void count(uint32_t uses[32], uint32_t set) {
  for (; set; set &= set - 1) uses[__builtin_ctz(set)]++;
}

static unsigned most_used(const uint32_t *uses, uint32_t excluded) {
  unsigned best = 0;
  for (unsigned g = 1; g < 32; g++)
    if (!(excluded & bit(g)) && uses[g] > uses[best]) best = g;
  return best;
}

/* Counts uses up to the first call that is not inlined, because the map is canonical after that call. Returns
 * the registers that the loop writes. */
static uint32_t count_uses(const struct jit_trace *t, uint32_t uses[32]) {
  uint32_t written = 0;
  bool called = false;
  for (uint32_t k = 0; k < t->n; k++) {
    const struct pg32_insn *i = &t->step[k].insn;
    written |= written_by(i);
    if (!called) count(uses, read_by(i)), count(uses, written_by(i));
    called |= t->step[k].out_of_line;
  }
  return written;
}

/* Begins with the canonical map; the most used registers take the empty places and those of canonical
 * registers that the loop does not use. A register that is used only once takes a place from a canonical one
 * only in an innermost loop; one that uses the stack pointer is probably not innermost. */
static void choose_loop_map(struct writer *w) {
  struct jit_register_map *map = &w->trace->loop_map;
  uint32_t uses[32] = {0}, taken = canonical.dirty;
  const uint32_t written = count_uses(w->trace, uses);
  *map = canonical;
  for (unsigned h = JIT_MAP_REGS; h-- > 0;) {
    const unsigned holds = map->holds[h], g = most_used(uses, taken);
    const bool once = uses[g] == 1 && uses[PG32_SP];
    if (!g || (holds && (uses[holds] || once))) continue;
    map->holds[h] = (uint8_t)g;
    taken |= bit(g);
  }
  map->dirty = 0;
  for (unsigned h = 0; h < JIT_MAP_REGS; h++) map->dirty |= bit(map->holds[h]) & (written | canonical.dirty);
}

void jit_regs_begin(struct writer *w) {
  jit_regs_assume(w, w->trace->parent ? &w->trace->parent->map : &canonical);
  if (w->trace->end != JIT_END_LOOP) return;
  choose_loop_map(w);
  jit_regs_to_loop_head(w);
}

/* ---- allocation, step by step ---- */

/* Instructions among the n from step k on that use g. */
static uint32_t uses_within(const struct writer *w, unsigned g, uint32_t k, uint32_t n) {
  uint32_t uses = 0;
  for (uint32_t end = k + n < w->trace->n ? k + n : w->trace->n; k < end; k++)
    uses += used_by(&w->trace->step[k].insn) >> g & 1;
  return uses;
}

/* May g, next used after `again` instructions from step k on, take the place of `holds`, next used after
 * `distance`? */
static bool may_evict(const struct writer *w, unsigned holds, unsigned g, uint32_t k, uint32_t again,
                      uint32_t distance) {
  if (distance <= again) return false;
  return !(canonical.dirty & bit(holds)) || uses_within(w, g, k, distance) >= USES_WORTH_A_SPILL;
}

/* The place for g, which is used again after `again` instructions: the one where it must be in the end if
 * possible, else an empty one, else that of the register with the farthest next use. NOWHERE if all others
 * are needed sooner. pinned: places that must not be taken. */
static unsigned choose_place(const struct writer *w, unsigned g, uint32_t k, uint32_t again,
                             uint32_t pinned) {
  unsigned best = NOWHERE;
  uint32_t farthest = again;
  const unsigned final = final_place(w, g);
  if (final < NOWHERE && !w->map.holds[final]) return final;
  for (unsigned h = JIT_MAP_REGS; h-- > 0;) {
    const unsigned holds = w->map.holds[h];
    if (!holds && final == NOWHERE) return h;
    if (!holds) {
      best = h;
      farthest = UINT32_MAX;
      continue;
    }
    const uint32_t distance = next_use(w, holds, k, true);
    if (pinned >> h & 1 || !may_evict(w, holds, g, k, again, distance)) continue;
    if (h == final) return h;
    if (distance <= farthest) continue;
    farthest = distance;
    best = h;
  }
  return best;
}

/* Gives g, which step k uses, a host register if it is used again; with its present value if `value`. */
static void allocate(struct writer *w, unsigned g, uint32_t k, uint32_t *pinned, bool value) {
  if (!w->host[g]) {
    const uint32_t again = next_use(w, g, k + 1, false);
    if (again == NEVER_AGAIN) return;
    const unsigned h = choose_place(w, g, k + 1, again, *pinned);
    if (h == NOWHERE) return;
    spill(w, h);
    if (value)
      load(w, h, g);
    else
      assign(w, h, g);
  }
  *pinned |= 1u << place_of(w->host[g]);
}

void jit_regs_allocate(struct writer *w, uint32_t k, uint32_t n) {
  const struct jit_step *step = &w->trace->step[k];
  const uint32_t last = k + n - 1;
  uint32_t read = 0, written = 0, pinned = 0;
  for (uint32_t i = 0; i < n; i++) {
    read |= read_by(&step[i].insn) & ~written;
    written |= written_by(&step[i].insn);
  }
  for (uint32_t set = read; set; set &= set - 1)
    if (w->host[__builtin_ctz(set)]) pinned |= 1u << place_of(w->host[__builtin_ctz(set)]);
  for (uint32_t set = read; set; set &= set - 1)
    allocate(w, (unsigned)__builtin_ctz(set), last, &pinned, true);
  /* If the step may leave before it writes a canonical register, it leaves with the old value: load that. */
  const bool leaves = may_leave(&step->insn);
  for (uint32_t set = written & ~read; set; set &= set - 1) {
    const unsigned g = (unsigned)__builtin_ctz(set);
    if (n == 1 || !jit_regs_is_dead(w, g, last + 1))
      allocate(w, g, last, &pinned, leaves && canonical.dirty & bit(g));
  }
}

void jit_regs_set_dirty(struct writer *w, const struct pg32_insn *i) {
  const uint32_t written = written_by(i);
  if (written && w->host[i->rd]) w->map.dirty |= written;
}

/* ---- access groups ---- */

bool jit_regs_hold_group(struct writer *w, unsigned n, uint32_t k, const struct access_group *g) {
  static const uint8_t preserved[] = HOST_PRESERVED;
  const uint32_t used = used_by(&w->trace->step[k].insn);
  if (w->host[GROUP_REG + n]) spill(w, place_of(w->host[GROUP_REG + n]));
  for (size_t i = 0; i < sizeof preserved; i++) {
    const unsigned h = place_of(preserved[i]), holds = w->map.holds[h];
    if (holds && (bit(holds) & used || next_use(w, holds, k, true) <= g->last - k)) continue;
    spill(w, h);
    w->group[n] = *g;
    assign(w, h, GROUP_REG + n);
    return true;
  }
  return false;
}

struct jit_register_map jit_regs_without_groups(const struct jit_register_map *map) {
  struct jit_register_map without = *map;
  for (unsigned h = 0; h < JIT_MAP_REGS; h++)
    if (map->holds[h] >= GROUP_REG) without.holds[h] = 0;
  return without;
}

#endif
