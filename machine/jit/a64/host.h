/* host.h - AArch64 as emit/ sees it: which registers there are for what, opcodes by the names that emit/ uses, and the
 * few instructions that emit/ appends itself.
 *
 * While translated code runs, the host's registers are used so:
 *     x19                 the machine
 *     x20, x22, x23       the flat tables of the present context (hooks.h): for loads, stores, fetches
 *     x21                 the budget: instructions that may still be executed, less JIT_TRACE_MAX
 *     x0 - x4, x16, x17   scratch; nothing is in them from one PG32 instruction to the next
 *     x30                 as a call leaves it; nothing is kept in it
 *     sp                  the return-address stack (stack.c)
 *     x18, x29            not touched: the platform's, the frame pointer
 *     the other sixteen   PG32 registers, upper halves zero, or the address of an access group (emit/registers.c)
 *
 * An instruction has no operands in memory, so that a PG32 register that no host register holds is loaded first. */
#ifndef JIT_A64_HOST_H
#define JIT_A64_HOST_H

#include <stddef.h>

#include "encoder.h"
#include "machine/jit/jit.h"

#define MACHINE 19
#define LOADS 20
#define BUDGET 21
#define STORES 22
#define FETCHES 23
#define TEMP 16
#define TEMP2 17
_Static_assert(offsetof(struct machine, x) == 0 && X_SINK < 63, "pairs of m->x are in reach of an ldp");

/* ---- registers ---- */

/* The allocatable ones: the index of one here is its place in a register map. Which PG32 registers are in
 * them where blocks begin and end: two neighbours are neighbours in memory, so that one instruction loads both. Those
 * that a C function preserves. */
#define HOST_REGS \
  { 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28 }
#define HOST_CANONICAL \
  { 8, 9, 10, 11, 12, 13, 14, 15, PG32_SP }
#define HOST_CANONICAL_SET (0xFFu << 8 | 1u << PG32_SP)
#define HOST_PRESERVED \
  { 24, 25, 26, 27, 28 }

#define HOST_ZERO ZR    /* a register that is always 0 */
#define SCRATCH 4       /* for a result, an address, or the target of a jump: thunks take it */
#define STORED 3        /* for the value that is stored */
#define ARG_PC 2        /* what helpers take, in the order of C's arguments */
#define ARG_PACKED 3    /* or a link */
#define ARG_IMM SCRATCH /* or an address */

/* ---- opcodes and conditions ---- */

enum { ALU_ADD = ADD, ALU_SUB = SUB, ALU_XOR = EOR, ALU_OR = ORR, ALU_AND = AND };
enum { IMM_ADD = ADD, IMM_XOR = EOR, IMM_OR = ORR, IMM_AND = AND };
enum { SHIFT_LEFT = LSLV, SHIFT_RIGHT = LSRV, SHIFT_ARITHMETIC = ASRV };
#define LOAD_S8 (SIZE_8 | SIGNED_LOAD)
#define LOAD_S16 (SIZE_16 | SIGNED_LOAD)
#define LOAD_32 (SIZE_32 | LOAD)
#define LOAD_U8 (SIZE_8 | LOAD)
#define LOAD_U16 (SIZE_16 | LOAD)
#define STORE_8 SIZE_8
#define STORE_16 SIZE_16
#define STORE_32 SIZE_32
/* cond ^ 1 is the opposite of cond. After host_charge, COND_SPENT holds if the budget is spent. */
enum {
  COND_EQ = CC_EQ,
  COND_NE = CC_NE,
  COND_LT = CC_LT,
  COND_GE = CC_GE,
  COND_LTU = CC_LO,
  COND_GEU = CC_HS,
  COND_SPENT = CC_MI,
  COND_LEFT = CC_PL
};

/* ---- moves ---- */

/* Of a load or store: memory at base + offset, or at base + index. */
struct operand {
  uint8_t base, index;
  bool indexed;
  int32_t offset;
};
static inline struct operand mem(unsigned base, int32_t offset) {
  return (struct operand){.base = (uint8_t)base, .offset = offset};
}
static inline struct operand mem_index(unsigned base, unsigned index) {
  return (struct operand){.base = (uint8_t)base, .index = (uint8_t)index, .indexed = true};
}

/* Loads or stores r; op: LOAD_... or STORE_..., or a size. An offset that does not fit changes TEMP. */
static inline void host_access(struct encoder *e, uint32_t op, unsigned r, struct operand o) {
  if (o.indexed) return a64_access_indexed(e, op, r, o.base, o.index, false);
  if (a64_fits_offset(op, o.offset)) return a64_access(e, op, r, o.base, o.offset);
  const int32_t low = o.offset & 0xFF8;
  assert(r != TEMP || op & LOAD);
  a64_add(e, WIDE, TEMP, o.base, o.offset - low);
  a64_access(e, op, r, TEMP, low);
}
/* A field of the machine, of 32 bits or 64. */
static inline struct operand field(size_t offset_in_machine) {
  return mem(MACHINE, (int32_t)offset_in_machine);
}

/* m->x[g], where PG32 register g is kept when no host register holds it */
static inline void host_load(struct encoder *e, unsigned r, unsigned g) {
  a64_access(e, LOAD_32, r, MACHINE, (int32_t)g * 4);
}
static inline void host_store(struct encoder *e, unsigned r, unsigned g) {
  a64_access(e, STORE_32, r, MACHINE, (int32_t)g * 4);
}
static inline void host_move(struct encoder *e, unsigned to, unsigned from) { a64_mov(e, 0, to, from); }
static inline void host_move_imm(struct encoder *e, unsigned r, uint32_t imm) { a64_mov_imm(e, r, imm); }
static inline void host_zero(struct encoder *e, unsigned r) { a64_mov_imm(e, r, 0); }
static inline void host_store_imm(struct encoder *e, unsigned g, uint32_t imm) {
  if (imm) a64_mov_imm(e, TEMP, imm);
  host_store(e, imm ? TEMP : ZR, g);
}

/* ---- arithmetic ---- */

/* r = from + imm */
static inline void host_sum(struct encoder *e, unsigned r, unsigned from, int32_t imm) {
  if (imm)
    a64_add(e, 0, r, from, imm);
  else
    a64_mov(e, 0, r, from);
}
/* r += imm */
static inline void host_add(struct encoder *e, unsigned r, int32_t imm) { a64_add(e, 0, r, r, imm); }
/* The budget is less by so many instructions. */
static inline void host_charge(struct encoder *e, uint32_t insns) {
  a64_rri(e, SUBS_IMM | WIDE, BUDGET, BUDGET, insns);
}

/* ---- jumps: each returns its fixup, to be bound to where it goes ---- */

static inline uint8_t *host_jump(struct encoder *e) { return a64_b(e); }
/* Within the block. */
static inline uint8_t *host_jump_if(struct encoder *e, unsigned cond) { return a64_b_cond(e, cond); }
/* Within the block, if r has any bits of mask, which is ones from the lowest bit on. */
static inline uint8_t *host_jump_if_any(struct encoder *e, unsigned r, uint32_t mask) {
  a64_rr_mask(e, ANDS_MASK, ZR, r, mask);
  return a64_b_cond(e, CC_NE);
}
/* To anywhere: around a jump that reaches everywhere. */
static inline uint8_t *host_jump_far_if(struct encoder *e, unsigned cond) {
  uint8_t *around = a64_b_cond(e, cond ^ 1), *jump = a64_b(e);
  a64_bind(around, e->p);
  return jump;
}
static inline uint8_t *host_call(struct encoder *e) { return a64_bl(e); }
/* fixup: NULL is allowed, and then nothing is done */
static inline void host_bind(uint8_t *fixup, const uint8_t *target) {
  if (fixup) a64_bind(fixup, target);
}

/* At the beginning of a side exit: the jump, to anywhere, that leads to the code from here on, and that can lead to
 * a side trace in its place. branch, the one that has led here, may not reach that. */
static inline uint8_t *host_diversion(struct encoder *e, uint8_t *branch) {
  (void)branch;
  uint8_t *jump = a64_b(e);
  a64_bind(jump, e->p);
  return jump;
}

#define HOST_JUMP_BYTES 4
/* What of a jump is patched: the instruction. */
static inline uint32_t host_patchable(const struct encoder *e, const uint8_t *fixup) {
  return (uint32_t)(fixup - e->base);
}
static inline void host_patch(uint8_t *code, uint32_t at, uint32_t to) { a64_bind(code + at, code + to); }
/* The constant of a page check: a movz and a movk to TEMP2. */
#define HOST_CONSTANT_BYTES 8
static inline void host_patch_constant(uint8_t *at, uint32_t value) {
  struct encoder e = {.p = at, .base = at};
  a64_movz(&e, MOVZ, TEMP2, value & 0xFFFF, 0);
  a64_movz(&e, MOVK, TEMP2, value >> 16, 16);
}

/* n bytes of instructions that do nothing. */
static inline void host_padding(struct encoder *e, uint32_t n) {
  for (; n > 0; n -= 4) a64_nop(e);
}

#endif
