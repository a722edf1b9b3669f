/* measuring.h - what `trapeze classify` measures of each instruction, and keeps to show. */
#ifndef MEASURING_H
#define MEASURING_H

#include "classify.h"
#include "states.h"

enum { STATES_DEFAULT = 24, SAMPLE_STEP = 61 /* of all words; prime to every field's width */ };

enum sense { CONTROL, LOCATION, MODE, SENSES };

/* C2: two states that a program should not be able to tell apart. */
struct state_pair {
  const char *what;
  enum sense sense;
  enum place place[2];
  uint32_t mode[2]; /* the U and IE bits of each */
  bool any_mode;    /* tried in user mode and in kernel mode */
};

enum { CLASSIFY_PAIRS = 5 };
extern const struct state_pair classify_pairs[CLASSIFY_PAIRS];

/* The first pair of states that shows something, and what it shows. */
struct evidence {
  bool found;
  const struct state_pair *pair;
  const char *what;
  struct outcome *state[2];
};

struct measured {                            /* an instruction */
  uint64_t runs[2], privileged[2], calls[2]; /* by U: steps, and how many of them trapped so */
  uint32_t call_cause;
  bool two_causes;
  struct evidence sensitive[SENSES];
  struct evidence hole; /* a pair in user mode, not stopped by a trap, that shows sensitivity */
  const char *broken;   /* C4, or a trap that left something behind */
};

struct classify {
  enum machine_cpu cpu;
  uint64_t states, seed;
  bool all_words, each;
  struct states *machines;
  struct outcome *a, *b;
  struct measured insn[PG32_INSNS];
  uint64_t words, legal, representatives, not_illegal;
};

/* Prepares `c`, in which cpu, states and seed are set and the rest is zero. Dies with STATUS_USAGE when
 * memory is short. */
void classify_begin(struct classify *c);
void classify_free(struct classify *c);
/* C1: decodes all words (or a sample), and executes representatives of all illegal ones. */
void classify_words(struct classify *c, struct random *r);
/* C2, C3, C4: executes each instruction in pairs of states. */
void classify_states(struct classify *c, struct random *r);
/* The class of a measured instruction. */
enum popek_class classify_class(const struct measured *m);

#endif
