/* test_choice.c - what the choice between translated code and the interpreter costs (machine/jit/choice.c).
 *
 * The programs here are made up: a program is how long a step takes in each engine, and how long it takes to
 * translate. So the time of each engine alone is known, and no clock is needed. */
#include "kit.h"
#include "machine/jit/jit.h"

#define MS 1000000.0

/* From `from` on, a step takes so many ns. `leaves`: translated code leaves to C all the time. `new_ns`: the
 * time that is needed to translate, during which little else is done. */
struct phase {
  uint64_t from;
  double translated, interpreted;
  bool leaves;
  double new_ns;
};

struct program {
  const struct phase *phase;
  size_t phases;
  uint64_t steps;
};

struct spent {
  double ns, interpreted_ns;
};

#define TRANSLATING_NS 400000.0 /* a period in which code is translated takes so long, */
#define TRANSLATING_STEPS 2000  /* for so many steps */
#define LEAVING_STEPS 12000     /* of a period in which all is left to C */
#define INTERPRETED_BETWEEN 1.3 /* times as long takes a step that is interpreted in between */

static const struct phase *phase_at(const struct program *p, uint64_t step) {
  size_t i = p->phases - 1;
  while (p->phase[i].from > step) i--;
  return &p->phase[i];
}

/* Executes the program, as jit_choose does. */
static struct spent spend(const struct program *p) {
  struct jit_choice c = {.gives_way = true};
  struct spent s = {0};
  double translated_ns = 0;
  for (uint64_t step = 0; step < p->steps;) {
    const struct phase *now = phase_at(p, step);
    const bool is_new = translated_ns < now->new_ns && !c.frugal;
    const double done = translated_ns < now->new_ns ? translated_ns / now->new_ns : 1;
    const uint64_t steps = is_new ? TRANSLATING_STEPS : now->leaves ? LEAVING_STEPS : 1000000;
    const double each = now->translated * done + now->interpreted * INTERPRETED_BETWEEN * (1 - done);
    const double ns = is_new ? TRANSLATING_NS : each * (double)steps;
    if (is_new) translated_ns += ns;
    c.work = is_new || now->leaves ? JIT_WORK_PER_PERIOD : 4;
    c.starting = is_new ? JIT_WORK_PER_PERIOD : 0;
    jit_choice_translated(&c, (uint64_t)ns, steps);
    s.ns += ns;
    step += steps;
    for (uint64_t n; step < p->steps && (n = jit_choice_next(&c)) > 0;) {
      if (n > p->steps - step) n = p->steps - step;
      const double span = phase_at(p, step)->interpreted * (double)n;
      jit_choice_interpreted(&c, (uint64_t)span, n);
      s.ns += span;
      s.interpreted_ns += span;
      step += n;
    }
  }
  return s;
}

#define PROGRAM_OF(n, ...)                                \
  (&(struct program){(const struct phase[]){__VA_ARGS__}, \
                     sizeof((struct phase[]){__VA_ARGS__}) / sizeof(struct phase), n})

/* Where translated code is quicker, samples of the interpreter cost little. */
static void samples_are_cheap(void **state) {
  (void)state;
  for (double times = 1.2; times < 20; times *= 1.5) {
    const double best = 1e9 / 2;
    const struct spent s = spend(PROGRAM_OF(1000000000, {0, .5, .5 * times, false, 0}));
    assert_true(s.ns < best * 1.03);
    assert_true(s.interpreted_ns > 0);
  }
}

/* Where translated code is slower, it is hardly used, whether it leaves to C or not. */
static void the_slower_engine_gives_way(void **state) {
  (void)state;
  for (int leaves = 0; leaves < 2; leaves++)
    for (double times = 1.2; times < (leaves ? 50 : 4); times *= 2) {
      const double alone = 4e8 * 2;
      const struct spent s = spend(PROGRAM_OF(400000000, {0, 2 * times, 2, leaves, 0}));
      assert_true(s.ns < alone / 0.9);
    }
}

/* A program that would be translated for ever loses little, however long it runs. */
static void investing_is_bounded(void **state) {
  (void)state;
  for (uint64_t steps = 10000000; steps < 3000000000; steps *= 4) {
    const struct spent s = spend(PROGRAM_OF(steps, {0, .5, 2, false, 1e18}));
    assert_true(s.ns < 2 * (double)steps / 0.9 + 2 * MS);
  }
}

/* What pays in the end is translated in the end; what is little, at once. */
static void what_pays_is_translated(void **state) {
  (void)state;
  const struct spent little = spend(PROGRAM_OF(1000000000, {0, .4, 2, false, .8 * MS}));
  assert_true(little.ns < 1.02 * (400 + .8) * MS);
  const struct spent much = spend(PROGRAM_OF(5000000000, {0, .4, 2, false, 50 * MS}));
  assert_true(much.ns < .4 * 5e9 + 50 * MS * 8);
}

/* A program that changes its ways is noticed, from either engine. */
static void changes_are_noticed(void **state) {
  (void)state;
  const struct spent worse = spend(PROGRAM_OF(2000000000, {0, .5, 2, false, 0}, {1000000000, 8, 2, true, 0}));
  assert_true(worse.ns < (500 + 2000) * MS * 1.1);
  const struct spent better =
      spend(PROGRAM_OF(2000000000, {0, 8, 2, true, 0}, {1000000000, .5, 2, false, 0}));
  assert_true(better.ns < (500 + 2000) * MS * 1.1);
}

/* At first all code is new to both engines, so that the first sample is of a slow interpreter: what is found
 * then must not be believed for long. */
static void first_samples_are_not_trusted(void **state) {
  (void)state;
  const struct spent s =
      spend(PROGRAM_OF(400000000, {0, 300, 130, true, 0}, {40000, 20, 10, true, 0}, {400000, 4, 2, true, 0}));
  const double alone = 40000 * 130 + 360000 * 10 + 399600000.0 * 2;
  assert_true(s.ns < alone / 0.9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(samples_are_cheap),    cmocka_unit_test(the_slower_engine_gives_way),
      cmocka_unit_test(investing_is_bounded), cmocka_unit_test(what_pays_is_translated),
      cmocka_unit_test(changes_are_noticed),  cmocka_unit_test(first_samples_are_not_trusted)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
