/* test.h - one test, in a process of its own: whatever happens to the grader in it is noticed, and is never a
 * score. */
#ifndef GRADE_TEST_H
#define GRADE_TEST_H

#include "expect.h"
#include "result.h"

/* A test that runs. */
struct running_test {
  size_t test; /* index in the lab */
  int pid, fd; /* fd: what it has found */
  struct bytes found;
  uint64_t started_ns;
};

/* Begins it. `submission` is what the command line called the student's files. */
struct running_test test_start(const struct built *b, size_t test, const char *submission);
/* Its process has closed fd: takes what it has found into the result. Dies with GRADE_TROUBLE when that is
 * not whole. */
void test_take(struct running_test *r, struct result *result);
/* Ends its process at once. */
void test_kill(struct running_test *r);

#endif
