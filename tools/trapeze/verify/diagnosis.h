/* diagnosis.h - what the files share that say what a VMM did wrong:
 *
 *   diagnosis.c        whose fault it is, in order; words that all use
 *   diagnosis_trap.c   a trap that the guest saw otherwise, elsewhere, or never
 *   diagnosis_state.c  what the guest was left with: a result, PC, STATUS, a page
 *
 * Each sentence is chosen by a comparison of facts, and quotes them. */
#ifndef DIAGNOSIS_H
#define DIAGNOSIS_H

#include "lockstep.h"

enum { PC, STATUS, TIMER, CAUSE, BADVA, BADINST }; /* words of a low core */

/* The first step that differs, on both machines, and the step before, which was the same. */
struct difference {
  const struct step *bare, *nested, *before; /* any of them may be NULL */
  const struct step_facts *bare_facts, *nested_facts, *before_bare, *before_nested;
  const struct stream *bare_stream;
  const struct pair *pair;
  uint64_t step;  /* its number */
  uint64_t cause; /* the tick of the trap out of the guest that led to it; 0: none is known */
  bool symptom;   /* what is said is what the guest noticed; which act of the VMM's led to it is not known */
};

/* ---- diagnosis.c ---- */

/* The instruction as text, with single blanks; `buf` again. */
const char *diagnosis_instruction(uint32_t word, uint32_t pc, char *buf, size_t size);
/* "RW-"; `buf` again. */
const char *diagnosis_rights(uint32_t lo, char buf[4]);
/* The tick of the exit with which the guest made step number `step` in the VM; 0 if that step is not kept. */
uint64_t diagnosis_tick(const struct difference *d, uint64_t step);

/* ---- diagnosis_trap.c ---- */

/* Says that the guest was entered at its vector, but not as a trap enters. */
void diagnosis_say_entry(FILE *f, uint32_t cause, uint32_t status, uint32_t should);
/* On a CPU with holes: says that the instruction of step `s` did not trap, so that no VMM has been asked. */
void diagnosis_say_no_trap(FILE *f, const struct step *s);
/* For a guest that made no step any more. False, with nothing written, if the machine has not left the guest since. */
bool diagnose_end(FILE *f, const struct difference *d);
/* Only one of the two steps is a trap, or both are and differ. May change d->cause. False, with nothing written, if that
 * explains nothing. */
bool diagnose_trap(FILE *f, struct difference *d);

/* ---- diagnosis_state.c ---- */

/* Both steps are instructions that begin with something else. As diagnose_trap. */
bool diagnose_state(FILE *f, struct difference *d);

#endif
