/* kernel.S - programs of the bare machine, in which C gets no word. HOW says which:
 *     asids    N address spaces in turn; in each a few instructions, a load and a store, and a system call
 *     syscall  a system call after each N instructions
 *     illegal  an illegal instruction after each N
 *     timer    an interrupt of the timer after each N
 *     waits    `wait` until the timer, N ticks from now
 *     polls    the console is asked, in vain, after each N instructions
 *     writes   a byte goes to the console after each N */
#include <isa/platform.h>

#define SAVE 0x40
#define SPACES 0x1000000 /* the pages of address space n begin at n * 64 KiB from here */

        .macro  work                    /* N instructions, but for the loop's own */
        .if     N > 8
        li      s2, N / 4
1:      addi    a0, a0, 3
        xor     a0, a0, s2
        addi    s2, s2, -1
        bnez    s2, 1b
        .else
        .rept   N
        addi    a0, a0, 3
        .endr
        .endif
        .endm

        .text
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        sw      t0, LC_PC(zero)
#if defined(HOW_asids)
        li      s0, 800000              /* switches */
        li      s1, 1                   /* the present address space */
        li      s4, 0x400000            /* where each has a page of data */
        li      s8, ST_U | ST_T
        slli    t1, s1, ST_ASID_SHIFT
        or      t0, s8, t1
        sw      t0, LC_STATUS(zero)
        rfe

        .balign PAGE_SIZE
user:   lw      a1, 0(s4)
        addi    a1, a1, 1
        sw      a1, 0(s4)
        xor     a0, a0, a1
        syscall
        j       user

        .balign PAGE_SIZE
handler:
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        bnez    t0, miss
        addi    s0, s0, -1
        beqz    s0, off
        addi    s1, s1, 1
        li      t0, N
        bge     t0, s1, 1f
        li      s1, 1
1:      slli    t1, s1, ST_ASID_SHIFT
        or      t0, s8, t1
        sw      t0, LC_STATUS(zero)
        la      t0, user
        sw      t0, LC_PC(zero)
        rfe
miss:   lw      t0, LC_BADVA(zero)
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        addi    t1, t0, TLB_RIGHTS
        bne     t0, s4, 2f
        slli    t1, s1, 16
        li      t2, SPACES | TLB_RIGHTS
        add     t1, t1, t2
2:      add     t0, t0, s1
        tlbw    t0, t1
        rfe
#else
        li      s0, 32000000 / (N + 8)
#if defined(HOW_timer)
        li      t0, ST_U | ST_IE
        li      t1, N
        sw      t1, LC_TIMER(zero)
#elif defined(HOW_syscall) || defined(HOW_illegal)
        li      t0, ST_U
#else
        li      t0, 0
#endif
        li      s6, DEV_CONSOLE
        sw      t0, LC_STATUS(zero)
        rfe

user:
#if defined(HOW_timer)
        addi    a0, a0, 3
        xor     a0, a0, s0
        j       user
#else
        work
#if defined(HOW_syscall)
        syscall
#elif defined(HOW_illegal)
        .word   0xFE000000
#elif defined(HOW_polls)
        lw      t1, CONSOLE_STATUS(s6)
        andi    t1, t1, CONSOLE_RX
        bnez    t1, off
#elif defined(HOW_writes)
        sw      a0, CONSOLE_DATA(s6)
#elif defined(HOW_waits)
        li      t0, N
        sw      t0, LC_TIMER(zero)
        la      t0, 2f
        sw      t0, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        rfe
2:      wait
#endif
        addi    s0, s0, -1
        bnez    s0, user
        j       off
#endif
handler:
#if defined(HOW_timer)
        addi    s0, s0, -1
        beqz    s0, off
        li      s5, N
        sw      s5, LC_TIMER(zero)
#elif defined(HOW_illegal)
        lw      s5, LC_PC(zero)
        addi    s5, s5, 4
        sw      s5, LC_PC(zero)
#endif
        rfe
#endif
off:    li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
