/* cpu_name.h - the names of CPUs: pg32, pg32-leaky, and those of labs, such as pg32-nest=8 and pg32-spare=77-nest=8. */
#ifndef CPU_NAME_H
#define CPU_NAME_H

#include "machine/machine.h"

#define CPU_NAME_MOST 40 /* bytes of a name, with its NUL */

/* False if no CPU has that name. */
bool cpu_named(const char *name, enum machine_cpu *cpu);
/* Writes the CPU's name into buf, which is returned. */
const char *cpu_name(enum machine_cpu cpu, char buf[CPU_NAME_MOST]);
/* What names there are, for messages: "pg32, pg32-leaky, pg32-hole=1..7, ...". Written into buf, which is
 * returned. */
const char *cpu_names(char *buf, size_t size);

#endif
