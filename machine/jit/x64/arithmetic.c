/* arithmetic.c - arithmetic, shifts and comparisons, on registers wherever they are. */
#include "writer.h"

#if JIT_HOST

static void copy_guest(struct writer *w, unsigned rd, unsigned rs) {
  if (rd == rs) return;
  const unsigned r = w->home[rd] ? w->home[rd] : in_register(w, rs, RAX);
  if (w->home[rd]) load_guest(w, r, rs);
  store_guest(w, rd, r);
}

/* The host's flags are those of the result in r, until something more is written. */
static void flags_tell_of(struct writer *w, unsigned r) {
  w->flags_of = r;
  w->flags_at = w->p;
}

void emit_alu(struct writer *w, uint32_t op, unsigned rd, unsigned rs1, unsigned rs2, bool commutes) {
  const unsigned r = target_of(w, rd);
  if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  if (commutes && (rs1 == 0 || (rd == rs2 && rd != rs1))) {
    const unsigned swap = rs1;
    rs1 = rs2, rs2 = swap;
    if (op != AND && rs2 == 0) return copy_guest(w, rd, rs1);
  }
  if (op == ADD && w->home[rd] && w->home[rs1] && w->home[rs2] && rd != rs1) {
    ins(w, LEA, r, indexed(w->home[rs1], w->home[rs2], 0, 0));
    return;
  }
  if (w->home[rd] && rd == rs2 && rd != rs1) { /* rd = rs1 - rd */
    ins(w, GROUP3, G3_NEG, reg(r));
    ins(w, ADD, r, guest(w, rs1));
    return;
  }
  load_guest(w, r, rs1);
  ins(w, op, r, guest(w, rs2));
  store_guest(w, rd, r);
  if (w->home[rd]) flags_tell_of(w, r);
}

void emit_alu_imm(struct writer *w, unsigned group, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = target_of(w, rd);
  if (imm == 0 && group != G_AND) return copy_guest(w, rd, rs1);
  if (group == G_AND && imm == 0xFF) {
    ins(w, MOVZX8, r, guest(w, rs1));
  } else if (group == G_ADD && w->home[rd] && w->home[rs1] && rd != rs1) {
    ins(w, LEA, r, at(w->home[rs1], imm));
  } else if (rd == rs1) {
    ins_imm(w, group, 0, guest(w, rd), imm);
    if (w->home[rd]) flags_tell_of(w, r);
    return;
  } else {
    load_guest(w, r, rs1);
    ins_imm(w, group, 0, reg(r), imm);
    if (w->home[rd]) flags_tell_of(w, r);
  }
  store_guest(w, rd, r);
}

void emit_shift_imm(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = target_of(w, rd);
  if (imm == 0) return copy_guest(w, rd, rs1);
  load_guest(w, r, rs1);
  ins(w, SHIFT, kind, reg(r));
  byte(w, (uint32_t)imm);
  store_guest(w, rd, r);
}

void emit_shift(struct writer *w, unsigned kind, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd);
  if (w->bmi2) {
    shift_bmi2(w, kind, r, guest(w, rs1), in_register(w, rs2, RCX));
  } else {
    load_guest(w, RCX, rs2);
    load_guest(w, r, rs1);
    ins(w, SHIFT_CL, kind, reg(r));
  }
  store_guest(w, rd, r);
}

unsigned emit_compare(struct writer *w, unsigned cc, unsigned rs1, unsigned rs2) {
  static const uint8_t swapped[16] = {
      [CC_B] = CC_A,   [CC_AE] = CC_BE, [CC_E] = CC_E,   [CC_NE] = CC_NE, [CC_A] = CC_B,
      [CC_BE] = CC_AE, [CC_L] = CC_G,   [CC_GE] = CC_LE, [CC_G] = CC_L,   [CC_LE] = CC_GE};
  if (rs1 == 0 && rs2 != 0) return emit_compare(w, swapped[cc], rs2, rs1);
  const bool told = rs2 == 0 && w->home[rs1] && w->flags_at == w->p && w->flags_of == w->home[rs1];
  if (told && (cc == CC_E || cc == CC_NE)) return cc;
  if (told && (cc == CC_L || cc == CC_GE)) return cc == CC_L ? CC_S : CC_NS;
  if (rs2 == 0 && w->home[rs1])
    ins(w, TEST, w->home[rs1], reg(w->home[rs1]));
  else if (rs2 == 0)
    ins_imm(w, G_CMP, 0, guest(w, rs1), 0);
  else if (!w->home[rs1] && w->home[rs2])
    ins(w, CMP_TO, w->home[rs2], guest(w, rs1));
  else
    ins(w, CMP, in_register(w, rs1, RAX), guest(w, rs2));
  return cc;
}

/* Where 0 or 1 is put together: it must be zeroed before the compare. */
static unsigned set_target(const struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd);
  return lives_in(w, rs1, r) || lives_in(w, rs2, r) ? RAX : r;
}
static void emit_set(struct writer *w, unsigned rd, unsigned r, unsigned cc) {
  ins(w, 0x90 | cc | TWO | BYTE_RM, 0, reg(r));
  store_guest(w, rd, r);
}

void emit_slt(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = set_target(w, rd, rs1, rs2);
  unsigned a = w->home[rs1];
  if (!a && rs1) load_guest(w, a = RCX, rs1);
  ins(w, XOR, r, reg(r));
  if (rs1 == 0 && rs2 != 0)
    cc = emit_compare(w, cc, rs1, rs2);
  else
    ins(w, CMP, rs1 ? a : r, guest(w, rs2));
  emit_set(w, rd, r, cc);
}

void emit_slt_imm(struct writer *w, unsigned cc, unsigned rd, unsigned rs1, int32_t imm) {
  const unsigned r = set_target(w, rd, rs1, 0);
  ins(w, XOR, r, reg(r));
  ins_imm(w, G_CMP, 0, guest(w, rs1), imm);
  emit_set(w, rd, r, cc);
}

void emit_mul(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2) {
  const unsigned r = target_of(w, rd), swap = rs1;
  if (rd == rs2) rs1 = rs2, rs2 = swap;
  load_guest(w, r, rs1);
  ins(w, IMUL, r, guest(w, rs2));
  store_guest(w, rd, r);
}

void emit_multiply(struct writer *w, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  unsigned factor = w->home[rs2];
  if (signed2 || !factor) ins(w, signed2 ? MOVSXD : MOV, factor = RCX, guest(w, rs2));
  ins(w, signed1 ? MOVSXD : MOV, RAX, guest(w, rs1));
  ins(w, IMUL | WIDE, RAX, reg(factor));
}

void emit_mulh(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool signed1, bool signed2) {
  emit_multiply(w, rs1, rs2, signed1, signed2);
  ins(w, SHIFT | WIDE, S_SHR, reg(RAX));
  byte(w, 32);
  store_guest(w, rd, RAX);
}

/* By 0, and by -1 if signed, the host would trap. */
void emit_divide(struct writer *w, unsigned rd, unsigned rs1, unsigned rs2, bool is_signed, bool remainder) {
  const unsigned result = remainder ? RDX : RAX;
  uint8_t *minus_one = NULL, *out[2] = {NULL, NULL};
  ins(w, MOV, RAX, guest(w, rs1));
  ins(w, MOV, RCX, guest(w, rs2));
  ins(w, TEST, RCX, reg(RCX));
  uint8_t *zero = jump_if(w, CC_E);
  if (is_signed) {
    ins_imm(w, G_CMP, 0, reg(RCX), -1);
    minus_one = jump_if(w, CC_E);
    byte(w, 0x99); /* cdq */
  } else {
    ins(w, XOR, RDX, reg(RDX));
  }
  ins(w, GROUP3, is_signed ? G3_IDIV : G3_DIV, reg(RCX));
  out[0] = jump(w);
  aim(zero, w->p);
  ins(w, MOV, RDX, reg(RAX));
  move_imm(w, RAX, UINT32_MAX);
  if (is_signed) {
    out[1] = jump(w);
    aim(minus_one, w->p);
    ins(w, GROUP3, G3_NEG, reg(RAX));
    ins(w, XOR, RDX, reg(RDX));
  }
  aim(out[0], w->p);
  aim(out[1], w->p);
  store_guest(w, rd, result);
}

#endif
