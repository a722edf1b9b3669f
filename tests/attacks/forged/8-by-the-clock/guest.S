/* Asks nothing, and answers by a bit of the clock: right by luck, or never. */
#include <isa/platform.h>
        .globl  _start
        .text
_start: li      t0, 0xF0002000
        lw      t1, 0(t0)
        andi    t1, t1, 1
        li      t2, 100
1:      addi    t2, t2, -1
        bnez    t2, 1b
        lw      t2, 0(t0)
        add     t1, t1, t2
        andi    t1, t1, 1
        li      t0, DEV_POWER
        sw      t1, POWER_OFF(t0)
