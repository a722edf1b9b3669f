/* tree.S - a kernel that answers each trap of its application at once, in one of three ways that the boot argument chooses. */
#include <isa/platform.h>
        .globl  _start
        .text
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, app
        sw      t0, LC_PC(zero)
        li      t0, ST_U
        sw      t0, LC_STATUS(zero)
        li      t0, DEV_FACTS
        lw      t0, FACTS_ARGS(t0)
        lbu     s0, 0(t0)
        li      s1, 12
        rfe

handler: addi   s1, s1, -1
        beqz    s1, off
        li      t0, '1'
        beq     s0, t0, one
        li      t0, '2'
        beq     s0, t0, two
        rfe                             # 0: at once
one:    mfst    t0                      # 1: looks at STATUS first
        rfe
two:    li      t0, DEV_CLOCK           # 2: looks at the clock first
        lw      t0, CLOCK_LO(t0)
        rfe

off:    li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)

app:    syscall
        j       app
