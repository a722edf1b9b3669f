/* fuzz_lab.c - libFuzzer over lab.yaml: any bytes give a lab or an error with a place, never a crash, a leak
 * or an endless loop. What is read is looked at as a grader would. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/lab/counter.h"
#include "tools/trapeze/grade/lab/lab.h"
#include "tools/trapeze/grade/lab/pattern.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/grade/lab/sum.h"

static uint64_t counting(const void *arg, size_t run, const char *counter) {
  const struct lab_test *t = arg;
  if (run >= t->runs) abort();
  return strlen(counter) << 40;
}

static void look_at_sum(const struct lab_test *t, const struct sum *s) {
  struct ratio value;
  if (s && sum_value(s, "student", counting, t, &value) && value.under <= 0) abort();
}

static void look_at_expect(const struct lab_test *t, const struct lab_expect *e) {
  static const struct counts none;
  if (t->runs && e->in >= t->runs) abort();
  look_at_sum(t, e->left), look_at_sum(t, e->right), look_at_sum(t, e->none_at);
  if (e->kind == EXPECT_TRACE) pattern_match(e->trace.pattern, &(struct events){0}, e->trace.depth, 1);
  if (e->kind == EXPECT_COUNTER) counter_value(e->counter, &none);
  if (e->kind == EXPECT_ANY && (e->any.n < 2 || e->any.first + e->any.n > t->expects + t->nested)) abort();
  if ((e->kind == EXPECT_SAME || e->kind == EXPECT_DIFFER) &&
      (e->runs[0] >= t->runs || e->runs[1] >= t->runs))
    abort();
}

static void look_at_run(const struct lab_run *r) {
  const char *wrong;
  if (!r->program.n == !r->image) abort();
  for (size_t i = 0; i < r->program.n; i++) {
    char *word = seed_expand(r->program.word[i], "student", &wrong);
    if (!word) abort();
    free(word);
  }
}

static void look_at(const struct lab *lab) {
  if (!lab->title || lab->tests == 0) abort();
  for (size_t i = 0; i < lab->tests; i++) {
    const struct lab_test *t = &lab->test[i];
    if (!t->id || !t->title || !t->expects == !t->rubric) abort();
    for (size_t k = 0; k < t->runs; k++) look_at_run(&t->run[k]);
    for (size_t k = 0; k < t->expects + t->nested; k++) look_at_expect(t, &t->expect[k]);
    for (size_t k = 0; k < t->afters; k++)
      if (t->after[k] >= i) abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct lab_error error = {{0}};
  struct lab *lab = lab_parse("fuzz.yaml", data, size, &error);
  if (!lab && strncmp(error.text, "fuzz.yaml:", 10) != 0) abort();
  if (lab) look_at(lab);
  lab_free(lab);
  return 0;
}
