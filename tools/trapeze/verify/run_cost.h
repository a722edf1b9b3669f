/* run_cost.h - what one run at one depth has cost, in instructions of the machine.
 *
 * Every record of the recorder names the lane that ran until then, so the instructions between two records are
 * charged to that lane. Loading the innermost guest is not counted. */
#ifndef RUN_COST_H
#define RUN_COST_H

#include "isa/pg32.h"
#include "verify.h"

/* What executes an instruction: the innermost guest's machine, the VMMs around it,
 * or the kernels below them. */
enum who { WHO_GUEST, WHO_VMMS, WHO_KERNELS, WHOS };

struct run_cost {
  unsigned depth;
  uint64_t by[WHOS];              /* instructions since the innermost guest's first */
  uint64_t boot;                  /* instructions before that */
  uint64_t native, emulated;      /* the guest's own */
  uint64_t exits, own_exits;      /* of all guests; of the innermost one and those in it */
  uint64_t traps;                 /* of the machine, since the innermost guest's first instruction */
  uint64_t by_cause[PG32_CAUSES]; /* of exits */
  double overhead;     /* instructions of the machine for one of the bare run; set by who has that */
  uint32_t status;     /* exit status */
  struct bytes output; /* the console's */
};

static inline uint64_t run_total(const struct run_cost *c) { return c->by[0] + c->by[1] + c->by[2]; }

/* Called for each event: `ran` instructions have been retired since the event before, and lane `to` runs now. */
typedef void run_cost_watch(void *arg, const struct record *rec, const struct lane *to, uint64_t ran);

/* Runs what `options` says at that depth in place of options->depth, without a person: the console's input is
 * options->input, all of it at the start, then a hang-up. Sets *c; the caller frees c->output.data. `watch` may be
 * NULL, else it gets `arg`. Returns why the machine stopped. Dies as boot_machine does, and when memory is short. */
enum machine_exit run_cost_measure(const struct options *options, unsigned depth, struct run_cost *c,
                                   run_cost_watch *watch, void *arg);

#endif
