/* writer.h - what the files of a64/ share with each other and not with emit/. */
#ifndef JIT_A64_WRITER_H
#define JIT_A64_WRITER_H

#include "machine/jit/emit/writer.h"

#if JIT_HOST == JIT_A64

/* A field of the machine, of 32 bits or 64 (SIZE_...). An offset that is out of reach changes TEMP. */
static inline void load_field(struct writer *w, uint32_t size, unsigned r, size_t offset_in_machine) {
  host_access(w->e, size | LOAD, r, field(offset_in_machine));
}
static inline void store_field(struct writer *w, uint32_t size, unsigned r, size_t offset_in_machine) {
  host_access(w->e, size, r, field(offset_in_machine));
}

/* lookups.c: r = the host code for the address in SCRATCH, which is a multiple of 4. Changes TEMP, TEMP2. */
void jit_emit_fetch_lookup(struct writer *w, unsigned r);
/* lookups.c: the other tables' registers, from LOADS */
void jit_emit_table_registers(struct writer *w);
/* traps.c */
void jit_emit_trap_thunks(struct writer *w);

#endif /* JIT_HOST */
#endif
