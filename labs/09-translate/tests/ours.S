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
        la      t6, 1f
        j       0f
        .balign 4096
        .space  0x7FC                           # the link's low half is 0x800: its upper half is one more
0:      jalr    t5, 0(t6)
low:    j       wrong
        .balign 4
1:      CHECK_ADDR(t5, low, "jalr t5, 0(t6): a link with 0x800 in its low half")
        PASS
wrong:  li      t5, 0
        CHECK(t5, 1, "jalr t5, 0(t6) did not jump")
