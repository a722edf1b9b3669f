/* further.c - what a skipped test would show. A test is skipped when one that it comes after is not passed; then one
 * mistake would hide all others. So the test's runs are compared with the bare machine all the same: for no points, and
 * no further than a mistake shows. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* Of each run: a VMM that does not get on is not worth more time. */
enum { INSTRUCTIONS_MOST = 100000000 };

static bool compares(const struct lab_test *t, size_t expect) {
  const struct lab_expect *e = &t->expect[expect];
  return e->kind == EXPECT_INVARIANT &&
         (e->invariant.name == INVARIANT_EQUIVALENT || e->invariant.name == INVARIANT_WHOLE);
}

/* Does a VMM of the submission run the guest? */
static bool has_vmm(const struct built *b, const struct lab_run *run) {
  const struct artifact *a = run->depth ? built_artifact(b, run->vmm) : NULL;
  return a && a->built && !a->build->of_lab && !plan_lacks(b, run) && !plan_lacks_file(b, run);
}

bool further_may_show(const struct built *b, const struct lab_test *test) {
  bool may = false;
  for (size_t i = 0; i < test->expects; i++)
    may |= compares(test, i) && has_vmm(b, &test->run[test->expect[i].in]);
  return may && feedback_gives_away(&(struct trial){.built = b, .test = test});
}

static struct lab_run *shorter_runs(const struct lab_test *test) {
  struct lab_run *runs = must(calloc(test->runs, sizeof *runs));
  for (size_t i = 0; i < test->runs; i++) {
    runs[i] = test->run[i];
    if (runs[i].limits.instructions > INSTRUCTIONS_MOST) runs[i].limits.instructions = INSTRUCTIONS_MOST;
  }
  return runs;
}

struct judged further_look(const struct built *b, const struct lab_test *test, const char *submission,
                           char **debug) {
  struct lab_test short_test = *test;
  struct trial t = {.built = b, .test = &short_test};
  struct judged found = {0};
  struct lab_run *runs = shorter_runs(test);
  short_test.run = runs;
  trial_run(&t);
  for (size_t i = 0; i < test->expects && !found.mistake; i++) {
    if (!compares(test, i) || !has_vmm(b, &test->run[test->expect[i].in])) continue;
    judged_free(&found);
    found = expect_judged(&t, &test->expect[i]);
  }
  *debug = found.mistake && found.event ? feedback_command(&t, &found, submission) : NULL;
  trial_free(&t);
  free(runs);
  return found;
}

/* ---- which mistakes are told ---- */

/* The kind of a mistake: its sentences without what depends on the place, that is numbers, what is in brackets, and of a
 * quoted instruction all but the mnemonic. */
static char *kind_of(const char *mistake) {
  char *kind = must(malloc(strlen(mistake) + 1)), *to = kind;
  bool quoted = false, operands = false;
  unsigned brackets = 0;
  for (const char *at = mistake; *at; at++) {
    if (*at == '`') quoted = !quoted, operands = false;
    operands |= quoted && *at == ' ';
    brackets += *at == '(';
    if (!brackets && !operands && !isdigit((unsigned char)at[0])) *to++ = *at;
    if (strncmp(at, "0x", 2) == 0) at += 1 + strspn(at + 2, "0123456789abcdef");
    brackets -= *at == ')' && brackets;
  }
  *to = 0;
  return kind;
}

static bool same_kind(const char *a, const char *b) {
  char *kind_a = kind_of(a), *kind_b = kind_of(b);
  bool same = strcmp(kind_a, kind_b) == 0;
  free(kind_a);
  free(kind_b);
  return same;
}

/* Does a test that is not skipped, or an earlier one, show a mistake of the same kind? */
static bool is_told(const struct result *r, size_t test) {
  for (size_t i = 0; i < r->lab->tests; i++) {
    const struct test_result *t = &r->test[i];
    if (i == test || !t->mistake || (t->status == TEST_SKIPPED && i > test)) continue;
    if (same_kind(t->mistake, r->test[test].mistake)) return true;
  }
  return false;
}

static void tell(struct test_result *t) {
  char *text;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  fprintf(f, "%sRun all the same, for no points, it shows another mistake:\n%s", t->feedback, t->mistake);
  fclose(f);
  free(t->feedback);
  t->feedback = text;
}

void further_tell(struct result *r) {
  for (size_t i = 0; i < r->lab->tests; i++) {
    struct test_result *t = &r->test[i];
    if (t->status != TEST_SKIPPED) continue;
    if (t->mistake && !is_told(r, i)) {
      tell(t);
      continue;
    }
    free(t->mistake), free(t->debug);
    t->mistake = t->debug = NULL;
    t->event = 0;
  }
}
