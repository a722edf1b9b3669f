/* submission.h - what a student has handed in: taken in carefully, then built where nothing hidden can be
 * seen.
 *
 * A workshop is a private temporary folder. submission_take copies into it the files that the lab asks for
 * and nothing else: no symbolic links, no devices, no file above its size. workshop_build compiles them with
 * fixed flags, unprivileged and without network where the system allows that (bubblewrap), where the lab's
 * tests cannot be seen. */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include "tools/trapeze/grade/lab/lab.h"

struct workshop {
  char *path;      /* of the temporary folder */
  bool sandboxed;  /* bubblewrap is there and works here */
  uint64_t digest; /* of what was taken last */
  /* The student whose numbers submission_take fills in: for solutions of the lab's own, whose files may have
   * {seed:...} in them as starter files do. NULL, as for every student's work: nothing is filled in. */
  const char *fill_in;
};

struct artifact {
  const struct lab_build *build;
  bool built;
  struct bytes elf;   /* when built: the linked file without debug information, which is run */
  struct bytes debug; /* when built: the same with debug information, for symbols and the debugger */
  char *words; /* when not built: what the tools said, without our paths, printable, and capped; malloc'ed */
};

/* Makes a workshop, for workshop_close. Notes on stderr when there is no sandbox. Dies with GRADE_TROUBLE when the folder cannot be made. */
struct workshop workshop_open(void);
/* Removes the folder and forgets what was compiled in it. A workshop may be closed twice. */
void workshop_close(struct workshop *w);

/* Copies the files that `lab` asks for from `folder` into the workshop. `folder` may also be a zip or tar file that
 * holds them (unpack.h), a folder with such an archive or with one folder alone, or the file itself, when the lab asks for one file
 * only. NULL when all files are there as asked; otherwise what is wrong, as
 * lines for the student, malloc'ed: the files that could be taken are in the workshop all the same. Dies with
 * STATUS_USAGE when nothing is called `folder`, and with GRADE_TROUBLE when the workshop cannot
 * be written. */
char *submission_take(struct workshop *w, const struct lab *lab, const char *folder);
/* The digest of what submission_take would take. Dies with STATUS_USAGE when nothing is called `folder`. */
uint64_t submission_digest(const struct lab *lab, const char *folder);
/* What the submission at `path` is called: without the ending when it is an archive. The caller frees it. */
char *submission_name(const char *path);
/* Is `folder` one of the solutions in the lab's own folder? */
bool submission_is_solution(const struct lab *lab, const char *folder);
/* Reads a file as it was taken; the caller frees content->data. False when it was not handed in. */
bool submission_file(const struct workshop *w, const char *name, struct bytes *content);

/* Builds one artifact, for artifact_free. Whether it was built is in the result. An artifact of the lab's own
 * that does not build is a mistake of the lab: dies with GRADE_BROKEN. Dies with GRADE_TROUBLE when a tool or
 * a file of ours is missing. */
struct artifact workshop_build(struct workshop *w, const struct lab *lab, const struct lab_build *build);
void artifact_free(struct artifact *a);
/* Forgets what was compiled of the submission in `w`, because another one follows. submission_take and
 * workshop_close call it. */
void workshop_forget(const struct workshop *w);

#endif
