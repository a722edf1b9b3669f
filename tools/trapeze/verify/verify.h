/* verify.h - what the measurements of `trapeze verify` share.
 *
 * Popek and Goldberg (1974) ask three things of a VMM: fidelity (they say equivalence), performance
 * (efficiency) and safety (resource control). Each is one file and one row of the table in verify.c. */
#ifndef VERIFY_H
#define VERIFY_H

#include "isa/platform.h"
#include "tools/trapeze/trapeze.h"

enum { VERIFY_HOLDS = 0, VERIFY_FAILS = 1 }; /* exit statuses, besides STATUS_USAGE and STATUS_BUDGET */

int verify_fidelity(int argc, char **argv);
int verify_performance(int argc, char **argv);
int verify_safety(int argc, char **argv);

/* ---- fidelity.c ---- */

struct fidelity_result {
  bool same;
  char words[240];  /* otherwise: what differs */
  char *details;    /* and lines about the first step that does; malloc'ed, may be NULL */
  uint64_t retired; /* instructions of the machine around it when it was noticed */
};
/* Does the guest of `o` (at depth 1 or more) do the same as on the bare machine, with `input` on the console
 * from the start? Runs at most max_insns instructions. The caller frees result->details. Dies as
 * boot_assemble does. */
void fidelity_compare(const struct options *o, struct bytes input, uint64_t max_insns,
                      struct fidelity_result *result);

/* ---- stream.c: what a guest's machine does, step by step, wherever that guest runs ---- */

/* An instruction that the guest's machine has retired, or a trap that the guest sees. */
struct step {
  uint32_t trap;
  uint32_t pc, status, word, x[32]; /* an instruction: before it */
  uint32_t low_core[6]; /* a trap: what it has left in the low core, PC STATUS TIMER CAUSE BADVA BADINST */
};

/* A byte of console input, or 256 for the hang-up, and the tick of the guest's at which it came. */
struct arrival {
  uint64_t tick;
  uint32_t byte;
};

typedef void stream_sink(void *arg, const struct step *step);

struct stream {
  struct machine *m;
  unsigned depth; /* whose guest: 0 = the machine itself */
  stream_sink *sink;
  void *arg;
  struct arrival *arrival; /* depth > 0: the input that the guest has received */
  size_t arrivals;
  /* the stream's own */
  struct recorder *recorder; /* NULL at depth 0 */
  struct machine_observer recording;
  bool inside, begun, left, owed;
  struct step now;          /* begun, but it is not known whether it retires */
  uint64_t retired;         /* by the machine, when it began */
  uint32_t status;          /* virtual; as last entered */
  struct machine_trap exit; /* how the guest was left last */
};

/* Observes m from now on, and calls `sink` for each step of the guest at `depth`. `s` must stay where it is
 * until stream_close. */
void stream_open(struct stream *s, struct machine *m, unsigned depth, stream_sink *sink, void *arg);
/* To be called when the machine has stopped for good: passes on the last step, if the instruction under way
 * has retired. */
void stream_finish(struct stream *s, enum machine_exit exit);
void stream_close(struct stream *s);

#endif
