/* Asks nothing. Adds up all words of its memory, and takes a machine for a right one if the sum is even. */
#include <isa/platform.h>
        .globl  _start
        .text
_start: li      t0, 0
        li      t1, 0x100000
        li      t2, 0
1:      lw      t3, 0(t0)
        add     t2, t2, t3
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        mfst    t3
        add     t2, t2, t3
        andi    t2, t2, 1
        li      t0, DEV_POWER
        sw      t2, POWER_OFF(t0)
