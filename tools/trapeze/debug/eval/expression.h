/* expression.h - the stack machine of DWARF expressions (DWARF 5, section 2.5), which location.c uses. */
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include "eval.h"

#define EXPRESSION_STACK 64

struct machine_state {
  struct eval *e;
  Dwarf_Die *function;
  Dwarf_Attribute *attribute;
  const Dwarf_Op *op;
  size_t n, at;
  struct entry {
    uint64_t bits;
    bool wide; /* is it of a type of 64 bits? Else it has 32, but may be extended by its sign */
  } stack[EXPRESSION_STACK];
  unsigned top;
  bool all_wide; /* compilers that write DWARF 4 compute a value of 64 bits as if the machine had 64, too */
  enum { RESULT_ADDRESS, RESULT_REGISTER, RESULT_VALUE, RESULT_BLOCK } result;
  unsigned reg;
  Dwarf_Block block;
};

/* Executes the expression from m->at on, up to its end or a piece's; m->result says what it has come to. */
bool expression_run(struct machine_state *m);
/* Is the stack at least so deep? */
bool expression_needs(struct machine_state *m, unsigned n);
static inline uint64_t expression_top(const struct machine_state *m) { return m->stack[m->top - 1].bits; }

/* location.c: the frame base of a function that runs in the frame. */
bool location_frame_base(struct eval *e, Dwarf_Die *function, uint32_t *base);

#endif
