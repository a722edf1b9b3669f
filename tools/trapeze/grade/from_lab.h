/* from_lab.h - a test's run as `trapeze run`, `trace` and `debug` have it: the same machine with the same
 * student's files, so that the same event has the same number. */
#ifndef FROM_LAB_H
#define FROM_LAB_H

#include "tools/trapeze/trapeze.h"

struct from_lab {
  const char *lab, *submission, *test, *run, *student; /* NULL = not given */
};
/* A child for argp: its input is a struct from_lab, all NULL at first. */
extern const struct argp from_lab_argp;

/* When a lab's test is asked for, makes `o` its run: builds what it needs of the submission. Dies with
 * STATUS_USAGE when there is no such test, it is not a visible one, or what it needs does not build. What `o`
 * then points to lives as long as the process. */
void from_lab_options(const struct from_lab *f, struct options *o);

#endif
