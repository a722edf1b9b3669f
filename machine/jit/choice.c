/* choice.c - does it pay to run translated code? A machine whose engine is `auto` gives way to the
 * interpreter for as long as that is quicker.
 *
 * Translated code is many times as quick as the interpreter, unless it has to leave to C all the time (on a
 * TLB of two entries, with a timer that interrupts every ten instructions, in code that is changed before
 * each call), unless it is more than the code cache or the host's caches hold, or unless the program ends
 * before its translation has paid. So time is taken. A period of translated code ends when that has left much
 * work to C (jit_worked), or has executed many steps. Now and then a sample is taken: the interpreter
 * executes some steps, and thereby shows how long it would have taken for the period. Where the period took
 * longer, time was lost, for one of two reasons:
 *
 * - New code was counted and translated. That is an investment, which pays if the code is executed often
 *   enough; nobody knows that in advance. It may go on as long as all that was ever lost is a small part of
 *   all time. Beyond that the machine is frugal: the code that there is goes on, and nothing is added to it,
 *   until what it gains, or time, has made good the loss.
 *
 * - Else translated code is the slower one here. The interpreter goes on, for a few times as long as the
 *   period took, and longer each time that this happens again. So little is lost where that is always so, and
 *   a program that changes its ways is soon noticed.
 *
 * What is measured is time of the host, so that no constant here depends on what an engine costs. The
 * guest cannot tell, since all engines do exactly the same. */
#include <time.h>

#include "jit.h"

/* Of all work in a period, at least one part in so many is that of counting and translating new code, if
 * the period counts as an investment. */
#define INVESTING 8
/* What may be lost before the machine is frugal: of all time, one part in so many; and so much at first. */
#define LOSS_SHARE 16
#define FREE_LOSS_NS 1000000
/* The steps of the first sample; each of the next ones is SAMPLE_GROWS times as long, up to SAMPLE_MOST. One
 * is taken when translated code has executed at least SAMPLE_EVERY times as many steps. */
#define FIRST_SAMPLE 8192
#define SAMPLE_GROWS 4
#define SAMPLE_MOST (4 << 20)
#define SAMPLE_EVERY 16
/* Where translated code is slower, the interpreter goes on for RUN_ON, RUN_ON^2, ..., at most
 * RUN_ON^RUN_ON_MOST times as long as the period took. */
#define RUN_ON_SHIFT 2
#define RUN_ON_MOST 4

static uint64_t cpu_ns(void) {
  struct timespec t;
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t)) return 0;
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- what to do, without a clock or a machine ---- */

static uint64_t scaled(uint64_t n, uint64_t numerator, uint64_t denominator) {
  return (uint64_t)((double)n * (double)numerator / (double)denominator);
}

void jit_choice_translated(struct jit_choice *c, uint64_t ns, uint64_t steps) {
  c->period = (struct jit_speed){ns, steps};
  c->investing = c->starting > c->work / INVESTING;
  c->counted = false;
  c->time += ns;
  c->age += steps;
}

void jit_choice_interpreted(struct jit_choice *c, uint64_t ns, uint64_t steps) {
  c->sample = (struct jit_speed){ns + 1, steps};
  c->time += ns;
  c->age = 0;
}

/* Has more been lost than may be? */
static bool owes(const struct jit_choice *c) { return c->loss > FREE_LOSS_NS + c->time / LOSS_SHARE; }

/* The present period is quicker or slower than the interpreter. */
static uint64_t quicker(struct jit_choice *c, uint64_t by_ns) {
  c->counted = true;
  c->wins = 0;
  c->loss -= by_ns < c->loss ? by_ns : c->loss;
  return 0;
}

static uint64_t slower(struct jit_choice *c, uint64_t by_ns) {
  if (c->age > c->period.steps) return c->period.steps; /* by an old sample, that is */
  c->counted = true;
  c->loss += by_ns;
  if (c->investing) return 0;
  c->wins += c->wins < RUN_ON_MOST;
  return 1 + scaled(c->period.ns << RUN_ON_SHIFT * c->wins, c->sample.steps, c->sample.ns);
}

/* How many times as quick as the interpreter was the period, by the last sample? */
static double advantage(const struct jit_choice *c) {
  return (double)scaled(c->period.steps, c->sample.ns, c->sample.steps) / (double)(c->period.ns + 1);
}

/* Is it time for another sample? The quicker translated code is, the rarer: a sample then costs more, and is
 * less likely to change anything. But a sample of the time when all was new to both engines (code is decoded
 * when it is first executed, for example) says nothing of the time after; that has come when translated code
 * is twice as quick as ever before. */
static bool sample_is_due(struct jit_choice *c) {
  const double speed = (double)c->period.steps / (double)(c->period.ns + 1), times = advantage(c);
  if (speed < 2 * c->best_speed)
    return times >= 1 && (double)c->age >= SAMPLE_EVERY * times * times * times * (double)c->next_sample;
  c->best_speed = speed;
  c->next_sample = FIRST_SAMPLE;
  return true;
}

static uint64_t sample(struct jit_choice *c) {
  const uint64_t n = c->next_sample;
  if (n < SAMPLE_MOST) c->next_sample = SAMPLE_GROWS * n;
  return n;
}

static uint64_t next(struct jit_choice *c) {
  if (c->sample.steps == 0) return FIRST_SAMPLE;
  if (c->counted) return 0;
  if (sample_is_due(c)) return sample(c);
  const uint64_t ns = c->period.ns, interpreter_ns = scaled(c->period.steps, c->sample.ns, c->sample.steps);
  return ns <= interpreter_ns ? quicker(c, interpreter_ns - ns) : slower(c, ns - interpreter_ns);
}

uint64_t jit_choice_next(struct jit_choice *c) {
  const uint64_t n = next(c);
  c->frugal = owes(c);
  return n;
}

/* ---- doing it ---- */

static void begin(struct machine *m) {
  struct jit_choice *c = &m->jit->choice;
  c->work = c->starting = 0;
  c->since = steps(m);
  if (c->most < BUDGET_MOST) c->most += c->most ? c->most : FIRST_SAMPLE;
  if (c->gives_way) c->began = cpu_ns();
}

/* About n steps. False if there was none to execute. */
static bool interpret(struct machine *m, struct run *run, uint64_t n) {
  const uint64_t first = steps(m), start = cpu_ns();
  engine_span(m, run, n);
  if (steps(m) == first) return false;
  jit_choice_interpreted(&m->jit->choice, cpu_ns() - start, steps(m) - first);
  return true;
}

void jit_choose(struct machine *m, struct run *run) {
  struct jit_choice *c = &m->jit->choice;
  bool more = c->gives_way && steps(m) > c->since;
  if (more) jit_choice_translated(c, cpu_ns() - c->began, steps(m) - c->since);
  while (more && !run->done && !at_boundary(m, run)) {
    const uint64_t n = jit_choice_next(c);
    more = n > 0 && interpret(m, run, n);
  }
  begin(m);
}

void jit_choice_pause(struct jit_choice *c) {
  if (c->gives_way) c->began = cpu_ns() - c->began;
}
