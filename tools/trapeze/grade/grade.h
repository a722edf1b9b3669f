/* grade.h - one submission graded: what the commands and `lab check` call. */
#ifndef GRADE_H
#define GRADE_H

#include "tools/trapeze/grade/judge/result.h"
#include "tools/trapeze/grade/build/submission.h"

#define PATIENCE 600

struct grading {
  const struct lab *lab;
  const char *submission; /* folder or file */
  const char *student;    /* NULL: the submission's base name; what {seed:...} comes from */
  const char *only;       /* one test's id (and those it depends on), or NULL */
  bool elsewhere; /* the result is read elsewhere: its commands are for who stands in the submission\'s folder
                   */
  bool reveal;    /* feedback of hidden tests as of visible ones */
  unsigned jobs;  /* tests at the same time, from 1 */
  unsigned
      patience; /* seconds that a test may take here before it is given up: that is trouble; 0 = PATIENCE */
};

/* Each test runs in a process of its own, so that a crash or time-out of ours is noticed: then it dies with
 * GRADE_TROUBLE and there is no result. */
struct result *grade(const struct grading *g);

/* The student that a submission is of when nobody says: its last part. malloc'ed. */
char *student_of(const char *submission);

int command_grade(int argc, char **argv);
int command_lab(int argc, char **argv); /* lab new|check|starter|package */
int lab_check(int argc, char **argv);   /* the command `lab check`; argv[0] is its name */

#endif
