/* engine.h - what interpreter and JIT share: one call of machine_run, its budget, its boundaries.
 *
 * A budget is a number of instructions during which no interrupt comes due and no limit is reached, so that
 * nothing need be tested between two of them. An engine counts its budget down, and settles the account -
 * adds what it has used to m->tick, takes it from m->timer - before anybody else may see these two. */
#ifndef ENGINE_H
#define ENGINE_H

#include "code.h"
#include "machine/core/cpu.h"

/* A handler of the interpreter (code.h) that is to be called, and its arguments. */
struct next {
  handler *handler; /* NULL: none; the machine is at a boundary */
  struct op *op;
  uint64_t word;
  uint32_t forward;
  int64_t left;
  uint64_t context;
};

/* One call of machine_run. */
struct run {
  uint64_t last_retired, until_tick, last_step; /* stop at the first boundary that has reached one of them */
  bool pause_when_idle;
  bool traced; /* which copy of the engine runs */
  bool done;   /* machine_run returns `exit`; while false, the other copy of the engine goes on */
  /* The JIT has the interpreter execute `budget` instructions (engine_slice); no boundary is looked at but
   * the last: */
  bool slice, begun;
  int64_t budget; /* instructions that may still be executed before the next look at the boundary */
  enum machine_exit exit;
  struct next next;
};

#define BUDGET_MOST 1000000 /* instructions between two looks at m->stop, at most */

/* Settles the account of the budget: all but `left` of it has been used since the last time. */
static inline void settle(struct machine *m, struct run *run, int64_t left) {
  const uint64_t used = (uint64_t)(run->budget - left);
  m->tick += used;
  m->timer = m->timer > used ? m->timer - (uint32_t)used : 0;
  run->budget = left;
}

static inline int64_t least(int64_t a, uint64_t b) { return b < (uint64_t)a ? (int64_t)b : a; }

/* Instructions until an interrupt may come, a limit is reached or m->stop must be looked at; at least 1. To
 * be called when cpu_interrupt has just said that no interrupt is due. */
static inline int64_t budget(const struct machine *m, const struct run *run) {
  int64_t n = least(BUDGET_MOST, run->last_retired - retired(m));
  n = least(n, run->until_tick - m->tick);
  n = least(n, run->last_step - steps(m));
  if (!(m->status & ST_IE) || m->waiting) return n;
  n = least(n, m->timer);
  return m->next_device_event == NEVER ? n : least(n, m->next_device_event - m->tick);
}

static inline bool halted(const struct machine *m, struct run *run) {
  run->exit = m->halt == POWERED_OFF ? EXIT_POWER : EXIT_CHECKSTOP;
  return m->halt != RUNNING;
}

static inline bool limited(struct machine *m, struct run *run) {
  const bool stop = atomic_load_explicit(&m->stop, memory_order_relaxed);
  run->exit = stop ? EXIT_STOPPED : EXIT_LIMIT;
  return stop || retired(m) >= run->last_retired || m->tick >= run->until_tick || steps(m) >= run->last_step;
}

/* Takes the interrupts that are due. True if machine_run is to return run->exit; else run->budget is new. */
static inline bool at_boundary(struct machine *m, struct run *run) {
  uint32_t cause;
  do {
    if (halted(m, run) || limited(m, run)) return run->done = true;
    cause = cpu_interrupt(m);
    if (cause && !cpu_held(m)) machine_cpu_trap(m, cause, 0, 0);
  } while (cause);
  run->budget = budget(m, run);
  return false;
}

/* The interpreter, for the JIT: exactly n instructions, or to the first boundary that needs a look
 * (engine.c). */
void engine_slice(struct machine *m, struct run *run, int64_t n);

/* The interpreter, for the JIT: about n steps, interrupts and traps included; fewer if machine_run is to return
 * or the observer wants the engine's other copy. Sets run->done only for EXIT_IDLE; for whatever else ends
 * machine_run, look at the boundary. */
void engine_span(struct machine *m, struct run *run, uint64_t n);

/* ---- what handlers call when m is exact (handlers.h) ---- */

/* Lets time pass in a `wait`, or ends machine_run if that is wanted. */
void engine_idle(struct machine *m);
/* Tells the observer of the instruction at m->pc. True if the machine is to stop first. */
bool engine_observed(struct machine *m, uint32_t word);
/* The instruction at m->pc traps, unless the observer holds the machine. */
void engine_fault(struct machine *m, uint32_t cause, uint32_t badva);
/* The decoded code at m->pc, or NULL: there is none, and the fetch has trapped or been held. */
struct code *engine_fetch(struct machine *m);
/* machine_mem_load: the cause of failure or 0, and the value, in a register. */
struct loaded {
  uint32_t failed, value;
};
struct loaded engine_load(struct machine *m, uint32_t reg, uint32_t address, uint32_t bytes);

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

#endif
