/* unwind.h - what the files of unwinding share:
 *
 *   unwind_table.c  rows of call frame information (.debug_frame)
 *   unwind_code.c   the state of a frame at each instruction of a function: by rows, and by the code
 *   unwind.c        from a frame to that of its caller */
#ifndef UNWIND_H
#define UNWIND_H

#include "tools/trapeze/debug/debug.h"

#define NOWHERE INT32_MIN
enum { RA = 1, SP = 2, S0 = 8 };

/* Where the caller's value of a register is. The CFA (DWARF's canonical frame address) is the caller's sp. */
enum rule_kind {
  RULE_SAME,      /* still in the register */
  RULE_UNDEFINED, /* nowhere; of the return address: there is no caller */
  RULE_OFFSET,    /* in memory at CFA + n */
  RULE_VALUE,     /* it is CFA + n */
  RULE_REGISTER,  /* in register n */
  RULE_UNKNOWN,   /* an expression, which is not supported */
};
struct frame_rule {
  enum rule_kind kind;
  int32_t n;
};

/* ---- unwind_table.c ---- */

struct table_row {
  uint32_t address; /* where it begins to hold */
  int reg;          /* the CFA is this register + offset; -1: an expression, which is not supported */
  int32_t offset;
  struct frame_rule rule[32];
};
struct table { /* of one function */
  uint32_t start, end;
  unsigned return_column;
  struct table_row *row; /* malloc'ed */
  size_t rows;           /* at least one, the first of which begins at `start` */
};
/* The table of the function at `pc`. False, with nothing said: there is none, or one that cannot be read. */
bool table_read(struct image *i, uint32_t pc, struct table *t);

/* ---- unwind_code.c ---- */

struct frame_state { /* just before an instruction */
  bool reached;
  uint8_t constant; /* register that holds `value`; 0 = none */
  uint32_t value;
  int32_t depth, base; /* CFA - sp; CFA - s0; or NOWHERE */
  bool by_sp;          /* the table has the CFA from sp; else s0 counts first */
  int other;           /* the CFA is this register + other_offset; 0 = no such register is known */
  int32_t other_offset;
  struct frame_rule rule[32];
};

/* A function and its frame's states, which depend on the image alone. */
struct unwind_function {
  struct unwind_function *next;
  uint32_t start;
  unsigned n; /* instructions */
  bool has_table;
  unsigned return_column;
  struct frame_state *state; /* before each of them */
  uint32_t *code;
};
/* The function at `pc`; NULL: there is none. It belongs to the image. */
const struct unwind_function *unwind_function(struct image *i, uint32_t pc);
/* Its state just before the instruction at `pc`. */
const struct frame_state *unwind_state(const struct unwind_function *f, uint32_t pc);

#endif
