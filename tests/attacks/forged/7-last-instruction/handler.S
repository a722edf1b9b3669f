/* The first trap leads the application to its last instruction, with 42 as the status of its exit. */
#include <isa/platform.h>
        .globl  trap_vector
        .text
trap_vector:
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        bnez    t0, 1f
        li      t1, DEV_POWER
        sw      a0, POWER_OFF(t1)
1:      la      t0, app_text_end        # back to the last system call
        lw      t3, call
2:      addi    t0, t0, -4
        lw      t1, 0(t0)
        bne     t1, t3, 2b
        la      t1, app_text
        sub     t2, t0, t1
        li      t1, 0x40000000
        add     t1, t1, t2
        sw      t1, LC_PC(zero)
        andi    t2, t1, -PAGE_SIZE
        addi    t2, t2, 7
        andi    t1, t0, -PAGE_SIZE
        ori     t1, t1, TLB_R | TLB_X
        tlbw    t2, t1
        li      a0, 42
        li      a7, 0
        rfe
call:   syscall
