/* result.h - what grading one submission has found, and the formats that tell it.
 *
 * All texts are printable UTF-8 with newlines: whatever came out of a guest or a student's file was escaped
 * and capped when it came in. Nothing in a result depends on time, order of execution, or the machine it was
 * made on. */
#ifndef RESULT_H
#define RESULT_H

#include "tools/trapeze/grade/lab/lab.h"

enum test_status { TEST_PASSED, TEST_FAILED, TEST_SKIPPED };

struct test_result {
  const struct lab_test *test;
  enum test_status status; /* FAILED: less than full marks */
  double score;
  char *feedback; /* what was expected, what happened, events around it, hints; "" when passed. Of a hidden
                     test: that it failed, no more */
  char *debug;    /* command line that opens the debugger there, or NULL */
};

struct figure_result {
  const struct lab_figure *figure;
  bool known; /* its test was passed */
  uint64_t value;
};

struct result {
  const struct lab *lab;
  char *student; /* --student, or the submission's base name; malloc'ed */
  double score, max;
  char *trouble; /* with the hand-in or the build: lines for the student; NULL = none */
  bool sandboxed;
  unsigned unbuilt; /* artifacts of the submission that were needed and do not build */
  struct test_result
      *test; /* lab->tests of them; with --only those left out are not there: `test` is NULL in them */
  struct figure_result *figure; /* lab->figures of them */
};

void result_free(struct result *r);

/* A format writes one result; a file of its own each, format_NAME.c. */
struct format {
  const char *name, *file; /* --format NAME; what -o DIR calls it: "results.json" */
  void (*write)(FILE *f, const struct result *r);
};
extern const struct format format_text, format_json, format_gradescope, format_prairielearn, format_autolab,
    format_junit, format_tap;
const struct format *format_find(const char *name); /* NULL: no such */

/* Points as text: at most two digits behind the point, none when whole. */
const char *points_text(double points, char buf[32]);
const char *visibility_name(enum visibility v); /* Gradescope's own words */

#endif
