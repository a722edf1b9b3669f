/* insn.h - what the files that assemble instructions share: operand.c, insn.c, pseudo.c. */
#ifndef PG32_AS_INSN_H
#define PG32_AS_INSN_H

#include "internal.h"

enum operand_kind { REGISTER, EXPRESSION, MEMORY };

struct operand {
  enum operand_kind kind;
  uint8_t reg; /* REGISTER, and the base of MEMORY */
  enum modifier modifier;
  const struct expr *expr; /* of a REGISTER: the symbol of that name, for `call s1` */
  struct text where;
};
#define MAX_OPERANDS 4

/* ---- operand.c ----
 * A pattern describes operands with the letters of pg32.def: "d,i(s)". */

extern const char *const pg32_as_modifier_names[]; /* of enum modifier */

/* Reads the operands of the statement, at most MAX_OPERANDS; false after an error. */
bool pg32_as_operands(struct assembler *as, struct operand *o, unsigned *n);
/* How many operands fit the pattern, from the left; -1 when all fit and the pattern has no more. */
int pg32_as_match(const char *pattern, const struct operand *o, unsigned n);
/* Past one operand of a pattern and its comma. */
const char *pg32_as_next_operand(const char *pattern);
/* Reports that the operands do not fit the pattern, at the first one that does not. */
void pg32_as_mismatch(struct assembler *as, struct text name, const char *pattern, struct operand *o,
                      unsigned n);

/* ---- insn.c ---- */

/* Emits an instruction whose immediate is `expr`, which may be NULL; errors are reported at `where`. */
void pg32_as_emit_insn(struct assembler *as, struct pg32_insn insn, enum modifier modifier,
                       const struct expr *expr, struct text where);
/* The same with a number, which fits. */
void pg32_as_emit_immediate(struct assembler *as, enum pg32_id id, unsigned rd, unsigned rs1, int32_t imm);

/* ---- pseudo.c: pseudo-instructions of more than one word, and other exceptions ---- */

/* Assembles `fence` with whatever operands; false if the name is another. */
bool pg32_as_fence(struct assembler *as, struct text name);
bool pg32_as_is_exception(struct text name);
/* Assembles one for which pg32_as_is_exception holds; false for any other. */
bool pg32_as_exception(struct assembler *as, struct text name, struct operand *o, unsigned n);
/* Assembles `lw rd, symbol` and `sw rs, symbol, rt`; false if it is neither. */
bool pg32_as_symbol_access(struct assembler *as, enum pg32_id id, struct operand *o, unsigned n);
/* Reports an unknown instruction, and what to use on PG32 if it is one of RISC-V. */
void pg32_as_unknown_instruction(struct assembler *as, struct text name);

#endif
