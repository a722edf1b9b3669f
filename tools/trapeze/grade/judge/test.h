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
  int fd; /* the child writes what it has found here, and closes it at its end */
  struct bytes found;
  uint64_t started_ns; /* on CLOCK_MONOTONIC */
};

/* Starts the test's process. `submission` is what the command line called the student's files. Dies with
 * GRADE_TROUBLE when the process cannot be started. */
struct running_test test_start(const struct built *b, size_t test, const char *submission);
/* Takes what the test has found into *result and frees r->found, once the process has closed fd. Dies with
 * GRADE_TROUBLE when the process crashed or what it found is not whole. Exits with GRADE_BROKEN when the
 * process did, having said why. */
void test_take(struct running_test *r, struct result *result);
/* Ends the test's process at once. */
void test_kill(struct running_test *r);

#endif
