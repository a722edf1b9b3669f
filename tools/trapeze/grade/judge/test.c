/* test.c - one test in a process of its own, which runs the machine, judges, and reports to its parent.
 *
 * The report: whether the test is passed, its score, its texts (each after its length), and its figures for
 * the leaderboard. The last byte says that the report is whole. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "tools/trapeze/grade/build/temporary.h"

#define COMPLETE 0x5A
#define MEMORY_MOST (UINT64_C(8) << 30)

/* ---- in the child: runs and judgements ---- */

static bool asks_memory(const struct lab_expect *e) {
  return e->kind == EXPECT_MEMORY || e->kind == EXPECT_VARIABLE;
}

static struct memory_ask ask_of(const struct built *b, const struct lab_run *run,
                                const struct lab_expect *e) {
  return e->kind == EXPECT_MEMORY ? memory_ask(b, run, e) : variable_ask(b, run, e);
}

void trial_run(struct trial *t) {
  const struct lab_test *test = t->test;
  t->run = must(calloc(test->runs + 1, sizeof *t->run));
  size_t expects = test->expects + test->nested;
  t->ask = must(calloc(expects, sizeof *t->ask));
  for (size_t i = 0; i < test->runs; i++) {
    struct memory_ask asks[64];
    size_t n = 0, of[64];
    if (plan_lacks(t->built, &test->run[i]) || plan_lacks_file(t->built, &test->run[i])) continue;
    for (size_t k = 0; k < expects && n < 64; k++)
      if (asks_memory(&test->expect[k]) && test->expect[k].in == i)
        of[n] = k, asks[n++] = ask_of(t->built, &test->run[i], &test->expect[k]);
    t->run[i] = run_new(t->built, &test->run[i], asks, n);
    for (size_t k = 0; k < n; k++) t->ask[of[k]] = asks[k];
  }
}

void trial_free(struct trial *t) {
  for (size_t i = 0; i < t->test->runs; i++) run_free(t->run[i]);
  for (size_t i = 0; i < t->test->expects + t->test->nested; i++) free(t->ask[i].word);
  free(t->run);
  free(t->ask);
}

static double score(const struct lab_test *t, const struct judged *judged) {
  double sum = 0, all = 0;
  bool whole = true, lacks = false;
  for (size_t i = 0; i < t->expects; i++) {
    all += t->expect[i].weight;
    sum += t->expect[i].weight * judged[i].share;
    whole &= judged[i].share == 1;
    lacks |= t->expect[i].required && judged[i].share < 1;
  }
  if (whole) return t->points;
  return t->partial && !lacks ? round(t->points * sum / all * 100) / 100 : 0; /* as all formats show it */
}

/* ---- the report ---- */

static void tell(FILE *f, const void *data, size_t size) {
  if (fwrite(data, 1, size, f) != size) _exit(GRADE_TROUBLE);
}

static void tell_text(FILE *f, const char *text) {
  uint64_t size = text ? strlen(text) + 1 : 0; /* 0: NULL */
  tell(f, &size, sizeof size);
  if (text) tell(f, text, size);
}

/* A figure counts only when its test is passed: otherwise a run that stops early would lead the board. */
static void tell_figures(FILE *f, const struct trial *t, bool passed) {
  const struct lab *lab = t->built->lab;
  for (size_t i = 0; i < lab->figures; i++) {
    const struct lab_figure *fig = &lab->figure[i];
    if (&lab->test[fig->test] != t->test) continue;
    struct run *r = t->run[fig->run];
    struct figure_result value = {.known = passed && r};
    if (value.known) value.value = counter_value(fig->counter, &r->counts);
    tell(f, &value.known, sizeof value.known);
    tell(f, &value.value, sizeof value.value);
  }
}

/* The first mistake that is known. */
static const char *mistake_of(const struct lab_test *test, const struct judged *judged) {
  for (size_t i = 0; i < test->expects; i++)
    if (judged[i].mistake) return judged[i].mistake;
  return NULL;
}

static void child(const struct built *b, const struct lab_test *test, const char *submission, FILE *f) {
  struct trial t = {.built = b, .test = test};
  struct judged *judged = must(calloc(test->expects, sizeof *judged));
  bool passed = true;
  trial_run(&t);
  for (size_t i = 0; i < test->expects; i++)
    judged[i] = expect_judged(&t, &test->expect[i]), passed &= judged[i].share == 1;
  double points = score(test, judged);
  struct feedback fb = feedback_write(&t, judged, submission);
  tell(f, &passed, sizeof passed);
  tell(f, &points, sizeof points);
  tell_text(f, fb.text);
  tell_text(f, fb.debug);
  tell(f, &fb.event, sizeof fb.event);
  tell(f, &fb.run, sizeof fb.run);
  tell_text(f, mistake_of(test, judged));
  tell_figures(f, &t, passed);
  tell(f, &(uint8_t){COMPLETE}, 1);
  for (size_t i = 0; i < test->expects; i++) judged_free(&judged[i]);
  free(judged);
  free(fb.text);
  free(fb.debug);
  trial_free(&t);
}

/* The same of a skipped test. */
static void child_further(const struct built *b, const struct lab_test *test, const char *submission,
                          FILE *f) {
  char *debug;
  struct judged j = further_look(b, test, submission, &debug);
  const uint64_t event = debug ? j.event : 0;
  const unsigned run = (unsigned)j.run;
  tell_text(f, debug);
  tell(f, &event, sizeof event);
  tell(f, &run, sizeof run);
  tell_text(f, j.mistake);
  tell(f, &(uint8_t){COMPLETE}, 1);
  judged_free(&j);
  free(debug);
}

/* A run needs a few hundred megabytes at most. One that needs more has gone wrong. */
static void limit_child(void) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#if !defined(__SANITIZE_ADDRESS__)
  setrlimit(RLIMIT_AS, &(struct rlimit){MEMORY_MOST, MEMORY_MOST});
#endif
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct running_test test_start(const struct built *b, size_t test, const char *submission, bool further) {
  struct running_test r = {.test = test, .further = further, .started_ns = now_ns()};
  int ends[2];
  fflush(NULL);
  if (pipe(ends) != 0 || (r.pid = fork()) < 0)
    die(GRADE_TROUBLE, "a test cannot be started: %s", strerror(errno));
  if (r.pid == 0) {
    close(ends[0]);
    temporary_signals_default();
    limit_child();
    FILE *f = must(fdopen(ends[1], "w"));
    (further ? child_further : child)(b, &b->lab->test[test], submission, f);
    fflush(NULL);
    _exit(ferror(f) ? GRADE_TROUBLE : 0);
  }
  close(ends[1]);
  r.fd = ends[0];
  return r;
}

/* ---- in the parent ---- */

struct reading {
  struct bytes from;
  size_t at;
  bool short_of;
};

static void hear(struct reading *r, void *data, size_t size) {
  if (r->from.size - r->at < size)
    r->short_of = true;
  else
    memcpy(data, r->from.data + r->at, size), r->at += size;
}

static char *hear_text(struct reading *r) {
  uint64_t size = 0;
  hear(r, &size, sizeof size);
  if (r->short_of || size > r->from.size - r->at) r->short_of = true;
  if (r->short_of || size == 0) return NULL;
  char *text = must(malloc(size));
  hear(r, text, size);
  text[size - 1] = 0;
  return text;
}

static void hear_figures(struct reading *r, size_t test, struct result *result) {
  const struct lab *lab = result->lab;
  for (size_t i = 0; i < lab->figures; i++) {
    if (lab->figure[i].test != test) continue;
    hear(r, &result->figure[i].known, sizeof result->figure[i].known);
    hear(r, &result->figure[i].value, sizeof result->figure[i].value);
  }
}

static void reap(struct running_test *r, const char *id) {
  int status;
  while (waitpid(r->pid, &status, 0) < 0)
    if (errno != EINTR) die(GRADE_TROUBLE, "test %s: %s", id, strerror(errno));
  if (WIFSIGNALED(status))
    die(GRADE_TROUBLE, "test %s: the grader crashed: %s", id, strsignal(WTERMSIG(status)));
  int code = WEXITSTATUS(status);
  if (code == GRADE_BROKEN || code == GRADE_TROUBLE) { /* the child has said why */
    has_failed = true;
    exit(code);
  }
  if (code != 0) die(GRADE_TROUBLE, "test %s: the grader gave up", id);
}

void test_take(struct running_test *r, struct result *result) {
  const struct lab_test *test = &result->lab->test[r->test];
  struct test_result *t = &result->test[r->test];
  struct reading in = {.from = r->found};
  bool passed = false;
  uint8_t complete = 0;
  close(r->fd);
  reap(r, test->id);
  if (!r->further) {
    hear(&in, &passed, sizeof passed);
    hear(&in, &t->score, sizeof t->score);
    t->feedback = hear_text(&in);
  }
  t->debug = hear_text(&in);
  hear(&in, &t->event, sizeof t->event);
  hear(&in, &t->run, sizeof t->run);
  t->mistake = hear_text(&in);
  if (!r->further) hear_figures(&in, r->test, result);
  hear(&in, &complete, 1);
  if (in.short_of || complete != COMPLETE) die(GRADE_TROUBLE, "test %s: its result is not whole", test->id);
  t->test = test;
  t->status = r->further ? TEST_SKIPPED : passed ? TEST_PASSED : TEST_FAILED;
  free(r->found.data);
}

void test_kill(struct running_test *r) {
  kill(r->pid, SIGKILL);
  waitpid(r->pid, NULL, 0);
  close(r->fd);
  free(r->found.data);
}
