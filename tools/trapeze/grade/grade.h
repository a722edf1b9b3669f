/* grade.h - one submission graded: what the commands `trapeze grade` and `trapeze lab check` call. */
#ifndef GRADE_H
#define GRADE_H

#include "tools/trapeze/grade/build/submission.h"
#include "tools/trapeze/grade/intake/rubric.h"
#include "tools/trapeze/grade/judge/result.h"

#define PATIENCE 600 /* seconds, when nobody says */

struct grading {
  const struct lab *lab;
  const char *submission; /* folder or file */
  const char *student;    /* what {seed:...} depends on; NULL = the submission's base name */
  const char *only;       /* the id of one test, which is graded with those that it builds on; NULL = all */
  bool solution;          /* the files are the lab's own, wherever they are: fill in the student's numbers */
  bool elsewhere;         /* the result is read on another machine, by someone in the submission's folder: its
                             commands say `.` for the submission, and the lab's name for the lab */
  const struct rubric *rubric; /* points that a person has given; NULL = tests with a `rubric` are left out */
  bool apart;                  /* run each test, whatever came of those that must pass before it */
  bool until_failed;           /* when a test is not passed, start no other one */
  bool further;                /* look for further mistakes in tests that are skipped */
  bool reveal;                 /* tell of hidden tests what is told of visible ones */
  unsigned jobs;               /* tests at the same time, from 1 */
  unsigned patience; /* seconds until a test is given up, which is trouble and no score; 0 = PATIENCE */
};

/* Takes in the submission, builds it, and runs the tests, each in a process of its own. Returns the result,
 * for result_free. A crash or time-out of the grader itself is never a score: then grade dies with
 * GRADE_TROUBLE and there is no result; so it does when the table of points has none of this student. Dies with GRADE_BROKEN when the lab is wrong, with STATUS_USAGE when
 * there is no such submission or test. */
struct result *grade(const struct grading *g);

/* The student whose submission it is, when nobody says: the last part of its path, without the ending of an
 * archive. The caller frees it. */
char *student_of(const char *submission);

/* The command `trapeze lab check`; argv[0] is its name. Returns its exit status. */
int lab_check(int argc, char **argv);

#endif
