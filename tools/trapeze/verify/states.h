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

/* What is not as it should be, as a word or two, or NULL. */

/* C2: have the two done the same to what a program can see? */
const char *outcome_differs(const struct outcome *a, const struct outcome *b);
/* C3: has it changed control state (TIMER's countdown and the words that a trap saves aside)? */
const char *outcome_controls(const struct outcome *o);
/* C4: has it written outside the frames that the TLB lets it write (a trap's low core aside)? */
const char *outcome_escapes(const struct outcome *o);
/* A trapped instruction that has not retired: has it left anything behind? */
const char *outcome_unclean(const struct outcome *o);

#endif
