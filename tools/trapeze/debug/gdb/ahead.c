/* ahead.c - runs ahead: until something stops the run, a program dies, or it ends. */
#include "gdb.h"
#include "tools/trapeze/debug/crash.h"

#define SETTLE 5000000 /* steps that the run goes on after Ctrl-C, to where gdb's program runs */

enum gdb_reason gdb_broken_off(struct gdb *g) { return g->d->no_memory ? REASON_MEMORY : REASON_INTERRUPT; }

bool gdb_lane_runs(void *gdb, struct machine *m, struct recorder *r) {
  (void)m;
  return gdb_debugs(gdb, recorder_current(r));
}

/* Ctrl-C usually comes while a kernel runs. */
void gdb_settle(struct gdb *g) {
  const struct timeline_condition c = {.holds = gdb_lane_runs, .arg = g};
  struct debug *d = g->d;
  const uint64_t here = model_position(d), latest = timeline_latest(d->t);
  const uint64_t limit = latest - here < SETTLE ? latest : here + SETTLE;
  if (gdb_debugs(g, recorder_current(timeline_recorder(d->t)))) return;
  if (timeline_forward(d->t, &c, limit) != TIMELINE_HIT) model_return(d, here);
}

/* The machine is off. gdb's program did its last instruction earlier, and that is where one wants to look
 * around; only if the move began there or later, it has ended. */
static enum gdb_reason at_end(struct gdb *g, uint64_t begin) {
  const uint64_t end = model_position(g->d);
  gdb_print_end(g);
  const enum gdb_reason reason = gdb_step_back(g);
  if (reason == REASON_INTERRUPT || reason == REASON_MEMORY) return reason;
  if (reason == REASON_STEP && model_position(g->d) > begin) return REASON_END;
  model_return(g->d, end);
  return REASON_EXIT;
}

/* At the latest position the run cannot go on. */
static enum gdb_reason no_further(struct gdb *g, uint64_t begin) {
  if (g->d->stopped) return gdb_broken_off(g);
  return g->d->idle ? REASON_INPUT : at_end(g, begin);
}

/* As with RISC-V's own watchpoints, gdb is told before the instruction is done, and then does it. */
static enum gdb_reason before_change(struct gdb *g) {
  const struct gdb_point *hit = g->hit;
  const uint32_t address = g->hit_address;
  if (hit->kind == POINT_WRITE && gdb_step_back(g) == REASON_INTERRUPT) return REASON_INTERRUPT;
  g->hit = hit;
  g->hit_address = address;
  return REASON_POINT;
}

/* Does the instruction here do what gdb watches? The search begins behind it. */
static bool accesses_here(struct gdb *g) {
  uint32_t at;
  if (!gdb_debugs(g, recorder_current(timeline_recorder(g->d->t)))) return false;
  const struct gdb_point *p = gdb_accessed(g, &at);
  return p && (g->hit = p, g->hit_address = at, true);
}

/* ---- deaths ---- */

/* From position `from` on: of the program that gdb debugs, or of a kernel or machine. */
static struct crash death_after(struct gdb *g, uint64_t from) {
  struct crash c = crash_after(g->d, from);
  while (c.event && c.kind < CRASH_PANIC && (c.kind == CRASH_KILL || !gdb_debugs(g, c.lane)))
    c = crash_after(g->d, c.position + 1);
  return c;
}

/* By gdb's numbers, of which only that of SIGBUS is another than ours. */
static unsigned signal_of(const struct crash *c) {
  enum { ABRT = 6, BUS = 10 };
  return c->signal == SIGBUS ? BUS : c->signal && c->signal < 16 ? c->signal : ABRT;
}

static enum gdb_reason dies(struct gdb *g, const struct crash *c) {
  g->signal = signal_of(c);
  if (!crash_go(g->d, c)) return gdb_broken_off(g);
  gdb_print_line(g, g->d->said);
  return REASON_CRASH;
}

/* ---- a move ---- */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* As far as the run is known, to `to` at most. True: the move is done, and *reason says why. */
static bool run_known(struct gdb *g, struct gdb_arrivals *a, uint64_t to, enum gdb_reason *reason) {
  const struct timeline_condition c = {.holds = gdb_arrives, .arg = a};
  struct debug *d = g->d;
  const bool asks = a->steps || g->points;
  const enum timeline_stop stop = asks ? timeline_forward(d->t, &c, to) : timeline_go(d->t, to);
  gdb_show_output(g);
  if (model_broken_off(d, stop)) return *reason = gdb_broken_off(g), true;
  if (stop == TIMELINE_HIT) *reason = g->hit ? before_change(g) : REASON_STEP;
  return stop == TIMELINE_HIT;
}

enum gdb_reason gdb_run_ahead(struct gdb *g, struct gdb_arrivals *a, uint64_t limit) {
  struct debug *d = g->d;
  const uint64_t begin = model_position(d);
  enum gdb_reason reason;
  if (accesses_here(g)) return REASON_POINT;
  for (;;) {
    const struct crash c = death_after(g, begin);
    uint64_t to = least(limit, timeline_latest(d->t));
    const bool death = c.event && c.position <= to && c.position < limit;
    if (death) to = c.position;
    if (run_known(g, a, to, &reason)) return reason;
    if (death) return dies(g, &c);
    if (to == limit) return REASON_STEP;
    if (!index_extend(d)) return no_further(g, begin);
  }
}
