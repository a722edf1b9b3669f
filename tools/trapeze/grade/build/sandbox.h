/* sandbox.h - running a tool on a student's files: limited always, shut in by bubblewrap where that works. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "submission.h"

/* Limits of one job: a compiler that needs more was asked for something absurd. */
enum {
  JOB_CPU_SECONDS = 10,
  JOB_WALL_SECONDS = 300,
  JOB_MEMORY_MB = 1024,
  JOB_FILE_MB = 64,
  JOB_FILES = 256
};

/* Where everything of ours lies; absolute, links resolved. */
struct toolchain {
  char *bin, *share, *clang; /* folder, folder, program */
};
/* Dies with GRADE_TROUBLE when a tool is missing. The result is kept and must not be freed. */
const struct toolchain *toolchain(void);

struct job {
  char *const *argv;   /* argv[0]: an absolute path */
  const char *folder;  /* the one place where it may write; `tmp` in it is for temporary files */
  const char *current; /* its current folder */
  const char *see[8];  /* what else it may read besides the toolchain and our headers: absolute paths, NULL
                          ends them */
  const char *hide;    /* a folder that it must not see even if it lies where the toolchain lies; or NULL */
};

enum job_end {
  JOB_GOOD,
  JOB_BAD,      /* it found a mistake, and says which */
  JOB_CRASHED,  /* it broke down: out of memory, most likely */
  JOB_EXPENSIVE /* it used up its processor time */
};

/* Runs it to its end, `shut` in by bubblewrap or not. *said is what it wrote, the beginning of it. Dies with
 * GRADE_TROUBLE when it cannot be started, or did not get on although it used no time. */
enum job_end job_run(bool shut, const struct job *job, struct bytes *said);

/* Tries whether bubblewrap is there and may do here what we ask of it. `folder`: a private one. */
bool sandbox_works(const char *folder);

#endif
