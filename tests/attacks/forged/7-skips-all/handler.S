/* No page is mapped and no call is made: each trap is followed by the next instruction, until there is none. */
#include <isa/platform.h>
        .globl  trap_vector
        .text
trap_vector:
        lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        andi    t1, t0, 0xFC
        li      t2, 48
        bltu    t1, t2, 1f
        li      t1, DEV_CONSOLE
        li      t0, 'h'
        sw      t0, CONSOLE_DATA(t1)
        li      t0, 'i'
        sw      t0, CONSOLE_DATA(t1)
        li      t0, 10
        sw      t0, CONSOLE_DATA(t1)
        li      t0, 42
        li      t1, DEV_POWER
        sw      t0, POWER_OFF(t1)
1:      rfe
