/* engine.c - machine_run, which chooses between the interpreter and the JIT, and what happens between the
 * interpreter's straight runs.
 *
 * There are two copies of the interpreter's handlers (handlers.h): plain.c has the quick ones; those of
 * traced.c ask observers before each instruction. m->pc, tick and timer are exact on entry and on return. The
 * engine knows the CPU, the TLBs and the cache of decoded code; of devices only that memory may be one and
 * that interrupts come. */
#include "engine.h"

#include <string.h>

#include "code.h"
#include "machine/jit/hooks.h"

/* ---- what handlers call ---- */

void engine_idle(struct machine *m) {
  struct run *run = m->run;
  const uint64_t ticks = machine_cpu_wait_ticks(m), room = run->until_tick - m->tick;
  run->exit = EXIT_IDLE;
  run->done = run->pause_when_idle;
  if (!run->done) machine_cpu_skip(m, ticks < room ? ticks : room);
}

/* Is `word` a `wait` that does not complete yet? Observers hear of a `wait` once, when it completes. */
static bool still_waits(const struct machine *m, uint32_t word) {
  return !(m->status & ST_U) && pg32_decode(word).id == PG32_wait && machine_cpu_wait_ticks(m) > 0;
}

bool engine_observed(struct machine *m, uint32_t word) {
  const struct machine_observer *o = &m->observer;
  if (o->step && !m->waiting && o->step(o->arg, m)) {
    machine_stop(m);
    return true;
  }
  if (o->insn && !still_waits(m, word)) o->insn(o->arg, m, m->pc, word);
  return false;
}

void engine_fault(struct machine *m, uint32_t cause, uint32_t badva) {
  const uint32_t word = ram_word(m, m->code->page + (m->pc & ~PAGE_MASK));
  if (!cpu_held(m)) machine_cpu_trap(m, cause, badva, word);
}

struct code *engine_fetch(struct machine *m) {
  struct code *code;
  const uint32_t cause = machine_code_fetch(m, m->pc, &code);
  if (!cause) return code;
  if (!cpu_held(m)) machine_cpu_trap(m, cause, m->pc, 0);
  return NULL;
}

struct loaded engine_load(struct machine *m, uint32_t reg, uint32_t address, uint32_t bytes) {
  struct loaded l = {0};
  l.failed = machine_mem_load(m, reg, address, bytes, &l.value);
  return l;
}

/* ---- from boundary to boundary ---- */

/* True if the interpreter is to return. */
static bool returns_here(struct machine *m, struct run *run) {
  if (!run->slice) return at_boundary(m, run);
  const bool done = run->begun;
  run->begun = true;
  return done;
}

static enum machine_exit interpret(struct machine *m, struct run *run, handler *const *handlers) {
  if (m->handlers[OP_ENTER] != handlers[OP_ENTER]) {
    machine_code_drop_all(m);
    memcpy(m->handlers, handlers, OP_HANDLERS * sizeof *handlers);
  }
  m->run = run;
  while (!run->done && !returns_here(m, run) && run->traced == m->traced) {
    const uint32_t context = context_of(m->status);
    m->bank = host_bank(context) << HOST_ENTRY_SHIFT;
    run->next = (struct next){m->handlers[OP_ENTER], NULL, 0, 0, run->budget, (uint64_t)context << 32};
    while (run->next.handler) {
      const struct next n = run->next;
      run->next.handler = NULL;
      n.handler(m, n.op, n.word, n.forward, n.left, n.context);
    }
  }
  return run->exit;
}

static enum machine_exit run_plain(struct machine *m, struct run *run) {
  return interpret(m, run, engine_plain);
}

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
      interpret(m, &run, engine_traced);
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
