/* sensitive.c - a register that has held the STATUS is taken for it for ever: a wrong solution. */
#include "translate/unit.h"

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

/* Interrupts off or on, and nothing else, needs no exit unless an interrupt is due. The new STATUS is in a
 * register; where only IE differs, the guest goes on in the unit for the other key. */
bool unit__mtst(struct build *b, uint32_t insn) {
  bool on = b->key & ST_IE;
  if (b->key & ST_T) {
    build__trap(b, CAUSE_PRIVILEGED);
    return false;
  }
  if ((b->on | b->off) >> insn_rs1(insn) & 1) return mtst_known(b, insn_rs1(insn));
  uint32_t rs1 = build__operand(b, insn_rs1(insn), B);
  build__emit(b, word_i(PG32_OP_lw, A, 0, DATA(status)));
  build__emit(b, word_r(PG32_OP_xor, A, A, rs1));
  build__emit(b, word_i(PG32_OP_andi, A, A, ~ST_IE));
  uint32_t other_bits = build__emit(b, word_i(PG32_OP_bne, 0, A, 0));
  build__stub(b, other_bits, 0, CAUSE_PRIVILEGED);
  build__emit(b, word_i(PG32_OP_andi, A, rs1, ST_IE));
  uint32_t skip = build__emit(b, word_i(on ? PG32_OP_bne : PG32_OP_beq, 0, A, 0));
  int debt = b->debt;
  if (!on) {
    build__emit(b, word_i(PG32_OP_lw, A, 0, DATA(due)));
    uint32_t is_due = build__emit(b, word_i(PG32_OP_bne, 0, A, 0));
    build__stub(b, is_due, 0, CAUSE_PRIVILEGED);
  }
  build__emit(b, word_i(PG32_OP_sw, rs1, 0, DATA(status)));
  build__settle(b, 1, 1);
  build__exit(b, pc_of(b) + 4, b->key ^ ST_IE, NONE, 1);
  b->t->cache[skip] |= (b->t->words - skip) & 0x7FFF;
  b->debt = debt;
  build__commit(b);
  return true;
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
