/* sensitive.c - instructions that would show or change the real STATUS, and those that trap. */
#include "unit.h"

bool unit__mfst(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn);
  build__emit(b, word_i(PG32_OP_lw, build__result(rd), 0, DATA(status)));
  build__result_done(b, rd);
  build__commit(b);
  return true;
}

/* The STATUS that the guest has before and after the instruction, as far as the unit itself has computed it: the
 * usual `mfst a; andi b, a, ~IE; mtst b` ... `mtst a` is known through and through. */
void unit__follow_status(struct build *b, uint32_t insn) {
  static const uint32_t writes =
      1 << RRR | 1 << RD | 1 << RRI | 1 << SHIFT | 1 << LOAD | 1 << UPPER | 1 << JUMP;
  uint32_t rd = 1u << insn_rd(insn), rs1 = 1u << insn_rs1(insn), op = insn_op(insn);
  bool on = b->on & rs1, off = b->off & rs1, known = on || off;
  if (!(writes >> shape_of[op] & 1)) return;
  b->on &= ~rd, b->off &= ~rd;
  if (op == PG32_OP_mfst)
    on = b->key & ST_IE, off = !on;
  else if (op == PG32_OP_andi && known && signed_imm(insn) == (uint32_t)~ST_IE)
    on = false, off = true;
  else if (op == PG32_OP_ori && known && signed_imm(insn) == ST_IE)
    on = true, off = false;
  else if (op != PG32_OP_addi || signed_imm(insn) != 0)
    return;
  if (on) b->on |= rd & ~1u;
  if (off) b->off |= rd & ~1u;
}

/* The new STATUS is known: the unit goes on with the other key. Only an interrupt that is due needs the VMM. */
static bool mtst_known(struct build *b, uint32_t rs1) {
  bool on = b->on >> rs1 & 1;
  uint32_t value = build__operand(b, rs1, B);
  if (on && !(b->key & ST_IE)) {
    build__emit(b, word_i(PG32_OP_lw, A, 0, DATA(due)));
    build__stub(b, build__emit(b, word_i(PG32_OP_bne, 0, A, 0)), 0, CAUSE_PRIVILEGED);
  }
  build__emit(b, word_i(PG32_OP_sw, value, 0, DATA(status)));
  b->key = on ? b->key | ST_IE : b->key & ~ST_IE;
  build__commit(b);
  return true;
}

/* The new STATUS is in C. Leaves the unit for the one of `key`. */
static void go_on_with(struct build *b, uint32_t key) {
  if ((key & ST_IE) && !(b->key & ST_IE)) {
    build__emit(b, word_i(PG32_OP_lw, A, 0, DATA(due)));
    uint32_t not_due = build__emit(b, word_i(PG32_OP_beq, 0, A, 0));
    build__trap(b, CAUSE_PRIVILEGED);
    b->debt--; /* what follows is not behind the trap */
    build__here(b, not_due);
  }
  build__emit(b, word_i(PG32_OP_sw, C, 0, DATA(status)));
  build__settle(b, 1, 1);
  build__exit(b, pc_of(b) + 4, key, NONE, 1);
}

/* The callout of an mtst that was not what the unit expected. As long as the guest's kernel stays untranslated, its ASID is a
 * mere number; only user mode and translation are the VMM's to begin. */
static void other_status(struct build *b) {
  uint32_t rs1 = insn_rs1(b->code[b->insn]);
  if (is_ours(rs1)) rs1 = B;
  build__emit(b, word_i(PG32_OP_andi, A, rs1, ST_U | ST_T));
  uint32_t neither = build__emit(b, word_i(PG32_OP_beq, 0, A, 0));
  build__trap(b, CAUSE_PRIVILEGED);
  b->debt--;
  build__here(b, neither);
  build__emit(b, word_i(PG32_OP_lw, C, 0, DATA(mask)));
  build__emit(b, word_r(PG32_OP_and, C, C, rs1));
  build__emit(b, word_i(PG32_OP_ori, A, C, ST_IE));
  build__emit(b, word_i(PG32_OP_sw, A, 0, DATA(on)));
  build__emit(b, word_i(PG32_OP_andi, A, C, ~ST_IE));
  build__emit(b, word_i(PG32_OP_sw, A, 0, DATA(off)));
  build__emit(b, word_i(PG32_OP_andi, A, C, ST_IE));
  uint32_t on = build__emit(b, word_i(PG32_OP_bne, 0, A, 0));
  int debt = b->debt;
  go_on_with(b, b->key & ~ST_IE);
  build__here(b, on);
  b->debt = debt;
  go_on_with(b, b->key | ST_IE);
}

/* The unit expects that a new STATUS that it does not know turns interrupts on if they are off, and off if they are on, and
 * changes nothing else. Two words compare; all else is the callout's. */
bool unit__mtst(struct build *b, uint32_t insn) {
  uint32_t rs1 = insn_rs1(insn), on = rs1 ? ~b->key & ST_IE : 0;
  if (b->key & ST_T) {
    build__trap(b, CAUSE_PRIVILEGED);
    return false;
  }
  if ((b->on | b->off) >> rs1 & 1) return mtst_known(b, rs1);
  uint32_t value = build__operand(b, rs1, B);
  build__emit(b, word_i(PG32_OP_lw, A, 0, on ? DATA(on) : DATA(off)));
  build__callout(b, build__emit(b, word_i(PG32_OP_bne, value, A, 0)), other_status);
  *(on ? &b->on : &b->off) |= 1u << rs1 & ~1u;
  return mtst_known(b, rs1);
}

/* syscall, hcall, break: they trap by themselves. */
bool unit__call(struct build *b, uint32_t insn) {
  build__emit(b, insn);
  build__commit(b);
  return false;
}

/* An instruction that traps by itself, in user mode as here, before it does anything: for the VMM to emulate, or for
 * the guest to hear of. */
bool unit__trap(struct build *b, uint32_t insn, uint32_t cause) {
  b->t->place[build__emit(b, insn)].cause = cause;
  return false;
}
