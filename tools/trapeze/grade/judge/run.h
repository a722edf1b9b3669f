/* run.h - one run of a test: the machine that its lab describes, with recorder and watchers, and all that can
 * be asked of it afterwards. One run serves all expectations of its test. */
#ifndef GRADE_RUN_H
#define GRADE_RUN_H

#include "tools/trapeze/grade/build/submission.h"
#include "tools/trapeze/grade/lab/counter.h"
#include "tools/trapeze/grade/lab/lab.h"
#include "tools/trapeze/verify/safety.h"

/* What a submission has become, before its tests. Owns nothing. */
struct built {
  const struct lab *lab;
  const struct workshop *workshop;
  const struct artifact *artifact; /* as many as lab->builds; .build is NULL in those that no run needs */
  const char *student;
  bool reveal;    /* tell of hidden tests too: who asks has the solutions */
  bool elsewhere; /* the result is read where the lab is called by its name, in the submission's folder */
  bool named;     /* the student was named on the command line: the submission's name does not tell */
};

/* ---- plan.c: how a run is put together ---- */

struct plan {
  struct options options; /* points into the plan, the lab and the artifacts */
  struct initrd_file file[4 + ALSO_MOST];
  struct bytes image;
  char **words; /* PROG ARGS..., NULL at the end */
  struct bytes input;
};

/* The artifact called `name`; NULL when `build` has none, or `name` is NULL. */
const struct artifact *built_artifact(const struct built *b, const char *name);
/* Does the run need the artifact of that name? */
bool run_needs(const struct lab_run *run, const char *artifact);
/* The first artifact that the run needs and that could not be built; NULL when none is lacking. */
const struct artifact *plan_lacks(const struct built *b, const struct lab_run *run);
/* The name of the submitted image that the run needs and that was not handed in;
 * NULL when it is not lacking. */
const char *plan_lacks_file(const struct built *b, const struct lab_run *run);
/* The CPU that lab.yaml names, for this student; NULL is pg32. Dies with GRADE_BROKEN when there is none. */
enum machine_cpu plan_cpu(const struct built *b, const char *name);
/* Fills *p, for plan_free; nothing that the run needs may be lacking. Dies with GRADE_BROKEN when a file of
 * the lab's cannot be read. */
void plan_make(struct plan *p, const struct built *b, const struct lab_run *run);
void plan_free(struct plan *p);

/* ---- run.c ---- */

enum run_end {
  RUN_POWERED_OFF,
  RUN_CHECKSTOPPED,
  RUN_REFUSED, /* the machine cannot load the image */
  RUN_LIMIT_INSTRUCTIONS,
  RUN_LIMIT_EXITS,
  RUN_LIMIT_CONSOLE,
  RUN_LIMIT_EVENTS /* more events than a grader keeps */
};

/* Words of memory that an expectation asks for: as they were when the guest of that level powered off, or at
 * the end of the run; or when a program ended by itself. */
struct memory_ask {
  unsigned level; /* 0 = the machine, 1 = its guest, ... */
  const char
      *program; /* NULL, or: of this program's process at that level, when it last exits; its own addresses */
  uint32_t address;
  size_t words;
  uint32_t *word; /* in: room for them; out: what was there */
  bool known;     /* out: all of it is memory */
};

struct run {
  const struct lab_run *of;
  struct plan plan;
  enum run_end end;
  uint32_t status;      /* POWERED_OFF */
  char why[200];        /* CHECKSTOPPED, REFUSED */
  struct bytes console; /* at most the limit */
  struct events events;
  struct record *wrong; /* whole records of the first traps that a VMM dealt with wrongly: they say how */
  size_t wrongs;
  struct counts counts;
  struct machine_regs regs;        /* at the end */
  const struct recorder *recorder; /* for the names of lanes */
  struct watch *watch;             /* what must hold of a VMM; NULL at depth 0 */
  struct machine *machine;         /* NULL when REFUSED */
};

/* Runs the machine to its end or to a limit, and answers `ask`. The result is for run_free. Dies as plan_make
 * and boot_assemble do. */
struct run *run_new(const struct built *b, const struct lab_run *of, struct memory_ask *ask, size_t asks);
/* Frees a run and what it owns. NULL is allowed. */
void run_free(struct run *r);
/* The limit that ended the run, as "100000000 instructions", written into `buf`, which is returned; NULL when
 * the run ended by itself. */
const char *run_limit(const struct run *r, char *buf, size_t size);

#endif
