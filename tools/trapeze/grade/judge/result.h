/* result.h - what grading one submission has found.
 *
 * All texts are printable UTF-8 with newlines: what came out of a guest or a student's file was escaped and
 * capped when it came in. Nothing in a result depends on time, on the order of execution, or on the machine
 * that it was made on. */
#ifndef RESULT_H
#define RESULT_H

#include "tools/trapeze/grade/lab/lab.h"

enum test_status { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

struct test_result {
  const struct lab_test *test; /* NULL: not part of this result, because `--only` named another test */
  enum test_status status;     /* FAILED: less than full marks */
  double score;                /* 0 .. test->points */
  char *feedback; /* what was expected, what happened, the events around it, hints; "" when passed. Of a
                     hidden test only that it failed */
  char *debug;    /* the command that opens the debugger at the failure, or NULL */
  uint64_t event; /* which event that is, in test->run[run]; 0: none */
  unsigned run;
  bool page; /* there is a page that plays the events around it (pages.h) */
  char *
      mistake; /* what the VMM did wrong, as the feedback says it; NULL: not known. Of a SKIPPED test: a mistake of
                    another kind than the tests before it show */
};

struct figure_result {
  const struct lab_figure *figure;
  bool known; /* its test was passed */
  uint64_t value;
};

/* A result owns all that its pointers lead to, except the lab. The lab must outlive it. */
struct result {
  const struct lab *lab;
  char *student;     /* --student, or the submission's base name */
  double score, max; /* of the tests that are part of the result */
  char *trouble;     /* what is wrong with the hand-in or the build: lines for the student; NULL = nothing */
  struct {
    char lab[20], submission[20]; /* what it is the result of: texts of build/digest.h */
  } digest;
  unsigned unbuilt;             /* artifacts of the submission that were needed and do not build */
  struct test_result *test;     /* as many as lab->tests */
  struct figure_result *figure; /* as many as lab->figures */
};

/* Frees a result and what it owns. NULL is allowed. */
void result_free(struct result *r);

/* Points rounded to two decimals. */
double points_rounded(double points);
/* Points as text, written into `buf`, which is returned: at most two decimals, none for whole points; for
 * example "2.5". */
const char *points_text(double points, char buf[32]);

#endif
