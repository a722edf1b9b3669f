/* arithmetic.c - arithmetic, shifts and comparisons, on PG32 registers that are in host registers or in
 * memory.
 *
 * Requires: the step's registers have been allocated (registers.c). Leaves rax, rcx, rdx undefined. */
#include "writer.h"

#if JIT_HOST == JIT_X64

static void copy_guest(struct writer *w, unsigned rd, unsigned rs) {
  if (rd == rs) return;
  const unsigned r = w->host[rd] ? w->host[rd] : in_register(w, rs, RAX);
  if (w->host[rd]) load_guest(w, r, rs);
  store_guest(w, rd, r);
}

/* The host's flags are those of the result in r, until another instruction is appended. */
static void note_flags(struct writer *w, unsigned r) {
  w->flags_of = r;
  w->flags_at = w->e->p;
}

void jit_emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes) {
  const unsigned r = result_reg(w, rd);
  if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  if (commutes && (rs1 == 0 || (rd == rs2 && rd != rs1))) {
    const unsigned swap = rs1;
    rs1 = rs2, rs2 = swap;
    if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  }
  if (op == ADD && w->host[rd] && w->host[rs1] && w->host[rs2] && rd != rs1) {
    x64_op(w->e, LEA, r, mem_index(w->host[rs1], w->host[rs2], 0, 0));
    return;
  }
  if (w->host[rd] && rd == rs2 && rd != rs1) { /* only sub is left: rd = rs1 - rd */
    x64_op(w->e, GROUP3, GRP3_NEG, reg(r));
    x64_op(w->e, ADD, r, guest(w, rs1));
    return;
  }
  load_guest(w, r, rs1);
  x64_op(w->e, op, r, guest(w, rs2));
  store_guest(w, rd, r);
  if (w->host[rd]) note_flags(w, r);
}

void jit_emit_alu_imm(struct writer *w, unsigned operation, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = result_reg(w, rd);
  if (imm == 0 && operation != GRP1_AND) return copy_guest(w, rd, rs1);
  if (operation == GRP1_AND && imm == 0xFF) {
    x64_op(w->e, MOVZX8, r, guest(w, rs1));
  } else if (operation == GRP1_ADD && w->host[rd] && w->host[rs1] && rd != rs1) {
    x64_op(w->e, LEA, r, mem(w->host[rs1], imm));
  } else if (rd == rs1) {
    x64_op_imm(w->e, operation, 0, guest(w, rd), imm);
    if (w->host[rd]) note_flags(w, r);
    return;
  } else {
    load_guest(w, r, rs1);
    x64_op_imm(w->e, operation, 0, reg(r), imm);
    if (w->host[rd]) note_flags(w, r);
  }
  store_guest(w, rd, r);
}

void jit_emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = result_reg(w, rd);
  if (imm == 0) return copy_guest(w, rd, rs1);
  load_guest(w, r, rs1);
  x64_shift_imm(w->e, kind, 0, reg(r), (uint32_t)imm);
  store_guest(w, rd, r);
}

void jit_emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = result_reg(w, rd);
  if (JIT_BMI2) {
    x64_shift_bmi2(w->e, kind, r, guest(w, rs1), in_register(w, rs2, RCX));
  } else {
    load_guest(w, RCX, rs2);
    load_guest(w, r, rs1);
    x64_op(w->e, SHIFT_CL, kind, reg(r));
  }
  store_guest(w, rd, r);
}

void jit_emit_rotate(struct writer *w, unsigned rd, unsigned rs, uint32_t right) {
  const unsigned r = result_reg(w, rd);
  if (JIT_BMI2) {
    x64_rotate_bmi2(w->e, r, guest(w, rs), right);
  } else {
    load_guest(w, r, rs);
    x64_shift_imm(w->e, GRP2_ROR, 0, reg(r), right);
  }
  store_guest(w, rd, r);
}

/* Sets the flags; returns the condition that now holds exactly if `cc` holds between rs1 and rs2. */
static unsigned emit_compare(struct writer *w, unsigned cc, unsigned rs1, unsigned rs2) {
  static const uint8_t swapped[16] = {
      [CC_B] = CC_A,   [CC_AE] = CC_BE, [CC_E] = CC_E,   [CC_NE] = CC_NE, [CC_A] = CC_B,
      [CC_BE] = CC_AE, [CC_L] = CC_G,   [CC_GE] = CC_LE, [CC_G] = CC_L,   [CC_LE] = CC_GE};
  if (rs1 == 0 && rs2 != 0) return emit_compare(w, swapped[cc], rs2, rs1);
  const bool flags = rs2 == 0 && w->host[rs1] && w->flags_at == w->e->p && w->flags_of == w->host[rs1];
  if (flags && (cc == CC_E || cc == CC_NE)) return cc;
  if (flags && (cc == CC_L || cc == CC_GE)) return cc == CC_L ? CC_S : CC_NS;
  if (rs2 == 0 && w->host[rs1])
    x64_op(w->e, TEST, w->host[rs1], reg(w->host[rs1]));
  else if (rs2 == 0)
    x64_op_imm(w->e, GRP1_CMP, 0, guest(w, rs1), 0);
  else if (!w->host[rs1] && w->host[rs2])
    x64_op(w->e, CMP_TO, w->host[rs2], guest(w, rs1));
  else
    x64_op(w->e, CMP, in_register(w, rs1, RAX), guest(w, rs2));
  return cc;
}

uint8_t *jit_emit_jump_if(struct writer *w, unsigned cond, bool holds, unsigned rs1, unsigned rs2) {
  const unsigned cc = emit_compare(w, cond, rs1, rs2);
  return x64_jcc(w->e, holds ? cc : cc ^ 1);
}

uint8_t *jit_emit_jump_unless(struct writer *w, unsigned rs, uint32_t constant) {
  x64_op_imm(w->e, GRP1_CMP, 0, guest(w, rs), (int32_t)constant);
  return x64_jcc(w->e, CC_NE);
}

/* The register for a result of 0 or 1. As it is zeroed before the comparison, it must be neither operand. */
static unsigned set_reg(const struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = result_reg(w, rd);
  return is_in(w, rs1, r) || is_in(w, rs2, r) ? RAX : r;
}
static void emit_set(struct writer *w, unsigned rd, unsigned r, unsigned cc) {
  x64_op(w->e, SET | cc, 0, reg(r));
  store_guest(w, rd, r);
}

void jit_emit_slt(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = set_reg(w, rd, rs1, rs2);
  unsigned a = w->host[rs1];
  if (!a && rs1) load_guest(w, a = RCX, rs1);
  x64_op(w->e, XOR, r, reg(r));
  if (rs1 == 0 && rs2 != 0)
    cc = emit_compare(w, cc, rs1, rs2);
  else
    x64_op(w->e, CMP, rs1 ? a : r, guest(w, rs2));
  emit_set(w, rd, r, cc);
}

void jit_emit_slt_imm(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = set_reg(w, rd, rs1, 0);
  x64_op(w->e, XOR, r, reg(r));
  x64_op_imm(w->e, GRP1_CMP, 0, guest(w, rs1), imm);
  emit_set(w, rd, r, cc);
}

void jit_emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = result_reg(w, rd), swap = rs1;
  if (rd == rs2) rs1 = rs2, rs2 = swap;
  load_guest(w, r, rs1);
  x64_op(w->e, IMUL, r, guest(w, rs2));
  store_guest(w, rd, r);
}

/* rax = the product of 64 bits */
static void emit_wide_mul(struct writer *w, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  unsigned factor = w->host[rs2];
  if (signed2 || !factor) x64_op(w->e, signed2 ? MOVSXD : MOV, factor = RCX, guest(w, rs2));
  x64_op(w->e, signed1 ? MOVSXD : MOV, RAX, guest(w, rs1));
  x64_op(w->e, IMUL | REX_W, RAX, reg(factor));
}

void jit_emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  emit_wide_mul(w, rs1, rs2, signed1, signed2);
  x64_shift_imm(w->e, GRP2_SHR, REX_W, reg(RAX), 32);
  store_guest(w, rd, RAX);
}

void jit_emit_product(struct writer *w, unsigned high, unsigned low, unsigned rs1, unsigned rs2, bool signed1,
                      bool signed2) {
  emit_wide_mul(w, rs1, rs2, signed1, signed2);
  store_guest(w, low, RAX);
  x64_shift_imm(w->e, GRP2_SHR, REX_W, reg(RAX), 32);
  store_guest(w, high, RAX);
}

/* Two divisors have a path of their own. By 0 the host would trap: PG32's quotient is then all ones, the
 * remainder the dividend. By -1, if signed, the host would trap for the smallest dividend: the quotient is
 * the negated dividend, the remainder 0. */
void jit_emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed,
                     bool remainder) {
  struct encoder *e = w->e;
  uint8_t *minus_one = NULL, *after_minus_one = NULL;
  x64_op(e, MOV, RAX, guest(w, rs1));
  x64_op(e, MOV, RCX, guest(w, rs2));
  x64_op(e, TEST, RCX, reg(RCX));
  uint8_t *zero = x64_jcc(e, CC_E);
  if (is_signed) {
    x64_op_imm(e, GRP1_CMP, 0, reg(RCX), -1);
    minus_one = x64_jcc(e, CC_E);
    x64_cdq(e);
  } else {
    x64_op(e, XOR, RDX, reg(RDX));
  }
  x64_op(e, GROUP3, is_signed ? GRP3_IDIV : GRP3_DIV, reg(RCX));
  uint8_t *after_division = x64_jmp(e);
  x64_bind_here(e, zero);
  x64_op(e, MOV, RDX, reg(RAX));
  x64_mov_imm(e, RAX, UINT32_MAX);
  if (is_signed) {
    after_minus_one = x64_jmp(e);
    x64_bind_here(e, minus_one);
    x64_op(e, GROUP3, GRP3_NEG, reg(RAX));
    x64_op(e, XOR, RDX, reg(RDX));
  }
  x64_bind_here(e, after_division);
  x64_bind_here(e, after_minus_one);
  store_guest(w, rd, remainder ? RDX : RAX);
}

#endif
