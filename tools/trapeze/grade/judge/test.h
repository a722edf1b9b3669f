/* test.h - one test, run in a process of its own: a crash of the grader in it is noticed, and is never a
 * score. */
#ifndef GRADE_TEST_H
#define GRADE_TEST_H

#include "expect.h"
#include "result.h"

/* A test that runs. */
struct running_test {
  size_t test; /* index in the lab */
  int pid;
  bool further; /* a skipped one, which is looked at for mistakes only */
  int fd;       /* the child writes what it has found here, and closes it at its end */
  struct bytes found;
  uint64_t started_ns; /* on CLOCK_MONOTONIC */
};

/* The runs of a test and what has been asked of them; trial_free frees both. */
void trial_run(struct trial *t);
void trial_free(struct trial *t);

/* Starts the test's process. With `further` the test is one that is skipped, and the process looks for mistakes only
 * (further_look). `submission` is what the command line called the student's files. Dies with
 * GRADE_TROUBLE when the process cannot be started. */
struct running_test test_start(const struct built *b, size_t test, const char *submission, bool further);
/* ---- further.c ---- */

/* Could the test show what a VMM of the submission does wrong? It compares a run with the bare machine, and the student
 * may be told. */
bool further_may_show(const struct built *b, const struct lab_test *test);
/* Runs a test that is skipped, for no points: the first mistake that it shows, for judged_free; .mistake is NULL when it
 * shows none. *debug gets the command that opens the debugger there, malloc'ed, or NULL. */
struct judged further_look(const struct built *b, const struct lab_test *test, const char *submission,
                           char **debug);
/* Adds to the feedback of each skipped test the mistake that it has shown, unless another test shows one of the same
 * kind. */
void further_tell(struct result *r);

/* ---- test.c ---- */

/* Takes what the test has found into *result and frees r->found, once the process has closed fd. Dies with
 * GRADE_TROUBLE when the process crashed or what it found is not whole. Exits with GRADE_BROKEN when the
 * process did, having said why. */
void test_take(struct running_test *r, struct result *result);
/* Ends the test's process at once. */
void test_kill(struct running_test *r);

#endif
