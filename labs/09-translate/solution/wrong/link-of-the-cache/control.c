/* control.c - instructions that jump: branches and jumps lead to other units, by exits and by the hash. */
#include "translate/unit.h"

bool unit__branch(struct build *b, uint32_t insn) {
  uint32_t rs1 = build__operand(b, insn_rs1(insn), A), rs2 = build__operand(b, insn_rd(insn), B);
  uint32_t target = pc_of(b) + 4 * signed_imm(insn);
  if (b->debt) build__settle(b, 1, 1);
  uint32_t at = build__emit(b, word_i(insn_op(insn), rs2, rs1, 0));
  build__commit(b);
  build__stub(b, at, target, GOES_ON);
  return true;
}

bool unit__jump(struct build *b, uint32_t insn) {
  uint32_t target = pc_of(b) + 4 * signed_imm20(insn);
  if (insn_rd(insn)) build__constant(b, insn_rd(insn), VM_WINDOW_START + 4 * (b->t->words + 3));
  if (b->debt) build__settle(b, 1, 1);
  build__exit(b, target, b->key, NONE, 1);
  build__commit(b);
  return false;
}

/* The guest's target goes into A, and the place of its slot into B. The word behind the jump to the slot, which
 * the jump leaves in B, tells the VMM afterwards where the guest jumped. */
bool unit__jump_register(struct build *b, uint32_t insn) {
  uint32_t rd = insn_rd(insn), rs1 = build__operand(b, insn_rs1(insn), A);
  if (insn_imm(insn)) rs1 = (build__emit(b, word_i(PG32_OP_addi, A, rs1, insn_imm(insn))), A);
  build__emit(b, word_i(PG32_OP_andi, A, rs1, -2));
  if (rd) { /* a misaligned target must be found before rd changes; if there is no rd, the slot finds it */
    build__emit(b, word_i(PG32_OP_andi, B, A, 2));
    build__stub(b, build__emit(b, word_i(PG32_OP_bne, 0, B, 0)), 0, CAUSE_FETCH_MISALIGNED);
    uint32_t link = pc_of(b) + 4;
    if (is_ours(rd)) { /* A is taken */
      build__emit(b, word_u(PG32_OP_lui, B, (link + 0x800) >> 12));
      build__emit(b, word_i(PG32_OP_addi, B, B, (int32_t)(link << 20) >> 20));
      build__emit(b, word_i(PG32_OP_sw, B, 0, GUEST_COPY(rd)));
    } else {
      build__constant(b, rd, link);
    }
  }
  build__emit(b, word_i(PG32_OP_slli, B, A, 22));
  build__emit(b, word_i(PG32_OP_srli, B, B, 20));
  build__settle(b, 1 + SLOT_WORDS, 1);
  build__emit(b, word_i(PG32_OP_jalr, B, B, HASH_START + PAGE_SIZE * key_hash(b->key)));
  build__commit(b);
  return false;
}
