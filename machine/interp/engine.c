/* engine.c - machine_run: executes decoded code, with exact counts, in two copies of one body.
 *
 * Requires m->pc, tick and timer exact on entry, and leaves them so. Knows the CPU, the TLBs and the code
 * cache; devices only as memory and as interrupts. */
#if defined __GNUC__ && !defined __clang__
/* Equal ends of handlers stay apart: each jump has a history of its own. What looks for values that are known
 * already finds none between handlers, and takes long. */
#pragma GCC optimize("no-crossjumping", "no-gcse", "no-tree-pre", "no-tree-fre")
#endif

#include <string.h>

#include "code.h"
#include "engine.h"
#include "insns.h"
#include "machine/jit/hooks.h"

/* A `wait` lets time pass. True if the run ends here. */
static bool idle(struct machine *m, struct run *run) {
  const uint64_t ticks = machine_cpu_wait_ticks(m), room = run->until_tick - m->tick;
  run->exit = EXIT_IDLE;
  run->done = run->pause_when_idle;
  if (!run->pause_when_idle) machine_cpu_skip(m, ticks < room ? ticks : room);
  return run->pause_when_idle;
}

/* A `wait` that does not complete yet: it is told of when it does. */
static bool still_waits(const struct machine *m, uint32_t word) {
  return !(m->status & ST_U) && pg32_decode(word).id == PG32_wait && machine_cpu_wait_ticks(m) > 0;
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

/* At a boundary: true if the copy returns. Not inlined: its registers are for what is in a hurry. */
static __attribute__((noinline)) bool look(struct machine *m, struct run *run) {
  if (!run->slice) return at_boundary(m, run);
  const bool through = run->begun;
  run->begun = true;
  return through;
}

/* ---- the two copies ---- */

#define ENGINE run_plain
#define TRACED 0
#include "engine_body.h"
#undef ENGINE
#undef TRACED
#define ENGINE run_traced
#define TRACED 1
#include "engine_body.h"

void engine_slice(struct machine *m, struct run *run, int64_t n) {
  run->slice = true;
  run->begun = false;
  run->budget = n;
  run_plain(m, run);
  run->slice = false;
}

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
    run.traced = m->traced;
    if (run.traced)
      run_traced(m, &run);
    else if (m->jit)
      jit_run(m, &run);
    else
      run_plain(m, &run);
  }
  atomic_store_explicit(&m->stop, false, memory_order_relaxed);
  return run.exit;
}

void machine_stop(struct machine *m) { atomic_store_explicit(&m->stop, true, memory_order_relaxed); }

void machine_observe(struct machine *m, const struct machine_observer *observer) {
  m->observer = observer ? *observer : (struct machine_observer){0};
  m->low_core = NULL;
  m->traced = m->observer.insn || m->observer.step || m->observer.insn_sometimes;
}

void machine_watch_page(struct machine *m, uint32_t page) {
  m->watched = page == MACHINE_NO_PAGE ? page : page & PAGE_MASK;
  if (page != MACHINE_NO_PAGE) machine_host_tlb_drop_stores(m, m->watched);
}
