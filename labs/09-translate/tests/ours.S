/* ours.S - the registers that the translator keeps for itself are the guest's, too. */
#include "probe.inc"
        .globl  _start
_start: li      t5, 5
        li      t6, 6
        li      a0, 0
        bltu    t5, t6, 1f
        li      a0, 1
1:      bltu    t6, t5, 2f
        addi    a0, a0, 2
2:      CHECK(a0, 2, "bltu of t5 and t6")
        mfst    t5
        ori     t5, t5, 0
        mtst    t5
        CHECK(t5, 0, "STATUS in t5")
        la      t6, spot
        jalr    t5, 0(t6)
behind: j       0f
spot:   CHECK_ADDR(t5, behind, "jalr t5, 0(t6): the link")
0:      PASS
