/* engine.c - the interpreter, and machine_run, which chooses between it and the JIT.
 *
 * There are two copies of one body (engine_body.h): run_plain is the quick one; run_traced asks observers
 * before each instruction. m->pc, tick and timer are exact on entry and on return. The engine knows the CPU,
 * the TLBs and the cache of decoded code; of devices only that memory may be one and that interrupts come. */
#if defined __GNUC__ && !defined __clang__
/* Handlers end alike, with a jump to the next handler. gcc must not merge these ends into one: a jump of its
 * own for each handler lets the host predict what usually follows that handler. The passes that search for
 * values computed twice find none across handlers, and take minutes. */
#pragma GCC optimize("no-crossjumping", "no-gcse", "no-tree-pre", "no-tree-fre")
#endif

#include <string.h>

#include "code.h"
#include "engine.h"
#include "insns.h"
#include "machine/core/tlb.h"
#include "machine/jit/hooks.h"

/* Lets time pass in a `wait`. True if machine_run is to return now. */
static bool idle(struct machine *m, struct run *run) {
  const uint64_t ticks = machine_cpu_wait_ticks(m), room = run->until_tick - m->tick;
  run->exit = EXIT_IDLE;
  run->done = run->pause_when_idle;
  if (!run->pause_when_idle) machine_cpu_skip(m, ticks < room ? ticks : room);
  return run->pause_when_idle;
}

/* Is `word` a `wait` that does not complete yet? Observers hear of a `wait` once, when it completes. */
static bool still_waits(const struct machine *m, uint32_t word) {
  return !(m->status & ST_U) && pg32_decode(word).id == PG32_wait && machine_cpu_wait_ticks(m) > 0;
}

/* Calls the observer before the instruction at m->pc. True if the machine is to stop first. */
static bool call_observer(struct machine *m, uint32_t word) {
  const struct machine_observer *o = &m->observer;
  if (o->step && !m->waiting && o->step(o->arg, m)) {
    machine_stop(m);
    return true;
  }
  if (o->insn && !still_waits(m, word)) o->insn(o->arg, m, m->pc, word);
  return false;
}

/* At an instruction boundary: true if the engine is to return. Not inlined, to leave the registers to the
 * handlers. */
static __attribute__((noinline)) bool returns_here(struct machine *m, struct run *run) {
  if (!run->slice) return at_boundary(m, run);
  const bool done = run->begun;
  run->begun = true;
  return done;
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

static uint64_t saturating_add(uint64_t a, uint64_t b) { return a + b < a ? UINT64_MAX : a + b; }

void engine_slice(struct machine *m, struct run *run, int64_t n) {
  run->slice = true;
  run->begun = false;
  run->budget = n;
  run_plain(m, run);
  run->slice = false;
}

void engine_span(struct machine *m, struct run *run, uint64_t n) {
  struct run span = *run;
  span.last_step = saturating_add(steps(m), n);
  if (run->last_step < span.last_step) span.last_step = run->last_step;
  span.exit = run_plain(m, &span);
  if (!span.done || span.exit != EXIT_IDLE) return;
  run->done = true;
  run->exit = EXIT_IDLE;
}

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
