/* badinst.S - a load or store that faults leaves its own word in BADINST, whatever its registers are: a kernel that is
 * translated faults at another word where the translator has taken gp, tp, t5 and t6 for itself.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define NOWHERE 0x60000000
#define GP 3
#define TP 4
#define T5 30
#define T6 31
/* The instruction `insn`, whose word is given, with its base register at NOWHERE, faults so. */
#define FAULT(base, cause, offset, word, insn...) \
  li base, NOWHERE; TRY(0, 0, 1f); TRAP_WAS(cause, 0, 0, NOWHERE + (offset), word); PC_WAS(1f); j 2f; 1: insn; 2:
_start: li      s0, 20
again:  FAULT(gp, CAUSE_LOAD_BUS, 4, WORD_I(PG32_OP_lw, T6, GP, 4), lw t6, 4(gp))
        FAULT(tp, CAUSE_LOAD_BUS, -8, WORD_I(PG32_OP_lbu, TP, TP, -8), lbu tp, -8(tp))
        FAULT(t5, CAUSE_STORE_BUS, 12, WORD_I(PG32_OP_sw, T6, T5, 12), sw t6, 12(t5))
        FAULT(t6, CAUSE_STORE_BUS, 0, WORD_I(PG32_OP_sh, GP, T6, 0), sh gp, 0(t6))
        FAULT(gp, CAUSE_LOAD_MISALIGNED, 2, WORD_I(PG32_OP_lw, 10, GP, 2), lw a0, 2(gp))
        FAULT(tp, CAUSE_STORE_MISALIGNED, 1, WORD_I(PG32_OP_sh, 10, TP, 1), sh a0, 1(tp))
        FAULT(t5, CAUSE_LOAD_MISALIGNED, 3, WORD_I(PG32_OP_lh, T5, T5, 3), lh t5, 3(t5))
        FAULT(t6, CAUSE_STORE_MISALIGNED, 2, WORD_I(PG32_OP_sw, TP, T6, 2), sw tp, 2(t6))
        FAULT(s1, CAUSE_LOAD_BUS, 16, WORD_I(PG32_OP_lw, GP, 9, 16), lw gp, 16(s1))
        FAULT(s1, CAUSE_STORE_BUS, 20, WORD_I(PG32_OP_sb, T5, 9, 20), sb t5, 20(s1))
        addi    s0, s0, -1
        bnez    s0, again
        PASS
