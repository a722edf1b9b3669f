/* helpers.h - the C functions that translated code calls for what it does not do itself (jit.c).
 *
 * A helper is called with all PG32 registers in m->x. Its arguments: `budget` is the content of the budget
 * register (see the glossary in jit.h), pc the instruction's address, `packed` describes the instruction. Its
 * result says where to continue. */
#ifndef JIT_HELPERS_H
#define JIT_HELPERS_H

#include <stdint.h>

#include "isa/pg32.h"

struct machine;

/* Where translated code continues, and with what budget. code == NULL, from a helper that may return so:
 * after the call. */
struct jit_continuation {
  const void *code;
  int64_t budget;
};

/* An instruction in one word: how many before it the budget has not been charged with, its id, and two
 * registers: `a` is rd, or rs2 of instructions without rd; `rs1`. */
static inline uint32_t jit_pack(uint32_t uncharged, enum pg32_id id, unsigned a, unsigned rs1) {
  return uncharged << 24 | (uint32_t)id << 16 | a << 8 | rs1;
}
static inline uint32_t jit_packed_uncharged(uint32_t packed) { return packed >> 24; }
static inline enum pg32_id jit_packed_id(uint32_t packed) { return (enum pg32_id)(packed >> 16 & 0xFF); }
static inline unsigned jit_packed_a(uint32_t packed) { return packed >> 8 & 0xFF; }
static inline unsigned jit_packed_rs1(uint32_t packed) { return packed & 0xFF; }

/* Executes a privileged or trapping instruction, or a mark. Continues after the call only
 * if jit_returns(). */
struct jit_continuation jit_helper_system(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                          uint32_t imm);
/* tlbw and tlbi, with a quick path; may continue after the call. */
struct jit_continuation jit_helper_tlbw(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                        uint32_t imm);
struct jit_continuation jit_helper_tlbi(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                        uint32_t imm);
/* A load or store at `va`; may continue after the call. */
struct jit_continuation jit_helper_access(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed,
                                          uint32_t va);
/* A link without a target block was taken: continues at its target, and links it if there is a block. */
struct jit_continuation jit_helper_link(struct machine *m, int64_t budget, uint32_t unused, uint32_t link);
/* Continues at the PG32 address `target`. */
struct jit_continuation jit_helper_indirect(struct machine *m, int64_t budget, uint32_t target,
                                            uint32_t unused);
/* Leaves the instruction to the interpreter. */
struct jit_continuation jit_helper_interpret(struct machine *m, int64_t budget, uint32_t pc, uint32_t packed);

/* Is `id` one that jit_helper_system executes within a block? */
static inline bool jit_returns(enum pg32_id id) {
  return id == PG32_mfst || id == PG32_tlbw || id == PG32_tlbi || id == PG32_mark;
}

#endif
