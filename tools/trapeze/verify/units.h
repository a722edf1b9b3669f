/* units.h - `trapeze verify translation`: units that a VMM has made of its guest's code, and whether they do the same.
 * units.c hears of each unit from the VMM (platform.h, MARK_TELL); scratch.c runs one unit, and the guest's words, on two
 * small machines; translation.c is the command. */
#ifndef UNITS_H
#define UNITS_H

#include "verify.h"

/* ---- units.c ---- */

enum { UNIT_GUEST_MOST = 32, UNIT_WORDS_MOST = 1024, UNIT_FACTS_MOST = 16 };

/* A word of a unit. */
struct unit_word {
  uint32_t word;
  unsigned insn;  /* the guest's instruction that the word belongs to, from 0 on */
  bool boundary;  /* the instruction's first word */
  int debt;       /* before it; see vmm/translate/translate.h */
  uint32_t cause; /* of a word 0 in an instruction's place: the trap that the guest gets */
  bool exit;      /* a jump to another unit, not chained: */
  uint32_t exit_pc, exit_key;
  int exit_debt;
};

struct unit {
  uint32_t pc, key, start; /* start: address of the first word in the window */
  unsigned insns, words, facts;
  uint32_t guest[UNIT_GUEST_MOST];
  uint32_t fact[UNIT_FACTS_MOST]; /* what the guest finds in the registers of DEV_FACTS */
  struct unit_word word[UNIT_WORDS_MOST];
};

/* Called for each unit that was told whole. */
typedef void unit_sink(void *arg, const struct unit *u);
struct units;
/* Hears of the units of all VMMs on m, at all depths, from now on, and calls `sink` with arg for each. Installs m's
 * observer. units_free before machine_free. */
struct units *units_open(struct machine *m, unit_sink *sink, void *arg);
/* Units of which not all was told, for example because the run ended meanwhile. */
uint64_t units_cut(const struct units *u);
void units_free(struct units *u);
/* A hash of what the unit is made of and of what it was made of. */
uint64_t unit_hash(const struct unit *u);

/* ---- scratch.c ---- */

struct scratch;
/* Two machines of the CPU pg32-leaky. Dies if memory is short. */
struct scratch *scratch_new(void);
void scratch_free(struct scratch *s);
/* What scratch_try has seen, since scratch_new. */
struct scratch_totals {
  uint64_t runs, insns, words; /* of the guest's, and of the units' words that were executed in their place */
  uint64_t faults, exits, jumps, calls, others; /* how the runs ended */
};
struct scratch_totals scratch_totals(const struct scratch *s);
/* Does the unit do what the guest's words do, from `states` random states, and at each load and store with an address
 * that faults? Returns NULL, or what differs, which is valid until the next call. */
const char *scratch_try(struct scratch *s, const struct unit *u, unsigned states, uint64_t seed);

#endif
