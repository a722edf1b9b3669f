/* lockstep.h - a guest in a VM and the same guest on a bare machine, run in step and compared.
 *
 * The VM runs ahead, because a guest's input comes when its VMM hands it over; the bare machine follows a
 * block behind and gets the same input at the same ticks. Each side folds its steps into one rolling hash,
 * with a checkpoint at the end of each block. To look into a block that differs, run the pair once more with
 * keep_from set: then the steps of that block are kept. */
#ifndef LOCKSTEP_H
#define LOCKSTEP_H

#include "verify.h"

#define BLOCK 8192 /* steps from checkpoint to checkpoint */

/* One machine, and what its guest has done. */
struct side {
  struct machine *m;
  struct stream stream;
  uint64_t steps, insns, traps, by_cause[PG32_CAUSES]; /* steps = insns + traps */
  uint64_t app_insns;                                  /* of insns: those in user mode */
  uint64_t hash, *checkpoint;
  size_t checkpoints;
  uint64_t target;         /* stop after this many steps */
  uint64_t hash_at_target; /* the hash then: a trap can end two steps at once, so there may be one more */
  bool ended;
  enum machine_exit exit; /* when it has ended */
  struct bytes output;    /* the console's */
  uint64_t keep_from;     /* keep the steps from this number on, at most a block and one; UINT64_MAX = none */
  struct step *kept;      /* room for them, */
  struct step_facts *about; /* and for the facts of each */
  size_t n_kept;
  enum fidelity_scope scope;
  /* the bare side only: the input that the VM's guest has received, to compare the two clocks by it */
  const struct stream *given;
  size_t timed;      /* so many arrivals have been compared */
  uint64_t tick;     /* on the bare machine, when the guest had made the steps before the next arrival */
  bool another_time; /* an arrival's tick is not one that the bare machine had at that step */
};

struct pair {
  const struct options *options; /* as given to pair_open */
  unsigned depth;                /* of the VM's guest, 1 or more */
  uint64_t max_insns;            /* of the real machine that holds the VM */
  enum fidelity_scope scope;
  uint64_t blocks; /* compare so many blocks only; 0 = all */
  uint64_t
      app_insns; /* compare until the bare machine has executed so many instructions in user mode; 0 = all */
  struct side nested, bare;
  /* The VMM says what its guest receives, and the bare machine gets that. It must be what was typed. */
  struct bytes input;  /* what was typed */
  size_t fed;          /* so much of it the bare machine has got so far; one more after the hang-up */
  bool other_input;    /* the guest has got something else */
  bool claims_ignored; /* see struct stream */
};

/* Makes both machines. `p` is all zero but for scope, blocks, app_insns, claims_ignored, and the sides' keep_from, kept and
 * about; pair_close frees the last two. `o` and `input` must stay where they are until then. A byte of `input` comes every
 * `pace` ticks of the outermost machine, or all
 * at once when it is 0. Dies as boot_assemble and boot_machine do. */
void pair_open(struct pair *p, const struct options *o, struct bytes input, uint64_t pace);
void pair_close(struct pair *p);

/* Runs both until a checkpoint differs or they end. Returns the number of blocks that agree. *same is set to
 * true when all steps were the same, and is left alone when a block differs. */
uint64_t pair_run(struct pair *p, bool *same);
/* The index, among the kept steps, of the first one that differs. */
size_t pair_first_difference(const struct pair *p);
/* A kept step; NULL when the side made no step of that index. And its facts; NULL as well. */
const struct step *side_kept(const struct side *s, size_t i);
const struct step_facts *side_facts(const struct side *s, size_t i);
/* After a run in which all steps were the same: what else differs at the end ("the console output"),
 * or NULL. */
const char *pair_residue(const struct pair *p);

/* ---- behaviour.c ---- */

/* The same question for a guest whose kernel knows that it is a guest: do its programs do the same bare? Both machines
 * get the input; says the answer on stdout, and returns the exit status of `verify fidelity`. */
int verify_behaviour(const struct options *o, struct bytes input, uint64_t pace);

/* ---- diagnosis.c ---- */

/* Writes one or two sentences about what the VMM did, from the facts of kept step i, the first that differs;
 * nothing when the facts show no more than the steps themselves. *tick becomes the machine's tick at the trap out of the
 * guest that led to the difference; 0 when none did. False when the sentences name no mistake of the VMM's, but only
 * what the guest noticed, or when there are none. */
bool diagnose(FILE *f, const struct pair *p, size_t i, uint64_t *tick);

#endif
