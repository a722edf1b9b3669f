/* Counts in user mode which instructions trap. */
#include <isa/platform.h>
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        sw      t0, LC_PC(zero)
        li      t0, ST_U
        sw      t0, LC_STATUS(zero)
        rfe
        j       off
user:   mfst    t1
        mtst    zero
        tlbw    zero, zero
        tlbi    zero, TLBI_ALL
        wait
        rfe
        syscall
handler: lw     t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        beqz    t0, off
        addi    a0, a0, 1
        lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
