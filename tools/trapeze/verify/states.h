/* states.h - one instruction, executed on a real machine in a state chosen for it, and what it did. */
#ifndef STATES_H
#define STATES_H

#include "isa/pg32.h"
#include "machine/machine.h"

/* Where the program lies: five places that differ in nothing a program should notice. */
enum place {
  PLACE_HOME,     /* translated, eight pages with different rights, the ninth on not mapped */
  PLACE_ASID,     /* the same under another ASID */
  PLACE_FRAMES,   /* the same in other frames */
  PLACE_IDENTITY, /* translated, every page and device at its physical address */
  PLACE_REAL,     /* not translated */
  PLACES
};

struct random {
  uint64_t state;
};
uint32_t random_next(struct random *r);

/* What both states of a pair share. */
struct trial {
  uint32_t word, x[32], offset; /* offset: of the word in the first page of the window */
  uint32_t timer;
  uint32_t low_core[3]; /* for rfe: PC, STATUS, TIMER */
};
struct trial trial_make(struct random *r, enum pg32_id id);

#define STATES_RAM 0x20000u

struct outcome {
  enum place place;
  struct machine_regs before, after;
  bool trapped, stopped; /* stopped: powered off or check-stopped */
  struct machine_trap trap;
  uint64_t tlb_before, tlb_after; /* digests */
  uint8_t ram_before[STATES_RAM], ram_after[STATES_RAM];
};

struct states;
struct states *states_new(enum machine_cpu cpu, uint64_t seed); /* NULL if memory is short */
void states_free(struct states *s);
/* Executes the trial's instruction at `place`, with these U and IE bits. */
void states_run(struct states *s, const struct trial *t, enum place place, uint32_t mode, struct outcome *o);

/* Each of these returns what is not as it should be, in a word or two, or NULL. */

/* C2: what a program could see differ after the two; NULL: nothing. */
const char *outcome_differs(const struct outcome *a, const struct outcome *b);
/* C3: has the instruction changed control state (other than TIMER's countdown and the words that a trap
 * saves)? */
const char *outcome_controls(const struct outcome *o);
/* C4: has it written outside the frames that the TLB lets it write (other than a trap's low core)? */
const char *outcome_escapes(const struct outcome *o);
/* What an instruction that trapped without retiring has changed all the same. */
const char *outcome_unclean(const struct outcome *o);

#endif
