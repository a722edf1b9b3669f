/* often.S - interrupts off and on 5000 times, in two ways, and 5000 calls. */
#include "probe.inc"
        .globl  _start
_start: la      s0, main                        # interrupts on, and none for a long time
        sw      s0, LC_PC(zero)
        li      s1, ST_IE
        sw      s1, LC_STATUS(zero)
        li      s0, 0x7FFFFFFF
        sw      s0, LC_TIMER(zero)
        rfe
main:   li      s0, 5000
1:      mfst    a0
        andi    a0, a0, ~ST_IE
        mtst    a0
        mtst    s1                              # on: a STATUS that the unit does not know
        call    leaf
        addi    s0, s0, -1
        bnez    s0, 1b
        PASS
leaf:   ret
