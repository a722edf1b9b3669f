/* step.h - what the files about steps share: stepping.c and step_level.c. */
#ifndef STEP_H
#define STEP_H

#include "debug.h"

struct step { /* one step or `finish` ahead */
  struct debug *d;
  uint32_t lane;
  uint32_t pc;       /* where the frame stood, of a caller at its call */
  uint32_t function; /* of the frame: its address; 0 = not known */
  /* step_level.c's: */
  bool calling;          /* the frame is in a call: */
  bool entered;          /* at its first instruction */
  bool tail;             /* the call takes the frame's place: when it is over, the frame has been left */
  uint32_t returns, sp;  /* the PC and the stack pointer after the call */
  bool left;             /* the frame is no more ... */
  bool unwound;          /* ... and has not ended by its own return: for example, by a longjmp */
  bool away;             /* other lanes have run since the last instruction of this one */
  uint32_t last_pc;      /* where that instruction is */
  struct pg32_insn last; /* if the frame itself runs: the instruction ... */
  uint32_t target;       /* ... and where it jumps to, if it may jump */
  /* stepping.c's: */
  const char *name;           /* of the frame's function; NULL = not known */
  struct pg32_lines_place at; /* where the step began: file and line */
  int inlined;                /* how many functions were inlined into one another there, their own included */
  int outwards;        /* where the step ends: which frame outside the innermost one is to be looked at */
  bool into;           /* calls are entered */
  bool by_instruction; /* the next instruction ends the step, not the next line */
  uint32_t body;       /* of the function that is entered: where the step ends; 0 = none is */
};

enum step_level {
  STEP_AWAY,    /* another lane runs, or the same instruction is tried again after a trap */
  STEP_HERE,    /* the frame itself */
  STEP_ENTERED, /* a function that it has called, at the first instruction */
  STEP_CALLED,  /* such a function, anywhere */
  STEP_LEFT,    /* a caller */
};

/* The instruction at `pc` in the address space of the machine now. False, with nothing said: none is mapped. */
bool step_insn_at(struct machine *m, uint32_t pc, struct pg32_insn *insn);
/* Begins in the frame *f of the lane that runs, or of one that has trapped. */
void step_level_begin(struct step *s, struct debug *d, const struct stack_frame *f);
/* To be asked at each position, in order. */
enum step_level step_level(struct step *s, struct machine *m, struct recorder *r);

#endif
