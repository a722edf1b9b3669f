/* grade.h - one submission graded: what the commands and `lab check` call. */
#ifndef GRADE_H
#define GRADE_H

#include "result.h"
#include "submission.h"

struct grading {
  const struct lab *lab;
  const char *submission; /* folder or file */
  const char *student;    /* NULL: the submission's base name; what {seed:...} comes from */
  const char *only;       /* one test's id (and those it depends on), or NULL */
  unsigned jobs;          /* tests at the same time, from 1 */
};

/* Each test runs in a process of its own, so that a crash or time-out of ours is noticed: then it dies with GRADE_TROUBLE
 * and there is no result. */
struct result *grade(const struct grading *g);

int command_grade(int argc, char **argv);
int command_lab(int argc, char **argv); /* lab new|check|starter|package */

#endif
