/* submission.h - what a student has handed in: taken in carefully, then built away from everything hidden.
 *
 * A workshop is a private temporary folder. submission_take copies the files that the lab asks for, and
 * nothing else, into it: no symbolic links, no devices, nothing above its size. workshop_build compiles them
 * with fixed flags, unprivileged and without network where the system allows (bubblewrap), where the lab's
 * tests cannot be seen. */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include "tools/trapeze/grade/lab/lab.h"

struct workshop {
  char *path;     /* of the temporary folder */
  bool sandboxed; /* bubblewrap is there and works here */
};

struct artifact {
  const struct lab_build *build;
  bool built;
  struct bytes elf;   /* when built: the linked file without debug information, what is run */
  struct bytes debug; /* and with it: for symbols, and for the debugger's command */
  char *words;        /* otherwise: the tools' words, paths of ours taken out, printable, capped; malloc'ed */
};

/* Dies with GRADE_TROUBLE when there is no room. */
struct workshop workshop_open(void);
void workshop_close(struct workshop *w); /* removes the folder */

/* Copies `folder` (or the single file that it is, when the lab wants one) into the workshop. NULL when all is
 * there as asked; otherwise what is wrong, for the student, as lines: malloc'ed. The files that could be
 * taken are there all the same. Dies with STATUS_USAGE when there is nothing called `folder`. */
char *submission_take(struct workshop *w, const struct lab *lab, const char *folder);
/* A file as taken, malloc'ed; false when it was not handed in. */
bool submission_file(const struct workshop *w, const char *name, struct bytes *content);

/* Builds one artifact. A lab's own that does not build: dies with GRADE_BROKEN. */
struct artifact workshop_build(struct workshop *w, const struct lab *lab, const struct lab_build *build);
void artifact_free(struct artifact *a);
/* Forgets what was compiled of the submission in `w`: it is another one from now on. submission_take and
 * workshop_close call it. */
void workshop_forget(const struct workshop *w);

#endif
