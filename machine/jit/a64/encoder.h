/* encoder.h - encodes AArch64 instructions. Nothing here knows of PG32 or of the JIT.
 *
 * Each a64_ function appends one instruction at the encoder's position, but for those that say otherwise; the
 * caller has seen to it that there is room. Instructions and their fields are named as in Arm's Architecture
 * Reference Manual, chapter C4.
 *
 * For example, a64_rrr(e, ADD, 0, 1, 2) appends `add w0, w1, w2`, and with ADD | WIDE the same of 64 bits. */
#ifndef JIT_A64_ENCODER_H
#define JIT_A64_ENCODER_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "machine/jit/emit/encoder.h"

/* Registers are numbers, 0 to 30. Number 31 is the register that is always zero; where an instruction takes an
 * address, and as an operand of ADD_IMM and SUB_IMM, it is the stack pointer. */
#define LR 30
#define ZR 31
#define SP 31

/* ---- opcodes: an instruction without its operands ---- */

#define WIDE 0x80000000u /* operands of 64 bits; without the flag, of 32 */

enum { /* rd = rn op rm; S: sets the flags */
       ADD = 0x0B000000,
       ADDS = 0x2B000000,
       SUB = 0x4B000000,
       SUBS = 0x6B000000,
       AND = 0x0A000000,
       ANDS = 0x6A000000,
       ORR = 0x2A000000,
       ORN = 0x2A200000,
       EOR = 0x4A000000,
       UDIV = 0x1AC00800,
       SDIV = 0x1AC00C00,
       LSLV = 0x1AC02000,
       LSRV = 0x1AC02400,
       ASRV = 0x1AC02800,
       MUL = 0x1B007C00
};
enum { /* rd = rn op imm12 */
       ADD_IMM = 0x11000000,
       ADDS_IMM = 0x31000000,
       SUB_IMM = 0x51000000,
       SUBS_IMM = 0x71000000
};
enum { /* rd = rn op a bit mask */
       AND_MASK = 0x12000000,
       ORR_MASK = 0x32000000,
       EOR_MASK = 0x52000000,
       ANDS_MASK = 0x72000000
};
enum { MOVN = 0x12800000, MOVZ = 0x52800000, MOVK = 0x72800000 }; /* rd = imm16, shifted; MOVK: part of it */
enum { SBFM = 0x13000000, UBFM = 0x53000000 };
enum { CSEL = 0x1A800000, CSINC = 0x1A800400, CSINV = 0x5A800000 };
/* Products of 64 bits of two registers of 32. */
#define SMULL 0x9B207C00u
#define UMULL 0x9BA07C00u
#define MSUB 0x1B008000u

#define LOAD 0x00400000u /* without the flag: a store */
/* Loads and stores of one register. Bits 30 and 31 are the logarithm of the size. */
#define SIZE_8 0x00000000u
#define SIZE_16 0x40000000u
#define SIZE_32 0x80000000u
#define SIZE_64 0xC0000000u
#define SIGNED_LOAD 0x00C00000u /* extended to 32 bits */

enum { /* conditions; cond ^ 1 is the opposite of cond */
       CC_EQ,
       CC_NE,
       CC_HS,
       CC_LO,
       CC_MI,
       CC_PL,
       CC_VS,
       CC_VC,
       CC_HI,
       CC_LS,
       CC_GE,
       CC_LT,
       CC_GT,
       CC_LE
};

static inline void a64_word(struct encoder *e, uint32_t word) {
  memcpy(e->p, &word, sizeof word);
  e->p += sizeof word;
}

/* ---- arithmetic ---- */

static inline void a64_rrr(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, unsigned rm) {
  a64_word(e, op | rm << 16 | rn << 5 | rd);
}
/* The same, with rm shifted to the left; not for UDIV and what follows it in the list. */
static inline void a64_rrr_shifted(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, unsigned rm,
                                   unsigned by) {
  a64_word(e, op | rm << 16 | by << 10 | rn << 5 | rd);
}
/* MSUB: rd = ra - rn * rm */
static inline void a64_rrrr(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, unsigned rm,
                            unsigned ra) {
  a64_word(e, op | rm << 16 | ra << 10 | rn << 5 | rd);
}
/* imm: 0 to 4095, or a multiple of 4096 below 2^24. Register 31 is the stack pointer, but it is the zero register as
 * the rd of ADDS_IMM and SUBS_IMM. */
static inline void a64_rri(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, uint32_t imm) {
  assert(imm < 0x1000 || (!(imm & 0xFFF) && imm < 0x1000000));
  a64_word(e, op | (imm < 0x1000 ? imm << 10 : 1u << 22 | imm >> 12 << 10) | rn << 5 | rd);
}
static inline bool a64_fits_imm12(uint32_t imm) {
  return imm < 0x1000 || (!(imm & 0xFFF) && imm < 0x1000000);
}

/* rd = rn + imm, in one instruction or two; |imm| < 2^24. wide: WIDE or 0 */
static inline void a64_add(struct encoder *e, uint32_t wide, unsigned rd, unsigned rn, int32_t imm) {
  const uint32_t op = (imm < 0 ? SUB_IMM : ADD_IMM) | wide, n = imm < 0 ? -(uint32_t)imm : (uint32_t)imm;
  if (a64_fits_imm12(n)) return a64_rri(e, op, rd, rn, n);
  a64_rri(e, op, rd, rn, n & ~0xFFFu);
  a64_rri(e, op, rd, rd, n & 0xFFF);
}

/* Can a word be the operand of AND_MASK and its like: ones in a row, perhaps around the end, repeated every 2, 4, 8,
 * 16 or 32 bits? Then *fields is its immr and imms, at their place in the instruction. */
static inline bool a64_mask(uint32_t mask, uint32_t *fields) {
  for (unsigned size = 2; size <= 32; size *= 2) {
    const uint32_t low = size == 32 ? UINT32_MAX : (1u << size) - 1, element = mask & low;
    const unsigned ones = (unsigned)__builtin_popcount(element);
    uint32_t repeated = 0;
    for (unsigned at = 0; at < 32; at += size) repeated |= element << at;
    if (repeated != mask || ones == 0 || ones == size) continue;
    const uint32_t row = (1u << ones) - 1;
    for (unsigned right = 0; right < size; right++) {
      const uint32_t rotated = (row >> right | row << (size - right) % 32) & low;
      if ((right ? rotated : row) != element) continue;
      *fields = right << 16 | ((~(size * 2 - 1) & 0x3F) | (ones - 1)) << 10;
      return true;
    }
  }
  return false;
}
/* mask: one that a64_mask accepts */
static inline void a64_rr_mask(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, uint32_t mask) {
  uint32_t fields = 0;
  const bool can = a64_mask(mask, &fields);
  assert(can);
  (void)can;
  a64_word(e, op | fields | rn << 5 | rd);
}

/* ---- moves ---- */

/* rd = rn, of 32 bits or 64; not for the stack pointer */
static inline void a64_mov(struct encoder *e, uint32_t wide, unsigned rd, unsigned rn) {
  a64_rrr(e, ORR | wide, rd, ZR, rn);
}
static inline void a64_movz(struct encoder *e, uint32_t op, unsigned rd, uint32_t imm16, unsigned shift) {
  a64_word(e, op | shift / 16 << 21 | imm16 << 5 | rd);
}
/* r = imm, in one instruction or two */
static inline void a64_mov_imm(struct encoder *e, unsigned r, uint32_t imm) {
  uint32_t fields;
  if (imm <= 0xFFFF) return a64_movz(e, MOVZ, r, imm, 0);
  if (!(imm & 0xFFFF)) return a64_movz(e, MOVZ, r, imm >> 16, 16);
  if (imm >> 16 == 0xFFFF) return a64_movz(e, MOVN, r, ~imm & 0xFFFF, 0);
  if (a64_mask(imm, &fields)) return a64_rr_mask(e, ORR_MASK, r, ZR, imm);
  a64_movz(e, MOVZ, r, imm & 0xFFFF, 0);
  a64_movz(e, MOVK, r, imm >> 16, 16);
}
/* r = imm, in one to four */
static inline void a64_mov_imm64(struct encoder *e, unsigned r, uint64_t imm) {
  a64_mov_imm(e, r, (uint32_t)imm);
  for (unsigned shift = 32; shift < 64; shift += 16)
    if (imm >> shift & 0xFFFF) a64_movz(e, MOVK | WIDE, r, imm >> shift & 0xFFFF, shift);
}

/* ---- shifts by a constant, extensions, choices ---- */

/* by: 0 to 31, or to 63 with WIDE */
static inline void a64_bits(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, unsigned immr,
                            unsigned imms) {
  a64_word(e, op | (op & WIDE ? 1u << 22 : 0) | immr << 16 | imms << 10 | rn << 5 | rd);
}
static inline void a64_lsl(struct encoder *e, unsigned rd, unsigned rn, unsigned by) {
  a64_bits(e, UBFM, rd, rn, -by & 31, 31 - by);
}
static inline void a64_lsr(struct encoder *e, uint32_t wide, unsigned rd, unsigned rn, unsigned by) {
  a64_bits(e, UBFM | wide, rd, rn, by, wide ? 63 : 31);
}
static inline void a64_asr(struct encoder *e, unsigned rd, unsigned rn, unsigned by) {
  a64_bits(e, SBFM, rd, rn, by, 31);
}
static inline void a64_ror(struct encoder *e, unsigned rd, unsigned rn, unsigned by) {
  a64_word(e, 0x13800000 | rn << 16 | by << 10 | rn << 5 | rd);
}
/* 64 bits of a signed word */
static inline void a64_sxtw(struct encoder *e, unsigned rd, unsigned rn) {
  a64_bits(e, SBFM | WIDE, rd, rn, 0, 31);
}
/* op: CSEL: rd = cond ? rn : rm. CSINC: rm + 1. CSINV: ~rm. */
static inline void a64_choose(struct encoder *e, uint32_t op, unsigned rd, unsigned rn, unsigned rm,
                              unsigned cond) {
  a64_word(e, op | rm << 16 | cond << 12 | rn << 5 | rd);
}
static inline void a64_cset(struct encoder *e, unsigned rd, unsigned cond) {
  a64_choose(e, CSINC, rd, ZR, ZR, cond ^ 1);
}

/* ---- loads and stores ---- */

static inline unsigned a64_access_shift(uint32_t op) { return op >> 30; }

/* Can the offset be part of an access? Multiples of its size, from 0 to 4095 of them, and -256 to 255. */
static inline bool a64_fits_offset(uint32_t op, int32_t offset) {
  const int32_t size = 1 << a64_access_shift(op);
  return (offset >= 0 && !(offset & (size - 1)) && offset < 4096 * size) || (offset >= -256 && offset < 256);
}
/* rt = or to [rn + offset]; op: a size, with LOAD or SIGNED_LOAD for a load */
static inline void a64_access(struct encoder *e, uint32_t op, unsigned rt, unsigned rn, int32_t offset) {
  const int32_t size = 1 << a64_access_shift(op);
  assert(a64_fits_offset(op, offset));
  if (offset >= 0 && !(offset & (size - 1)))
    a64_word(e, op | 0x39000000 | ((uint32_t)offset >> a64_access_shift(op)) << 10 | rn << 5 | rt);
  else
    a64_word(e, op | 0x38000000 | ((uint32_t)offset & 0x1FF) << 12 | rn << 5 | rt);
}
/* [rn + rm], or with scaled [rn + rm * size] */
static inline void a64_access_indexed(struct encoder *e, uint32_t op, unsigned rt, unsigned rn, unsigned rm,
                                      bool scaled) {
  a64_word(e, op | 0x38206800 | (scaled ? 1u << 12 : 0) | rm << 16 | rn << 5 | rt);
}
/* Two registers at [rn + offset]; offset: a multiple of their size, from -64 to 63 of them */
static inline void a64_pair(struct encoder *e, bool load, uint32_t wide, unsigned rt, unsigned rt2,
                            unsigned rn, int32_t offset) {
  const uint32_t imm7 = (uint32_t)(offset / (wide ? 8 : 4)) & 0x7F;
  a64_word(e, 0x29000000 | wide | (load ? 1u << 22 : 0) | imm7 << 15 | rt2 << 10 | rn << 5 | rt);
}
/* Two registers of 64 bits on the stack: below it; from it. bytes: what the stack pointer moves by */
static inline void a64_push(struct encoder *e, unsigned rt, unsigned rt2, uint32_t bytes) {
  a64_word(e, 0xA9800000 | (-bytes / 8 & 0x7F) << 15 | rt2 << 10 | SP << 5 | rt);
}
static inline void a64_pop(struct encoder *e, unsigned rt, unsigned rt2, uint32_t bytes) {
  a64_word(e, 0xA8C00000 | (bytes / 8 & 0x7F) << 15 | rt2 << 10 | SP << 5 | rt);
}

/* ---- jumps ----
 * Those that lead to code are appended without a target. The result is the fixup, the address of the instruction,
 * which a64_bind completes once the target is known. Conditional ones reach 1 MiB, the others 128 MiB. */

static inline uint8_t *a64_fixup(struct encoder *e, uint32_t word) {
  a64_word(e, word);
  return e->p - sizeof word;
}
static inline uint8_t *a64_b(struct encoder *e) { return a64_fixup(e, 0x14000000); }
static inline uint8_t *a64_bl(struct encoder *e) { return a64_fixup(e, 0x94000000); }
static inline uint8_t *a64_b_cond(struct encoder *e, unsigned cond) {
  return a64_fixup(e, 0x54000000 | cond);
}
static inline uint8_t *a64_cbz(struct encoder *e, uint32_t wide, unsigned r) {
  return a64_fixup(e, 0x34000000 | wide | r);
}
static inline uint8_t *a64_cbnz(struct encoder *e, uint32_t wide, unsigned r) {
  return a64_fixup(e, 0x35000000 | wide | r);
}
/* Makes the jump, which may have a target already, go to `target`. */
static inline void a64_bind(uint8_t *jump, const uint8_t *target) {
  const int64_t words = (target - jump) / 4;
  uint32_t word;
  memcpy(&word, jump, sizeof word);
  if ((word & 0x7C000000) == 0x14000000) { /* b, bl */
    assert(words >= -(1 << 25) && words < 1 << 25);
    word = (word & ~0x03FFFFFFu) | ((uint32_t)words & 0x03FFFFFF);
  } else { /* b.cond, cbz, cbnz */
    assert(words >= -(1 << 18) && words < 1 << 18);
    word = (word & ~(0x7FFFFu << 5)) | ((uint32_t)words & 0x7FFFF) << 5;
  }
  memcpy(jump, &word, sizeof word);
}

static inline void a64_br(struct encoder *e, unsigned r) { a64_word(e, 0xD61F0000 | r << 5); }
static inline void a64_blr(struct encoder *e, unsigned r) { a64_word(e, 0xD63F0000 | r << 5); }
static inline void a64_ret(struct encoder *e, unsigned r) { a64_word(e, 0xD65F0000 | r << 5); }
static inline void a64_nop(struct encoder *e) { a64_word(e, 0xD503201F); }

/* r = the address of this instruction + offset, which is less than 1 MiB. */
static inline void a64_adr(struct encoder *e, unsigned r, int32_t offset) {
  a64_word(e, 0x10000000 | ((uint32_t)offset & 3) << 29 | ((uint32_t)offset >> 2 & 0x7FFFF) << 5 | r);
}
/* r = the page (of 4 KiB) of this instruction + so many pages */
static inline void a64_adrp(struct encoder *e, unsigned r, int32_t pages) {
  a64_word(e, 0x90000000 | ((uint32_t)pages & 3) << 29 | ((uint32_t)pages >> 2 & 0x7FFFF) << 5 | r);
}

#endif
