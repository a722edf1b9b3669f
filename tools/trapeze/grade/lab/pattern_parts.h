/* pattern_parts.h - the parts of a parsed pattern: what pattern.c makes and match.c looks for. */
#ifndef PATTERN_PARTS_H
#define PATTERN_PARTS_H

#include "pattern.h"
#include "tools/trapeze/cause.h"

#define NOTS 8        /* `not`s in one gap, at most */
#define ANY_DEPTH 255 /* no depth was given: the trace's */
#define HIDDEN_BIT 8  /* among verdicts: the trap was a hidden fill */
_Static_assert(VERDICT_WRONG < HIDDEN_BIT, "a bit for each verdict");

struct place {  /* a lane, in words */
  enum who who; /* NOBODY: any */
  uint8_t depth;
  unsigned column; /* in the pattern's text, from 1 */
};

enum shape { SHAPE_TRAP, SHAPE_RESUME, SHAPE_TLBW, SHAPE_DEVICE, SHAPE_STEP };

struct element {
  enum shape shape;
  struct cause_set traps; /* TRAP */
  struct place from, to;  /* RESUME: to */
  enum lecture_list list; /* STEP */
  uint8_t step;
  unsigned column;           /* in the pattern's text, from 1 */
  uint16_t wanted, unwanted; /* verdicts asked of a trap, a bit for each; 1 << enum verdict, or HIDDEN_BIT */
};

struct gap {
  struct element not [NOTS];
  unsigned nots;
};

struct pattern {
  struct element element[PATTERN_ELEMENTS];
  char *words[PATTERN_ELEMENTS]; /* the element's text */
  size_t n;
  struct gap before[PATTERN_ELEMENTS + 1]; /* before[n]: after the last */
};

#endif
