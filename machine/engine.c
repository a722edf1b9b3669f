/* engine.c - machine_run: executes decoded code, with exact counts, in two copies of one body.
 *
 * Requires m->pc, tick and timer exact on entry, and leaves them so. Knows the CPU, the TLBs and the code
 * cache; devices only as memory and as interrupts. */
#include <string.h>

#include "internal.h"
#include "insns.h"

#define BUDGET_MOST 1000000 /* instructions between two looks at m->stop */

/* Accounts for what of the budget has been used since the last time: all but `left`. */
static void settle(struct machine *m, struct run *run, int64_t left) {
  const uint64_t used = (uint64_t)(run->budget - left);
  m->tick += used;
  m->timer = m->timer > used ? m->timer - (uint32_t)used : 0;
  run->budget = left;
}

static int64_t least(int64_t a, uint64_t b) { return b < (uint64_t)a ? (int64_t)b : a; }

/* Instructions until an interrupt may come, a limit is reached or a stop must be looked for; at least 1. */
static int64_t budget(const struct machine *m, const struct run *run) {
  int64_t n = least(BUDGET_MOST, run->last_retired - retired(m));
  n = least(n, run->until_tick - m->tick);
  n = least(n, run->last_step - steps(m));
  if (!(m->status & ST_IE) || m->waiting) return n;
  const uint64_t event = bus_next_event(m);
  n = least(n, m->timer);
  return event == NEVER ? n : least(n, event - m->tick);
}

static bool halted(const struct machine *m, struct run *run) {
  run->exit = m->halt == POWERED_OFF ? EXIT_POWER : EXIT_CHECKSTOP;
  return m->halt != RUNNING;
}

static bool limited(struct machine *m, struct run *run) {
  const bool stop = atomic_load_explicit(&m->stop, memory_order_relaxed);
  run->exit = stop ? EXIT_STOPPED : EXIT_LIMIT;
  return stop || retired(m) >= run->last_retired || m->tick >= run->until_tick || steps(m) >= run->last_step;
}

/* Takes the interrupt that is due, if any. True if the run ends here, with run->exit. */
static bool at_boundary(struct machine *m, struct run *run) {
  uint32_t cause;
  do {
    if (halted(m, run) || limited(m, run)) return run->done = true;
    cause = cpu_interrupt(m);
    if (cause && !cpu_held(m)) cpu_trap(m, cause, 0, 0);
  } while (cause);
  run->budget = budget(m, run);
  return false;
}

/* A `wait` lets time pass. True if the run ends here. */
static bool idle(struct machine *m, struct run *run) {
  const uint64_t ticks = cpu_wait_ticks(m), room = run->until_tick - m->tick;
  run->exit = EXIT_IDLE;
  run->done = run->pause_when_idle;
  if (!run->pause_when_idle) cpu_skip(m, ticks < room ? ticks : room);
  return run->pause_when_idle;
}

/* A `wait` that does not complete yet: it is told of when it does. */
static bool still_waits(const struct machine *m, uint32_t word) {
  return !(m->status & ST_U) && pg32_decode(word).id == PG32_wait && cpu_wait_ticks(m) > 0;
}

/* Asks and tells the observer, before the instruction at m->pc; true if the machine shall stop first. */
static bool watch(struct machine *m, uint32_t word) {
  const struct machine_observer *o = &m->observer;
  if (o->step && !m->waiting && o->step(o->arg, m)) {
    machine_stop(m);
    return true;
  }
  if (o->insn && !still_waits(m, word)) o->insn(o->arg, m, m->pc, word);
  return false;
}

/* ---- arithmetic that C leaves undefined ---- */

static inline int32_t s32(uint32_t v) { return (int32_t)v; }

static inline uint32_t quotient(uint32_t a, uint32_t b) {
  if (b == 0) return UINT32_MAX;
  if (b == UINT32_MAX) return -a;
  return (uint32_t)(s32(a) / s32(b));
}

static inline uint32_t remainder32(uint32_t a, uint32_t b) {
  if (b == 0) return a;
  if (b == UINT32_MAX) return 0;
  return (uint32_t)(s32(a) % s32(b));
}

/* ---- the two copies ---- */

static bool traced(const struct machine *m) {
  return m->observer.insn || m->observer.step || m->observer.insn_sometimes;
}

#define ENGINE run_plain
#define TRACED 0
#include "engine_body.h"
#undef ENGINE
#undef TRACED
#define ENGINE run_traced
#define TRACED 1
#include "engine_body.h"

static uint64_t saturating_add(uint64_t a, uint64_t b) { return a + b < a ? UINT64_MAX : a + b; }

enum machine_exit machine_run(struct machine *m, const struct machine_limits *limits) {
  return machine_run_to(m, limits, NEVER);
}

enum machine_exit machine_run_to(struct machine *m, const struct machine_limits *limits, uint64_t step) {
  struct run run = {.last_retired = saturating_add(retired(m), limits->insns),
                    .until_tick = limits->until_tick,
                    .last_step = step,
                    .pause_when_idle = limits->pause_when_idle};
  while (!run.done) {
    run.traced = traced(m);
    if (run.traced) run_traced(m, &run);
    else run_plain(m, &run);
  }
  atomic_store_explicit(&m->stop, false, memory_order_relaxed);
  return run.exit;
}

void machine_stop(struct machine *m) { atomic_store_explicit(&m->stop, true, memory_order_relaxed); }

void machine_observe(struct machine *m, const struct machine_observer *observer) {
  m->observer = observer ? *observer : (struct machine_observer){0};
}

void machine_watch_page(struct machine *m, uint32_t page) {
  m->watched = page == MACHINE_NO_PAGE ? page : page & PAGE_MASK;
  if (page != MACHINE_NO_PAGE) host_tlb_drop_stores(m, m->watched);
}
