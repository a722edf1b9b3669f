/* host.h - x86-64 as emit/ sees it: which registers there are for what, opcodes by the names that emit/ uses, and
 * the few instructions that emit/ appends itself.
 *
 * While translated code runs, the host's registers are used so:
 *     rbp            the machine, plus RBP_BIAS so that each m->x[i] is at a displacement of one byte
 *     r14            the flat tables of the present context (hooks.h)
 *     r15            the budget: instructions that may still be executed, less JIT_TRACE_MAX
 *     rax, rcx, rdx  scratch; nothing is in them from one PG32 instruction to the next
 *     rsp            the return-address stack (stack.c)
 *     the other nine PG32 registers, upper halves zero, or the address of an access group (emit/registers.c)
 *
 * PG32 registers that no host register holds are operands in memory. m->x[0] is always 0, and is read like
 * any other. */
#ifndef JIT_X64_HOST_H
#define JIT_X64_HOST_H

#include <stddef.h>

#include "encoder.h"
#include "machine/jit/jit.h"

#define TABLES_REG R14
#define BUDGET R15
#define RBP_BIAS 76 /* a shift counts modulo 32, so that rbp is also a shift count: PAGE_SHIFT */
_Static_assert(offsetof(struct machine, x) == 0 && RBP_BIAS <= 128 && (X_SINK + 1) * 4 - RBP_BIAS <= 128,
               "x[0] .. x[X_SINK] are within a byte of rbp");
_Static_assert(RBP_BIAS % 32 == PAGE_SHIFT && _Alignof(struct machine) % 32 == 0,
               "rbp modulo 32 is PAGE_SHIFT");

/* ---- registers ---- */

/* The allocatable ones: the index of one here is its place in a register map. Which PG32 registers are in
 * them where blocks begin and end. Those that a C function preserves. */
#define HOST_REGS \
  { R8, R9, R10, RDI, RSI, R11, RBX, R12, R13 }
#define HOST_CANONICAL \
  { 10, 11, 12, 13, 14, PG32_SP }
#define HOST_CANONICAL_SET (0x1Fu << 10 | 1u << PG32_SP)
#define HOST_PRESERVED \
  { RBX, R12, R13 }

#define HOST_ZERO 0     /* a register that is always 0; 0 = the host has none */
#define SCRATCH RAX     /* for a result, an address, or the target of a jump: thunks take it */
#define STORED RDX      /* for the value that is stored */
#define ARG_PC RDX      /* what helpers take */
#define ARG_PACKED RCX  /* or a link */
#define ARG_IMM SCRATCH /* or an address */

/* ---- opcodes and conditions ---- */

enum { ALU_ADD = ADD, ALU_SUB = SUB, ALU_XOR = XOR, ALU_OR = OR, ALU_AND = AND };
enum { IMM_ADD = GRP1_ADD, IMM_XOR = GRP1_XOR, IMM_OR = GRP1_OR, IMM_AND = GRP1_AND };
enum { SHIFT_LEFT = GRP2_SHL, SHIFT_RIGHT = GRP2_SHR, SHIFT_ARITHMETIC = GRP2_SAR };
enum {
  LOAD_S8 = MOVSX8,
  LOAD_S16 = MOVSX16,
  LOAD_32 = MOV,
  LOAD_U8 = MOVZX8,
  LOAD_U16 = MOVZX16,
  STORE_8 = MOV_TO8,
  STORE_16 = MOV_TO | OPERAND16,
  STORE_32 = MOV_TO
};
/* cond ^ 1 is the opposite of cond. After host_charge, COND_SPENT holds if the budget is spent. */
enum {
  COND_EQ = CC_E,
  COND_NE = CC_NE,
  COND_LT = CC_L,
  COND_GE = CC_GE,
  COND_LTU = CC_B,
  COND_GEU = CC_AE,
  COND_SPENT = CC_S,
  COND_LEFT = CC_NS
};

/* ---- moves ---- */

static inline struct operand field(size_t offset_in_machine) {
  return mem(RBP, (int32_t)offset_in_machine - RBP_BIAS);
}
/* m->x[g], where PG32 register g is kept when no host register holds it */
static inline struct operand memory_slot(unsigned g) { return field(g * 4); }

static inline void host_load(struct encoder *e, unsigned r, unsigned g) { x64_op(e, MOV, r, memory_slot(g)); }
static inline void host_store(struct encoder *e, unsigned r, unsigned g) {
  x64_op(e, MOV_TO, r, memory_slot(g));
}
static inline void host_store_imm(struct encoder *e, unsigned g, uint32_t imm) {
  x64_store_imm(e, memory_slot(g), imm);
}
static inline void host_move(struct encoder *e, unsigned to, unsigned from) { x64_op(e, MOV, to, reg(from)); }
static inline void host_move_imm(struct encoder *e, unsigned r, uint32_t imm) { x64_mov_imm(e, r, imm); }
static inline void host_zero(struct encoder *e, unsigned r) { x64_op(e, XOR, r, reg(r)); }
/* Loads or stores r; op: LOAD_... or STORE_... */
static inline void host_access(struct encoder *e, uint32_t op, unsigned r, struct operand o) {
  x64_op(e, op, r, o);
}

/* ---- arithmetic ---- */

/* r += imm */
static inline void host_add(struct encoder *e, unsigned r, int32_t imm) {
  x64_op_imm(e, GRP1_ADD, 0, reg(r), imm);
}
/* r = from + imm */
static inline void host_sum(struct encoder *e, unsigned r, unsigned from, int32_t imm) {
  x64_op(e, LEA, r, mem(from, imm));
}
/* The budget is less by so many instructions. */
static inline void host_charge(struct encoder *e, uint32_t insns) {
  x64_op_imm(e, GRP1_SUB, REX_W, reg(BUDGET), (int32_t)insns);
}

/* ---- jumps: each returns its fixup, to be bound to where it goes ---- */

static inline uint8_t *host_jump(struct encoder *e) { return x64_jmp(e); }
/* Within the block. */
static inline uint8_t *host_jump_if(struct encoder *e, unsigned cond) { return x64_jcc(e, cond); }
/* Within the block, if r has any bits of mask. */
static inline uint8_t *host_jump_if_any(struct encoder *e, unsigned r, uint32_t mask) {
  x64_test_imm8(e, reg(r), mask);
  return x64_jcc(e, CC_NE);
}
/* To anywhere. */
static inline uint8_t *host_jump_far_if(struct encoder *e, unsigned cond) { return x64_jcc(e, cond); }
static inline uint8_t *host_call(struct encoder *e) { return x64_call(e); }
/* fixup: NULL is allowed, and then nothing is done */
static inline void host_bind(uint8_t *fixup, const uint8_t *target) { x64_bind(fixup, target); }

/* At the beginning of a side exit: the jump, to anywhere, that leads to the code from here on, and that can lead to
 * a side trace in its place. branch: the one that has led here. */
static inline uint8_t *host_diversion(struct encoder *e, uint8_t *branch) {
  (void)e;
  return branch;
}

#define HOST_JUMP_BYTES 4
/* What of a jump is patched: its displacement. */
static inline uint32_t host_patchable(const struct encoder *e, const uint8_t *fixup) {
  return (uint32_t)(fixup - e->base) - 4;
}
static inline void host_patch(uint8_t *code, uint32_t at, uint32_t to) { x64_bind(code + at + 4, code + to); }
/* The constant of a page check. */
#define HOST_CONSTANT_BYTES 4
static inline void host_patch_constant(uint8_t *at, uint32_t value) { memcpy(at, &value, sizeof value); }

/* n bytes of instructions that do nothing. */
static inline void host_padding(struct encoder *e, uint32_t n) {
  for (; n >= 8; n -= 8) x64_op(e, NOP, 0, mem_index(RAX, RCX, 0, 128));
  for (; n >= 4; n -= 4) x64_op(e, NOP, 0, mem(RAX, 1));
  for (; n > 0; n--) x64_nop(e);
}

#endif
