/* encoder.h - encodes x86-64 instructions. Nothing here knows of PG32 or of the JIT.
 *
 * Each x64_ function appends one instruction (or a part of one) at the encoder's position; the caller has seen to
 * it that there is room. Opcodes, their groups and "ModRM", "SIB",
 * "REX" and "VEX" are named as in Intel's Software Developer's Manual, volume 2, chapters 2 and A.
 *
 * For example, x64_op(e, ADD, RAX, mem(RBP, 8)) appends `add eax, [rbp + 8]`, and with ADD | REX_W the same
 * of 64 bits. */
#ifndef JIT_X64_ENCODER_H
#define JIT_X64_ENCODER_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "machine/jit/emit/encoder.h"

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

/* ---- opcodes, with flags ---- */

#define ESCAPE 0x100     /* the opcode follows the escape byte 0F */
#define REX_W 0x200      /* operands of 64 bits; without the flag, of 32 */
#define BYTE_REG 0x400   /* the register operand is a byte */
#define BYTE_RM 0x800    /* so is the other operand, if that is a register */
#define OPERAND16 0x1000 /* operands of 16 bits (prefix 66) */

enum { /* `reg op= operand`; names that end in _TO: `operand op= reg` */
       ADD = 0x03,
       ADD_TO = 0x01,
       OR = 0x0B,
       AND = 0x23,
       SUB = 0x2B,
       XOR = 0x33,
       CMP = 0x3B,
       CMP_TO = 0x39,
       TEST = 0x85,
       MOV = 0x8B,
       MOV_TO = 0x89,
       MOV_TO8 = 0x88 | BYTE_REG,
       LEA = 0x8D,
       MOVZX8 = 0xB6 | ESCAPE | BYTE_RM,
       MOVZX16 = 0xB7 | ESCAPE,
       MOVSX8 = 0xBE | ESCAPE | BYTE_RM,
       MOVSX16 = 0xBF | ESCAPE,
       MOVSXD = 0x63 | REX_W,
       IMUL = 0xAF | ESCAPE,
       CMOV = 0x40 | ESCAPE,          /* | a condition */
       SET = 0x90 | ESCAPE | BYTE_RM, /* | a condition; the register operand is not used */
       NOP = 0x1F | ESCAPE,
       GROUP3 = 0xF7, /* these have an operation, GRP..., in place of the register operand */
       GROUP5 = 0xFF,
       SHIFT_CL = 0xD3
};
enum { GRP1_ADD = 0, GRP1_OR = 1, GRP1_AND = 4, GRP1_SUB = 5, GRP1_XOR = 6, GRP1_CMP = 7 };
enum { GRP2_ROR = 1, GRP2_SHL = 4, GRP2_SHR = 5, GRP2_SAR = 7 };
enum { GRP3_NEG = 3, GRP3_DIV = 6, GRP3_IDIV = 7 };
enum { GRP5_DEC = 1, GRP5_CALL = 2, GRP5_JMP = 4 };

enum { /* condition codes; cc ^ 1 is the opposite of cc */
       CC_B = 2,
       CC_AE = 3,
       CC_E = 4,
       CC_NE = 5,
       CC_BE = 6,
       CC_A = 7,
       CC_S = 8,
       CC_NS = 9,
       CC_L = 12,
       CC_GE = 13,
       CC_LE = 14,
       CC_G = 15
};

/* ---- operands ---- */

/* A register (`base`), memory at base + index * 2^scale + disp, or memory at base of the code + disp. */
struct operand {
  bool memory;
  bool in_code;               /* relative to the code's beginning, by rip */
  uint8_t base, index, scale; /* index 0 = none */
  int32_t disp;
};

static inline struct operand reg(unsigned r) { return (struct operand){.base = (uint8_t)r}; }
static inline struct operand mem(unsigned base, int32_t disp) {
  return (struct operand){.memory = true, .base = (uint8_t)base, .disp = disp};
}
static inline struct operand mem_index(unsigned base, unsigned index, unsigned scale, int32_t disp) {
  return (struct operand){true, false, (uint8_t)base, (uint8_t)index, (uint8_t)scale, disp};
}
static inline struct operand mem_code(int32_t disp) {
  return (struct operand){.memory = true, .in_code = true, .disp = disp};
}

/* ---- parts of instructions ---- */

static inline void x64_byte(struct encoder *e, uint32_t b) { *e->p++ = (uint8_t)b; }
static inline void x64_imm32(struct encoder *e, uint32_t v) {
  memcpy(e->p, &v, sizeof v);
  e->p += sizeof v;
}
static inline void x64_imm64(struct encoder *e, uint64_t v) {
  memcpy(e->p, &v, sizeof v);
  e->p += sizeof v;
}
static inline bool fits_imm8(int64_t v) { return v >= -128 && v < 128; }

static inline void x64_modrm(struct encoder *e, unsigned r, struct operand o) {
  const bool sib = o.index || (o.base & 7) == RSP;
  const unsigned low = (r & 7) << 3;
  if (!o.memory) {
    x64_byte(e, 0xC0 | low | (o.base & 7));
    return;
  }
  if (o.in_code) { /* rip is the end of the instruction; no immediate follows such an operand */
    x64_byte(e, low | RBP);
    x64_imm32(e, (uint32_t)o.disp - code_offset(e) - 4);
    return;
  }
  const unsigned mod = o.disp == 0 && (o.base & 7) != RBP ? 0 : fits_imm8(o.disp) ? 0x40 : 0x80;
  x64_byte(e, mod | low | (sib ? RSP : o.base & 7u));
  if (sib) x64_byte(e, (unsigned)o.scale << 6 | (o.index ? o.index & 7u : RSP) << 3 | (o.base & 7));
  if (mod == 0x40) x64_byte(e, (uint32_t)o.disp);
  if (mod == 0x80) x64_imm32(e, (uint32_t)o.disp);
}

/* The VEX prefix of three bytes. map: 2 = 0F38, 3 = 0F3A. The rest as in the manual, vvvv not inverted. */
static inline void x64_vex(struct encoder *e, unsigned map, unsigned r, struct operand o, unsigned vvvv,
                           unsigned pp) {
  x64_byte(e, 0xC4);
  x64_byte(e, (r >= R8 ? 0 : 0x80u) | (o.index >= R8 ? 0 : 0x40u) | (o.base >= R8 ? 0 : 0x20u) | map);
  x64_byte(e, (~vvvv & 15) << 3 | pp);
}

/* ---- instructions ---- */

/* op: an opcode with its flags. r: a register, or the operation of a group. */
static inline void x64_op(struct encoder *e, uint32_t op, unsigned r, struct operand o) {
  const bool bytes = (op & BYTE_REG && r >= RSP) || (op & BYTE_RM && !o.memory && o.base >= RSP);
  const unsigned rex = (op & REX_W ? 8u : 0) | (r >= R8 ? 4u : 0) | (o.index >= R8 ? 2u : 0) | (o.base >= R8);
  if (op & OPERAND16) x64_byte(e, 0x66);
  if (rex || bytes) x64_byte(e, 0x40 | rex);
  if (op & ESCAPE) x64_byte(e, 0x0F);
  x64_byte(e, op & 0xFF);
  x64_modrm(e, r, o);
}

/* operand op= imm; operation: GRP1_..., wide: REX_W or 0 */
static inline void x64_op_imm(struct encoder *e, unsigned operation, uint32_t wide, struct operand o,
                              int32_t imm) {
  x64_op(e, (fits_imm8(imm) ? 0x83u : 0x81u) | wide, operation, o);
  if (fits_imm8(imm))
    x64_byte(e, (uint32_t)imm);
  else
    x64_imm32(e, (uint32_t)imm);
}

/* Compares with an immediate that always has four bytes, so that it can be patched: they end at e->p. */
static inline void x64_cmp_imm32(struct encoder *e, struct operand o, uint32_t imm) {
  x64_op(e, 0x81, GRP1_CMP, o);
  x64_imm32(e, imm);
}

/* Tests the bits of the lowest byte. */
static inline void x64_test_imm8(struct encoder *e, struct operand o, uint32_t imm) {
  x64_op(e, 0xF6 | BYTE_RM, 0, o);
  x64_byte(e, imm);
}

/* r = imm; the flags stay as they are. */
static inline void x64_mov_imm(struct encoder *e, unsigned r, uint32_t imm) {
  if (r >= R8) x64_byte(e, 0x41);
  x64_byte(e, 0xB8 | (r & 7));
  x64_imm32(e, imm);
}
static inline void x64_mov_imm64(struct encoder *e, unsigned r, uint64_t imm) {
  x64_byte(e, 0x48 | (r >= R8));
  x64_byte(e, 0xB8 | (r & 7));
  x64_imm64(e, imm);
}
static inline void x64_store_imm(struct encoder *e, struct operand o, uint32_t imm) {
  x64_op(e, 0xC7, 0, o);
  x64_imm32(e, imm);
}

/* kind: GRP2_..., wide: REX_W or 0 */
static inline void x64_shift_imm(struct encoder *e, unsigned kind, uint32_t wide, struct operand o,
                                 uint32_t by) {
  x64_op(e, 0xC1 | wide, kind, o);
  x64_byte(e, by);
}

/* BMI2's shlx, shrx, sarx: r = operand shifted by the register `by`. */
static inline void x64_shift_bmi2(struct encoder *e, unsigned kind, unsigned r, struct operand o,
                                  unsigned by) {
  x64_vex(e, 2, r, o, by, kind == GRP2_SHL ? 1 : kind == GRP2_SAR ? 2 : 3);
  x64_byte(e, 0xF7);
  x64_modrm(e, r, o);
}

/* BMI2's rorx: r = operand rotated to the right. */
static inline void x64_rotate_bmi2(struct encoder *e, unsigned r, struct operand o, uint32_t by) {
  x64_vex(e, 3, r, o, 0, 3);
  x64_byte(e, 0xF0);
  x64_modrm(e, r, o);
  x64_byte(e, by);
}

static inline void x64_cdq(struct encoder *e) { x64_byte(e, 0x99); }
static inline void x64_ret(struct encoder *e) { x64_byte(e, 0xC3); }
static inline void x64_nop(struct encoder *e) { x64_byte(e, 0x90); }

static inline void x64_push(struct encoder *e, unsigned r) {
  if (r >= R8) x64_byte(e, 0x41);
  x64_byte(e, 0x50 | (r & 7));
}
static inline void x64_pop(struct encoder *e, unsigned r) {
  if (r >= R8) x64_byte(e, 0x41);
  x64_byte(e, 0x58 | (r & 7));
}
static inline void x64_push_imm8(struct encoder *e, uint32_t imm) {
  x64_byte(e, 0x6A);
  x64_byte(e, imm);
}
static inline void x64_push_imm32(struct encoder *e, uint32_t imm) {
  x64_byte(e, 0x68);
  x64_imm32(e, imm);
}

/* ---- jumps ----
 * A jump or call is appended with an empty displacement. Its result is the fixup, the address just after the
 * displacement, which x64_bind completes once the target is known. */

static inline uint8_t *x64_jcc(struct encoder *e, unsigned cc) {
  x64_byte(e, 0x0F);
  x64_byte(e, 0x80 | cc);
  x64_imm32(e, 0);
  return e->p;
}
static inline uint8_t *x64_jmp(struct encoder *e) {
  x64_byte(e, 0xE9);
  x64_imm32(e, 0);
  return e->p;
}
static inline uint8_t *x64_call(struct encoder *e) {
  x64_byte(e, 0xE8);
  x64_imm32(e, 0);
  return e->p;
}
/* fixup: NULL is allowed, and then nothing is done */
static inline void x64_bind(uint8_t *fixup, const uint8_t *target) {
  const int32_t displacement = (int32_t)(target - fixup);
  if (fixup) memcpy(fixup - 4, &displacement, sizeof displacement);
}
static inline void x64_bind_here(const struct encoder *e, uint8_t *fixup) { x64_bind(fixup, e->p); }

/* The same with a displacement of one byte. */
static inline uint8_t *x64_jcc_short(struct encoder *e, unsigned cc) {
  x64_byte(e, 0x70 | cc);
  x64_byte(e, 0);
  return e->p;
}
static inline void x64_bind_short_here(const struct encoder *e, uint8_t *fixup) {
  fixup[-1] = (uint8_t)(e->p - fixup);
}

#endif
