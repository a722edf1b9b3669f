/* grade.c - grades one submission: takes it in, builds it, and runs its tests, several at a time. The result
 * does not depend on the order in which they end. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/trapeze/grade/build/digest.h"
#include "grade.h"
#include "tools/base_name.h"
#include "tools/trapeze/grade/build/temporary.h"
#include "tools/trapeze/grade/judge/test.h"
#include "tools/trapeze/untrusted.h"

#define JOBS_MOST 64

/* ---- which tests, which artifacts ---- */

/* The tests to run: all, or one and the tests that it builds on. */
static bool *choose(const struct lab *lab, const char *only) {
  bool *wanted = must(calloc(lab->tests, sizeof *wanted));
  bool found = !only;
  for (size_t i = 0; i < lab->tests; i++) {
    wanted[i] = !only || strcmp(lab->test[i].id, only) == 0;
    found |= wanted[i];
  }
  if (!found) die(STATUS_USAGE, "--only %s: lab %s has no such test", only, lab->name);
  for (size_t i = 0; i < lab->tests; i++) {
    if (only && wanted[i] && lab->test[i].rubric)
      die(STATUS_USAGE, "--only %s: a person gives its points", only);
    wanted[i] &= !lab->test[i].rubric;
  }
  for (size_t i = lab->tests; i-- > 0;)
    for (size_t k = 0; wanted[i] && k < lab->test[i].afters; k++) wanted[lab->test[i].after[k]] = true;
  return wanted;
}

static bool needed(const struct lab *lab, const bool *wanted, const char *artifact) {
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t k = 0; wanted[i] && k < lab->test[i].runs; k++)
      if (run_needs(&lab->test[i].run[k], artifact)) return true;
  return false;
}

/* Builds what the wanted tests need and what is not built yet. */
static void build_for(struct workshop *w, const struct lab *lab, const bool *wanted, struct artifact *all) {
  for (size_t i = 0; i < lab->builds; i++)
    if (!all[i].build && needed(lab, wanted, lab->build[i].name))
      all[i] = workshop_build(w, lab, &lab->build[i]);
}

static bool makes(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->builds; i++)
    if (strcmp(lab->build[i].name, name) == 0) return true;
  return false;
}

/* A program that `build` does not make must be a bundled one. */
static void check_programs(const struct lab *lab) {
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t k = 0; k < lab->test[i].runs; k++) {
      const struct lab_run *r = &lab->test[i].run[k];
      if (r->program.n && !makes(lab, r->program.word[0]) && !boot_bundles(r->program.word[0]))
        die(GRADE_BROKEN, "%s/lab.yaml:%u:%u: program '%s': neither made by `build` nor a bundled one",
            lab->path, r->mark.line, r->mark.column, r->program.word[0]);
    }
}

/* ---- several tests at a time ---- */

enum progress { WAITING, RUNNING, DONE };

struct schedule {
  const struct grading *g;
  const struct built *built;
  struct workshop *workshop;
  struct artifact *artifact; /* by build of the lab */
  struct result *result;
  const bool *wanted;
  enum progress *progress;
  struct running_test running[JOBS_MOST];
  size_t n;
  unsigned patience;
};

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Are all tests that this one builds on done? *passed: were they passed? */
static bool may_start(const struct schedule *s, const struct lab_test *t, const struct lab_test **failed) {
  *failed = NULL;
  if (s->g->apart) return true;
  for (size_t k = 0; k < t->afters; k++) {
    if (s->progress[t->after[k]] != DONE) return false;
    if (!*failed && s->result->test[t->after[k]].status != TEST_PASSED)
      *failed = &s->g->lab->test[t->after[k]];
  }
  return true;
}

static void skip_because(struct schedule *s, size_t i, const char *format, const char *id) {
  char text[200];
  snprintf(text, sizeof text, format, id);
  s->result->test[i] = (struct test_result){
      .test = &s->g->lab->test[i], .status = TEST_SKIPPED, .feedback = must(strdup(text))};
  s->progress[i] = DONE;
}

static void skip(struct schedule *s, size_t i, const struct lab_test *failed) {
  skip_because(s, i, "Skipped: it comes after `%s`, which is not passed.\n", failed->id);
}

static void stop_at(struct schedule *s, size_t i, const struct lab_test *failed) {
  skip_because(s, i, "Skipped: `%s` is not passed, and --until-failed was given.\n", failed->id);
}

/* The first test that was not passed, in the lab's order; NULL so far. */
static const struct lab_test *first_failed(const struct schedule *s) {
  for (size_t i = 0; i < s->g->lab->tests; i++)
    if (s->progress[i] == DONE && s->result->test[i].status == TEST_FAILED) return &s->g->lab->test[i];
  return NULL;
}

/* Is a test that is skipped to be run all the same, because it could show a mistake? */
static bool looks_further(const struct schedule *s, size_t i) {
  return s->g->further && !s->g->until_failed && further_may_show(s->built, &s->g->lab->test[i]);
}

static void start_test(struct schedule *s, size_t i, bool further) {
  bool *alone = must(calloc(s->g->lab->tests, sizeof *alone));
  alone[i] = true;
  build_for(s->workshop, s->g->lab, alone, s->artifact);
  free(alone);
  s->running[s->n++] = test_start(s->built, i, s->g->elsewhere ? "." : s->g->submission, further);
  s->progress[i] = RUNNING;
}

static void start_some(struct schedule *s) {
  const struct lab *lab = s->g->lab;
  unsigned jobs = s->g->jobs < 1 ? 1 : s->g->jobs > JOBS_MOST ? JOBS_MOST : s->g->jobs;
  const struct lab_test *failed;
  for (size_t i = 0; i < lab->tests; i++) {
    if (!s->wanted[i] || s->progress[i] != WAITING) continue;
    const struct lab_test *enough = s->g->until_failed ? first_failed(s) : NULL;
    if (!may_start(s, &lab->test[i], &failed) && !enough) continue;
    if (enough) {
      stop_at(s, i, enough);
    } else if (failed && !looks_further(s, i)) {
      skip(s, i, failed);
    } else if (s->n < jobs) {
      if (failed) skip(s, i, failed);
      start_test(s, i, failed != NULL);
    }
  }
}

static void give_up(struct schedule *s, const struct running_test *late) {
  const char *id = s->g->lab->test[late->test].id;
  for (size_t i = 0; i < s->n; i++) test_kill(&s->running[i]);
  die(GRADE_TROUBLE, "test %s: not done after %u seconds on this machine; --patience SECONDS allows more", id,
      s->patience);
}

static void stop(struct schedule *s) {
  for (size_t i = 0; i < s->n; i++) test_kill(&s->running[i]);
  temporary_stop();
}

/* Waits until a test has written something, or one has taken too long. */
static void listen(struct schedule *s) {
  struct pollfd p[JOBS_MOST];
  uint64_t limit = (uint64_t)s->patience * 1000000000, now = now_ns();
  int ms = 1000;
  for (size_t i = 0; i < s->n; i++) {
    p[i] = (struct pollfd){.fd = s->running[i].fd, .events = POLLIN};
    if (now - s->running[i].started_ns > limit) give_up(s, &s->running[i]);
  }
  if (poll(p, s->n, ms) < 0 && errno != EINTR) die(GRADE_TROUBLE, "poll: %s", strerror(errno));
  if (temporary_stopping()) stop(s);
  for (size_t i = s->n; i-- > 0;) {
    char part[1 << 16];
    if (!p[i].revents) continue;
    struct running_test *r = &s->running[i];
    ssize_t n = read(r->fd, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) {
      bytes_append(&r->found, part, (size_t)n);
      continue;
    }
    test_take(r, s->result);
    s->progress[r->test] = DONE;
    *r = s->running[--s->n];
  }
}

static void run_tests(struct schedule *s) {
  s->progress = must(calloc(s->g->lab->tests, sizeof *s->progress));
  for (;;) {
    start_some(s);
    if (s->n == 0) break;
    listen(s);
  }
  free(s->progress);
}

/* ---- the result ---- */

char *student_of(const char *submission) {
  char *real = realpath(submission, NULL);
  const char *path = real ? real : submission;
  char *name = submission_name(*base_name(path) ? base_name(path) : path);
  free(real);
  return name;
}

static struct result *new_result(const struct grading *g) {
  struct result *r = must(calloc(1, sizeof *r));
  r->lab = g->lab;
  r->student = g->student ? must(strdup(g->student)) : student_of(g->submission);
  r->test = must(calloc(g->lab->tests, sizeof *r->test));
  r->figure = must(calloc(g->lab->figures + 1, sizeof *r->figure));
  for (size_t i = 0; i < g->lab->figures; i++) r->figure[i].figure = &g->lab->figure[i];
  return r;
}

static void add_up(struct result *r) {
  for (size_t i = 0; i < r->lab->tests; i++) {
    if (!r->test[i].test) continue;
    r->score += r->test[i].score;
    r->max += r->lab->test[i].points;
  }
}

/* ---- points that a person gives ---- */

static void add_person(struct result *r, const struct rubric *rubric, size_t i) {
  const struct lab_test *t = &r->lab->test[i];
  const char *comment;
  double points;
  if (!rubric_points(rubric, t, r->student, &points, &comment))
    die(GRADE_TROUBLE, "%s: no points for %s in the column %s", rubric->path, r->student, t->id);
  bool full = points >= t->points;
  char given[32], most[32], *words = NULL, *safe = printable(comment, strlen(comment), 4000);
  if (asprintf(&words, "%s\nA person has given %s of %s points.\n%s%s", t->rubric, points_text(points, given),
               points_text(t->points, most), safe, *safe ? "\n" : "") < 0)
    must(NULL);
  if (full) words[0] = 0;
  r->test[i] = (struct test_result){
      .test = t, .status = full ? TEST_PASSED : TEST_FAILED, .score = points, .feedback = words};
  free(safe);
}

/* With --only, persons have no part in the result. */
static void add_persons(const struct grading *g, struct result *r) {
  for (size_t i = 0; g->rubric && !g->only && i < g->lab->tests; i++)
    if (g->lab->test[i].rubric) add_person(r, g->rubric, i);
}

struct result *grade(const struct grading *g) {
  check_programs(g->lab);
  struct result *r = new_result(g);
  struct workshop w = workshop_open();
  bool *wanted = choose(g->lab, g->only);
  if (g->solution || submission_is_solution(g->lab, g->submission)) w.fill_in = r->student;
  r->trouble = submission_take(&w, g->lab, g->submission);
  digest_text(digest_lab(g->lab, g->only), r->digest.lab);
  digest_text(g->rubric ? rubric_digest(g->rubric, r->student, w.digest) : w.digest, r->digest.submission);
  struct artifact *artifacts = must(calloc(g->lab->builds + 1, sizeof *artifacts));
  if (!g->until_failed) build_for(&w, g->lab, wanted, artifacts); /* else as the tests begin */
  struct built built = {.lab = g->lab,
                        .workshop = &w,
                        .artifact = artifacts,
                        .student = r->student,
                        .reveal = g->reveal,
                        .elsewhere = g->elsewhere,
                        .named = g->student != NULL || g->elsewhere};
  struct schedule *s = must(calloc(1, sizeof *s));
  *s = (struct schedule){.g = g,
                         .built = &built,
                         .workshop = &w,
                         .artifact = artifacts,
                         .result = r,
                         .wanted = wanted,
                         .patience = g->patience ? g->patience : PATIENCE};
  run_tests(s);
  for (size_t i = 0; i < g->lab->builds; i++) r->unbuilt += artifacts[i].build && !artifacts[i].built;
  further_tell(r);
  add_persons(g, r);
  add_up(r);
  for (size_t i = 0; i < g->lab->builds; i++)
    if (artifacts[i].build) artifact_free(&artifacts[i]);
  free(s);
  free(artifacts);
  free(wanted);
  workshop_close(&w);
  return r;
}
