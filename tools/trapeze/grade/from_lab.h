/* from_lab.h - a lab's test as `trapeze run`, `trace` and `debug` run it: the same machine with the same
 * student's files as in grading, so that the same event has the same number. */
#ifndef FROM_LAB_H
#define FROM_LAB_H

#include "tools/trapeze/trapeze.h"

struct from_lab {
  const char *lab, *submission, *test, *run, *student; /* words of the command line; NULL = not given */
};
/* A child parser for argp. Its input is a struct from_lab, all NULL at first. */
extern const struct argp from_lab_argp;

/* When the command line asks for a lab's test, makes `o` the options of that test's run and builds what the
 * run needs of the submission; otherwise changes nothing. Dies with STATUS_USAGE when there is no such test,
 * when the test is not visible, or when what it needs does not build.
 * What `o` then points to is never freed. */
void from_lab_options(const struct from_lab *f, struct options *o);

#endif
