/* arithmetic.c - arithmetic, shifts and comparisons, on PG32 registers that are in host registers or in
 * memory.
 *
 * Requires: the step's registers have been allocated (emit/registers.c). Leaves SCRATCH, TEMP and TEMP2 undefined. */
#include "writer.h"

#if JIT_HOST == JIT_A64

/* ---- one result of two operands ---- */

static void emit_rrr(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = result_reg(w, rd), a = in_register(w, rs1, TEMP);
  a64_rrr(w->e, op, r, a, in_register(w, rs2, TEMP2));
  store_guest(w, rd, r);
}

void jit_emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes) {
  (void)commutes;
  emit_rrr(w, op, rd, rs1, rs2);
}

void jit_emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2) {
  emit_rrr(w, kind, rd, rs1, rs2);
}

void jit_emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  emit_rrr(w, MUL, rd, rs1, rs2);
}

/* r = a op a constant that does not fit the instruction */
static void emit_with_constant(struct writer *w, uint32_t op, unsigned r, unsigned a, uint32_t constant) {
  a64_mov_imm(w->e, TEMP2, constant);
  a64_rrr(w->e, op, r, a, TEMP2);
}

void jit_emit_alu_imm(struct writer *w, unsigned op, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = result_reg(w, rd), a = in_register(w, rs1, TEMP);
  uint32_t fields;
  if (op == IMM_ADD && a != ZR)
    host_sum(w->e, r, a, imm);
  else if (op == IMM_XOR && imm == -1)
    a64_rrr(w->e, ORN, r, ZR, a);
  else if (op != IMM_ADD && a64_mask((uint32_t)imm, &fields))
    a64_rr_mask(w->e, op == IMM_AND ? AND_MASK : op == IMM_OR ? ORR_MASK : EOR_MASK, r, a, (uint32_t)imm);
  else
    emit_with_constant(w, op, r, a, (uint32_t)imm);
  store_guest(w, rd, r);
}

void jit_emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = result_reg(w, rd), a = in_register(w, rs1, TEMP);
  if (kind == SHIFT_LEFT)
    a64_lsl(w->e, r, a, (unsigned)imm);
  else if (kind == SHIFT_RIGHT)
    a64_lsr(w->e, 0, r, a, (unsigned)imm);
  else
    a64_asr(w->e, r, a, (unsigned)imm);
  store_guest(w, rd, r);
}

void jit_emit_rotate(struct writer *w, unsigned rd, unsigned rs, uint32_t right) {
  const unsigned r = result_reg(w, rd);
  a64_ror(w->e, r, in_register(w, rs, TEMP), right);
  store_guest(w, rd, r);
}

/* ---- comparisons ---- */

static void emit_compare(struct writer *w, unsigned rs1, unsigned rs2) {
  const unsigned a = in_register(w, rs1, TEMP);
  a64_rrr(w->e, SUBS, ZR, a, in_register(w, rs2, TEMP2));
}

/* The flags of a - imm are those of a + -imm, but for imm = 0 and the smallest integer. */
static void emit_compare_constant(struct writer *w, unsigned rs1, uint32_t constant) {
  const unsigned a = in_register(w, rs1, TEMP);
  if (a != ZR && a64_fits_imm12(constant))
    a64_rri(w->e, SUBS_IMM, ZR, a, constant);
  else if (a != ZR && a64_fits_imm12(-constant))
    a64_rri(w->e, ADDS_IMM, ZR, a, -constant);
  else
    emit_with_constant(w, SUBS, ZR, a, constant);
}

static void emit_set(struct writer *w, unsigned cond, unsigned rd) {
  const unsigned r = result_reg(w, rd);
  a64_cset(w->e, r, cond);
  store_guest(w, rd, r);
}

void jit_emit_slt(struct writer *w, unsigned cond, unsigned rd, unsigned rs1, unsigned rs2) {
  emit_compare(w, rs1, rs2);
  emit_set(w, cond, rd);
}

void jit_emit_slt_imm(struct writer *w, unsigned cond, unsigned rd, unsigned rs1, int32_t imm) {
  emit_compare_constant(w, rs1, (uint32_t)imm);
  emit_set(w, cond, rd);
}

uint8_t *jit_emit_jump_if(struct writer *w, unsigned cond, bool holds, unsigned rs1, unsigned rs2) {
  const bool equality = cond == COND_EQ || cond == COND_NE;
  if (!holds) cond ^= 1;
  if (equality && (rs1 == 0 || rs2 == 0)) {
    const unsigned r = in_register(w, rs2 == 0 ? rs1 : rs2, TEMP);
    return cond == COND_EQ ? a64_cbz(w->e, 0, r) : a64_cbnz(w->e, 0, r);
  }
  emit_compare(w, rs1, rs2);
  return a64_b_cond(w->e, cond);
}

uint8_t *jit_emit_jump_unless(struct writer *w, unsigned rs, uint32_t constant) {
  emit_compare_constant(w, rs, constant);
  return a64_b_cond(w->e, CC_NE);
}

/* ---- products and quotients ---- */

/* TEMP = the product of 64 bits. Of one signed and one unsigned factor, it is that of the first extended to 64 bits
 * and the second, whose upper half is zero. */
static void emit_wide_mul(struct writer *w, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  unsigned a = in_register(w, rs1, TEMP);
  const unsigned b = in_register(w, rs2, TEMP2);
  if (signed1 == signed2) return a64_rrr(w->e, signed1 ? SMULL : UMULL, TEMP, a, b);
  a64_sxtw(w->e, TEMP, a);
  a64_rrr(w->e, MUL | WIDE, TEMP, TEMP, b);
}

void jit_emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  const unsigned r = result_reg(w, rd);
  emit_wide_mul(w, rs1, rs2, signed1, signed2);
  a64_lsr(w->e, WIDE, r, TEMP, 32);
  store_guest(w, rd, r);
}

void jit_emit_product(struct writer *w, unsigned high, unsigned low, unsigned rs1, unsigned rs2, bool signed1,
                      bool signed2) {
  emit_wide_mul(w, rs1, rs2, signed1, signed2);
  store_guest(w, low, TEMP);
  a64_lsr(w->e, WIDE, TEMP, TEMP, 32);
  store_guest(w, high, TEMP);
}

/* The host's quotient by 0 is 0, which makes the remainder the dividend, as in PG32; but PG32's quotient is then all
 * ones. That of the smallest integer by -1 is the same on both. */
void jit_emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed,
                     bool remainder) {
  const unsigned r = result_reg(w, rd), a = in_register(w, rs1, TEMP), b = in_register(w, rs2, TEMP2);
  const unsigned quotient = 0; /* a scratch register */
  a64_rrr(w->e, is_signed ? SDIV : UDIV, quotient, a, b);
  if (remainder) {
    a64_rrrr(w->e, MSUB, r, quotient, b, a);
  } else {
    a64_rrr(w->e, SUBS, ZR, b, ZR);
    a64_choose(w->e, CSINV, r, quotient, ZR, CC_NE);
  }
  store_guest(w, rd, r);
}

#endif
