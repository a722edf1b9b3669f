/* classify.h - Popek and Goldberg's classes of instructions, as measured. */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "isa/pg32.h"
#include "machine/machine.h"

enum popek_class {
  POPEK_INNOCUOUS,
  POPEK_PRIVILEGED, /* traps in user mode, and in user mode only */
  POPEK_TRAPPING,   /* traps in both */
  POPEK_HOLE        /* sensitive, and does not trap in user mode */
};

/* Measures the class of each instruction of a CPU, in as many states as `trapeze classify` does by default,
 * with seed 1; does not look at illegal words. Dies with STATUS_USAGE when memory is short. */
void classify_measure(enum machine_cpu cpu, enum popek_class class[PG32_INSNS]);

#endif
