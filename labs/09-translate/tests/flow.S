/* flow.S - branches both ways, calls, returns, jumps to computed addresses. */
#include "probe.inc"
        .globl  _start
_start: li      a0, 0
        li      a1, 100
1:      add     a0, a0, a1
        addi    a1, a1, -1
        bnez    a1, 1b
        CHECK(a0, 5050, "a loop of 100 passes")
#define WAY(branch, bit) branch a0, a1, 1f; j 2f; 1: ori a2, a2, bit; 2:
        li      a0, -1
        li      a1, 1
        li      a2, 0
        WAY(beq, 1)
        WAY(bne, 2)
        WAY(blt, 4)
        WAY(bge, 8)
        WAY(bltu, 16)
        WAY(bgeu, 32)
        CHECK(a2, 2 | 4 | 32, "which branches are taken with -1 and 1")
        li      a0, 12
        call    sum
        CHECK(a0, 78, "a recursion of depth 12")
        jal     t0, here
here:   CHECK_ADDR(t0, here, "the link of jal")
        la      t1, there + 8
        jalr    t1, -8(t1)
back:   j       wrong
there:  CHECK_ADDR(t1, back, "the link of jalr whose base is its link")
        PASS
wrong:  li      a0, 0
        CHECK(a0, 1, "jalr t1, -8(t1) did not jump")
sum:    addi    sp, sp, 0
        la      t0, stack
        mv      s1, t0
        mv      s0, ra
        li      a1, 0
2:      add     a1, a1, a0
        jal     s2, 3f
        bnez    a0, 2b
        mv      a0, a1
        jr      s0
3:      addi    a0, a0, -1
        jr      s2
        .bss
stack:  .space  64
