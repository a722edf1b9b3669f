/* writer.h - what the files of x64/ share with each other and not with emit/: operands. */
#ifndef JIT_X64_WRITER_H
#define JIT_X64_WRITER_H

#include "machine/jit/emit/writer.h"

#if JIT_HOST == JIT_X64

/* PG32 register g, wherever it is */
static inline struct operand guest(const struct writer *w, unsigned g) {
  return w->host[g] ? reg(w->host[g]) : memory_slot(g);
}
static inline struct operand prediction_field(const struct writer *w, uint32_t id,
                                              size_t offset_in_prediction) {
  const uint8_t *at = (const uint8_t *)&w->j->predictions[id] + offset_in_prediction;
  return mem_code((int32_t)(at - w->j->rx));
}

#ifndef JIT_BMI2 /* to try a host without: CFLAGS="-O2 -DJIT_BMI2=0" */
#define JIT_BMI2 __builtin_cpu_supports("bmi2")
#endif

/* rcx = the number of the page of the address in register va */
static inline void emit_page_number(struct writer *w, unsigned va) {
  if (JIT_BMI2) return x64_shift_bmi2(w->e, GRP2_SHR, RCX, reg(va), RBP);
  x64_op(w->e, MOV, RCX, reg(va));
  x64_shift_imm(w->e, GRP2_SHR, 0, reg(RCX), PAGE_SHIFT);
}

/* lookups.c: rcx = the page of blocks (struct jit_page) that eax leads to, rdx = half of the offset in its entry[]. */
void jit_emit_fetch_lookup(struct writer *w);
/* traps.c */
void jit_emit_trap_thunks(struct writer *w);

#endif /* JIT_HOST */
#endif
