/* choice.c - does it pay to run translated code? A machine whose engine is `auto` gives way to the
 * interpreter for as long as that is quicker.
 *
 * Translated code is many times as quick as the interpreter, unless it has to leave to C all the time: on a
 * TLB of two entries, with a timer that interrupts every ten instructions, in code that is changed before
 * each call, in more code than the code cache can keep. Such work is counted (jit_worked). While there is
 * little of it for each instruction, nothing else happens. Where there is much, both engines are measured: a
 * trial is the time of translated code for so much work, and then that of the interpreter for as many steps.
 * The quicker one goes on, first for a few times as long as the trial took, and longer each time that it wins
 * again; so trials cost little, and a program that changes its ways is soon noticed.
 *
 * What is measured is time of the host, so that no constant here depends on what an engine costs. The
 * guest cannot tell, since all engines do exactly the same. */
#include <time.h>

#include "jit.h"

/* Where so many instructions are executed for each piece of work, translated code is surely quicker. */
#define INSNS_PER_WORK 128
/* Of all work, one part in so many may be that of getting started; where more is, it is too early to judge. */
#define MOST_STARTING 4
/* The winner goes on for RUN_ON, RUN_ON^2, ..., at most RUN_ON^RUN_ON_MOST times the trial. */
#define RUN_ON_SHIFT 2
#define RUN_ON_MOST 3

static uint64_t cpu_ns(void) {
  struct timespec t;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)) return 0;
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void begin(struct machine *m, bool timed) {
  struct jit_choice *c = &m->jit->choice;
  c->work = c->starting = 0;
  c->since = steps(m);
  c->timed = timed;
  if (timed) c->ns = cpu_ns();
}

/* Executes at least one step. Returns what that took, in ns; *n becomes the steps that were executed. */
static uint64_t interpret(struct machine *m, struct run *run, uint64_t *n) {
  const uint64_t first = steps(m), start = cpu_ns();
  engine_span(m, run, *n);
  *n = steps(m) - first;
  return cpu_ns() - start;
}

/* The same engine as last time has won: longer; else from the beginning. Returns how many times the trial. */
static uint64_t times_the_trial(struct jit_choice *c, bool translated) {
  c->wins = c->translated_won == translated ? c->wins + (c->wins < RUN_ON_MOST) : 1;
  c->translated_won = translated;
  return 1ull << RUN_ON_SHIFT * c->wins;
}

/* The trial of translated code took `ns` for `n` steps: the interpreter's, and the choice. */
static void compare(struct machine *m, struct run *run, uint64_t ns, uint64_t n) {
  struct jit_choice *c = &m->jit->choice;
  uint64_t interpreted = n;
  const uint64_t interpreter_ns = interpret(m, run, &interpreted);
  if (run->done || interpreted == 0) return begin(m, false);
  if ((double)interpreter_ns * (double)n >= (double)ns * (double)interpreted) {
    c->periods = (uint32_t)times_the_trial(c, true);
    return begin(m, false);
  }
  const double steps_per_ns = (double)interpreted / (double)(interpreter_ns + 1);
  n = 1 + (uint64_t)((double)(ns * times_the_trial(c, false)) * steps_per_ns);
  interpret(m, run, &n);
  begin(m, true);
}

void jit_choose(struct machine *m, struct run *run) {
  struct jit_choice *c = &m->jit->choice;
  const uint64_t n = steps(m) - c->since;
  if (!c->gives_way || c->starting > c->work / MOST_STARTING || n > (uint64_t)c->work * INSNS_PER_WORK)
    return begin(m, false);
  if (c->timed) return compare(m, run, cpu_ns() - c->ns, n);
  if (c->periods > 0) c->periods--;
  begin(m, c->periods == 0);
}
