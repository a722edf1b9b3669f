/* The application's first instructions are replaced by `li a0, 42; syscall`, which then run in user mode, in its page. */
#include <isa/platform.h>
        .globl  trap_vector
        .text
trap_vector:
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        bnez    t0, 1f
        li      t1, DEV_CONSOLE
        li      t0, 'h'
        sw      t0, CONSOLE_DATA(t1)
        li      t0, 'i'
        sw      t0, CONSOLE_DATA(t1)
        li      t0, 10
        sw      t0, CONSOLE_DATA(t1)
        li      t1, DEV_POWER
        sw      a0, POWER_OFF(t1)
1:      la      t1, app_text
        la      t2, mine
        lw      t3, 0(t2)
        sw      t3, 0(t1)
        lw      t3, 4(t2)
        sw      t3, 4(t1)
        lw      t0, LC_BADVA(zero)
        srli    t0, t0, 12
        slli    t0, t0, 12
        addi    t0, t0, 7               # the application's ASID
        ori     t1, t1, TLB_R | TLB_W | TLB_X
        tlbw    t0, t1
        rfe
mine:   li      a0, 42
        syscall
