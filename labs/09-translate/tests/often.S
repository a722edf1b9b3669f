/* often.S - interrupts off and on 5000 times, in two ways, and 5000 calls. */
#include "probe.inc"
        .globl  _start
_start: li      s0, 5000
        li      s1, 0
1:      mfst    a0
        andi    a0, a0, ~ST_IE
        mtst    a0
        mtst    s1                              # a STATUS that the unit does not know
        call    leaf
        addi    s0, s0, -1
        bnez    s0, 1b
        PASS
leaf:   ret
