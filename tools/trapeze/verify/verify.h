/* verify.h - what the measurements of `trapeze verify` share.
 *
 * Popek and Goldberg (1974) ask three things of a VMM: fidelity (they say equivalence), performance
 * (efficiency) and safety (resource control). Each is one file and one row of the table in verify.c. */
#ifndef VERIFY_H
#define VERIFY_H

#include "isa/platform.h"
#include "machine/recorder.h"
#include "tools/trapeze/trapeze.h"

enum { VERIFY_HOLDS = 0, VERIFY_FAILS = 1 }; /* exit statuses, besides STATUS_USAGE and STATUS_BUDGET */

int verify_fidelity(int argc, char **argv);
int verify_performance(int argc, char **argv);
int verify_safety(int argc, char **argv);
int verify_translation(int argc, char **argv);

/* All of stdin; nothing if stdin is a terminal. The caller frees .data. */
struct bytes verify_stdin(void);
/* The option --random SEED: fuzz_options, or an error of argp's. */
void verify_random(struct options *o, const char *seed, struct argp_state *state);

/* ---- fuzz.c ---- */

/* The guest of *o is a random machine: code that jumps about, writes itself, and traps all the time. To be called once. */
void fuzz_options(struct options *o, uint64_t seed);

/* ---- fidelity.c ---- */

struct fidelity_result {
  bool same;
  char words[240]; /* otherwise: what differs */
  char *details;   /* and lines about the first step that does; malloc'ed, may be NULL */
  char *
      mistake; /* of these lines the sentences that say what the VMM did wrong; malloc'ed, NULL: the facts show none */
  uint64_t retired; /* instructions of the machine around it, at the step that differs */
  uint64_t tick;    /* the machine's, at the trap out of the guest that led to the difference; 0: none did */
};
/* What is compared of a guest in a VM and of the same guest on the bare machine. */
enum fidelity_scope {
  FIDELITY_ALL, /* everything that a guest can notice: instructions, registers, STATUS, traps, TIMER, time */
  FIDELITY_PATH /* the instructions that the guest executed, in order, and the registers before each */
};
/* How much of the guest is compared: all, if both are 0. Otherwise from its first step on until it has made so many
 * steps, or until it has executed so many instructions in user mode; rounded up to whole blocks (lockstep.h). */
struct fidelity_part {
  uint64_t steps;
  uint64_t app_insns;
};
/* Does the guest of `o` (at depth 1 or more) do the same as on the bare machine, with `input` on the console
 * from the start? Compares the part; if that is all of the guest, also what it leaves behind at its end: output,
 * exit status, disk. Runs at most max_insns instructions. The caller frees result->details and
 * result->mistake. Dies as
 * boot_assemble does. */
void fidelity_compare(const struct options *o, struct bytes input, uint64_t max_insns,
                      enum fidelity_scope scope, struct fidelity_part part, struct fidelity_result *result);

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
  uint64_t steps; /* that the guest had made before it */
};

/* What the machine around a step showed of it. Two runs whose steps are the same may differ in this. */
struct step_facts {
  /* An instruction: the entries that the machine's own TLB had, just before it, for its fetch and for the
   * address of its load or store. A trap on the bare machine: `data` is the entry for BADVA. */
  struct machine_tlb_entry fetch, data;
  uint32_t address; /* of the load or store */
  /* Depth 1 or more: how the machine left the guest last, since the step before; cause 0: not at all. */
  struct machine_trap exit;
  /* Since the step before there may have been several exits: the first one, and where the guest went on. */
  unsigned exits;
  struct machine_trap first;
  uint32_t first_pc, first_a0;
  uint64_t before;  /* the tick of the first one before the instruction had begun; 0: there was none */
  uint64_t retired; /* instructions of the machine when this step began; of a trap: when it was noticed */
  uint32_t vstatus; /* the virtual STATUS at that exit */
  uint64_t exit_tick, resume_tick; /* the machine's time then, and when it entered the guest again */
  bool emulated; /* an instruction: the machine did not retire it; its VMM resumed the guest after it */
  /* Was the guest resumed at its vector after that exit? Then its low core, and the virtual STATUS, said: (When that
   * exit's instruction was emulated, and is therefore the step before, this is told of both steps.) */
  bool at_vector;
  uint32_t low_core[6], entered_status;
};

/* A change of the bare machine's TLB. */
struct tlb_change {
  uint64_t step;   /* steps that came before it */
  bool write;      /* tlbw; else tlbi */
  uint32_t hi, lo; /* of a tlbi: lo is the scope */
};

typedef void stream_sink(void *arg, const struct step *step);

struct stream {
  struct machine *m;
  unsigned depth; /* whose guest: 0 = the machine itself */
  stream_sink *sink;
  void *arg;
  struct arrival *arrival; /* depth > 0: the input that the guest has received */
  size_t arrivals;
  /* Facts are found only while this is set: it takes time. They are those of the step that is passed on. */
  bool curious;
  struct step_facts facts;
  struct tlb_change *change; /* depth 0, and `curious_of_tlb` */
  size_t changes;
  bool curious_of_tlb;
  /* the stream's own */
  uint64_t steps;            /* passed on */
  bool trapped;              /* the last of them was a trap */
  struct recorder *recorder; /* NULL at depth 0 */
  struct machine_observer recording;
  bool inside, begun, left, owed;
  bool translated; /* the machine executes a translation of the guest's code */
  bool
      claims_ignored; /* what a VMM claims of its translation counts for nothing; to be set after stream_open */
  uint32_t exit_pc;   /* the machine's PC when the guest was left last */
  struct step now;    /* begun, but it is not known whether it retires */
  uint64_t retired;   /* by the machine, when it began */
  uint32_t status;    /* virtual; as last entered */
  struct machine_trap exit; /* how the guest was left last */
};

/* Observes m from now on, and calls `sink` for each step of the guest at `depth`. `s` must stay where it is
 * until stream_close. */
void stream_open(struct stream *s, struct machine *m, unsigned depth, stream_sink *sink, void *arg);
/* Notes the changes of the machine's TLB from now on. For depth 0. */
void stream_watch_tlb(struct stream *s);
/* To be called when the machine has stopped for good: passes on the last step, if the instruction under way
 * has retired. */
void stream_finish(struct stream *s, enum machine_exit exit);
void stream_close(struct stream *s);

#endif
