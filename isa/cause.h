/* cause.h - why a trap happens: the numbers that the machine writes to low core as CAUSE, from the one table.
 *
 * C gets an enum. Assembly gets symbols of the same names, set by `.equ`, so that both write CAUSE_SYSCALL;
 * as they are symbols and no macros, the preprocessor's #if does not know them, the assembler's .if does. */
#ifndef PG32_CAUSE_H
#define PG32_CAUSE_H

#ifndef __ASSEMBLER__
enum pg32_cause {
  CAUSE_NONE = 0, /* no trap */
#define PG32_CAUSE(name, number, text) CAUSE_##name = number,
#include "pg32.def"
  PG32_CAUSES /* one more than the highest number */
};
#else
/* clang-format off */
.equ CAUSE_NONE, 0
#define PG32_CAUSE(name, number, text) .equ CAUSE_##name, number
#include "pg32.def"
/* clang-format on */
#endif

#endif
