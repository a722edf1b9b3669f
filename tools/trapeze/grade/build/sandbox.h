/* sandbox.h - running a tool on a student's files: always with limits, and inside bubblewrap where that
 * works.
 *
 * Inside bubblewrap a job has no network and no other processes, and sees the system's programs, our tools
 * and headers, and the folders that the job names; nothing else. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include "submission.h"

/* Limits of one job. A compiler that needs more was asked for something absurd. */
enum {
  JOB_CPU_SECONDS = 10,
  JOB_WALL_SECONDS = 300,
  JOB_MEMORY_MB = 1024,
  JOB_FILE_MB = 64, /* of one file that it writes */
  JOB_FILES = 256   /* open at a time */
};

/* Where our tools and files are; paths are absolute, links resolved. */
struct toolchain {
  char *bin;   /* the folder of pg32-cc, pg32-as and pg32-ld */
  char *share; /* the folder share/trapeze: include/, lib/, obj/, src/, labs/ */
  char *clang; /* the compiler itself */
};
/* Finds the toolchain beside the executable, once in a process. Dies with GRADE_TROUBLE when a tool is
 * missing. The result must not be freed. */
const struct toolchain *toolchain(void);
/* Compiles with another clang from now on: a name that is looked for in PATH, or a path. False when there is none. */
bool toolchain_use(const char *clang);

struct job {
  char *const *argv;   /* argv[0] is an absolute path; a NULL ends the words */
  const char *folder;  /* the one folder where the job may write; `tmp` in it is for temporary files */
  const char *current; /* its current folder */
  const char *see[8];  /* other folders that it may read: absolute paths; a NULL ends them */
  const char *hide;    /* a folder that it must not see, even below a folder that it may see; or NULL */
  bool once;           /* it changes its own input, so that running it again proves nothing */
};

enum job_end {
  JOB_GOOD,      /* exit status 0 */
  JOB_BAD,       /* the tool found a mistake, and said which */
  JOB_CRASHED,   /* the tool broke down: most likely out of memory */
  JOB_EXPENSIVE, /* it used up its processor time */
  JOB_KILLED /* SIGKILL ended it, and not for its processor time: for example a computer short of memory */
};

/* Runs a job to its end: inside bubblewrap when `shut`, else only with limits. *said is the beginning of what
 * the job wrote; the caller frees said->data. Dies with GRADE_TROUBLE when the job cannot be started, or does
 * not end within JOB_WALL_SECONDS although it uses little processor time. */
enum job_end job_run(bool shut, const struct job *job, struct bytes *said);

/* confirm.c: the same, for a job whose failure costs points or blames the lab. A failure is returned only when
 * it is the fault of what the job was given: there is room on the disk, the compiler compiles a file that is
 * right, and the job fails twice in the same way (unless job->once). Otherwise dies with GRADE_TROUBLE. Never
 * returns JOB_KILLED. */
enum job_end job_confirmed(bool shut, const struct job *job, struct bytes *said);

/* Is bubblewrap installed, and may it do here what job_run asks of it? Tries with a small job in `folder`, a
 * private folder with a folder `tmp`. */
bool sandbox_works(const char *folder);

#endif
