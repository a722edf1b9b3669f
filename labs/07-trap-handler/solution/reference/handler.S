/* handler.S - the trap handler, with the TLB miss first: nothing else happens nearly as often. */
#include <isa/platform.h>

#define APP_VA 0x40000000
#define APP_ASID 7
#define APP_PAGES 64
#define QUANTUM 1000
#define SYSTEM_CALLS 5
#define ENOSYS 38

#define SAVE 0x40 /* in the low core: t0 and t1, always */
#define REGS 0x80 /* and what a function may change, at a system call */
#define MISSES (1 << CAUSE_FETCH_MISS | 1 << CAUSE_LOAD_MISS | 1 << CAUSE_STORE_MISS)
#define CAUSE_TIMER 1

        .globl  trap_vector
        .text
trap_vector:
        sw      t0, SAVE + 0(zero)
        sw      t1, SAVE + 4(zero)
        lw      t0, LC_CAUSE(zero)
        li      t1, MISSES
        srl     t1, t1, t0
        andi    t1, t1, 1
        beqz    t1, no_miss

        lw      t1, LC_BADVA(zero)      # below APP_VA it becomes a large number
        lui     t0, APP_VA >> PAGE_SHIFT
        sub     t1, t1, t0
        srli    t0, t1, PAGE_SHIFT + 6
        bnez    t0, app_killed          # beyond the table's 64 pages
        srli    t1, t1, PAGE_SHIFT
        slli    t1, t1, 2
        la      t0, page_table
        add     t1, t1, t0
        lw      t1, 0(t1)
        beqz    t1, app_killed
        lw      t0, LC_BADVA(zero)
        andi    t0, t0, -PAGE_SIZE
        addi    t0, t0, APP_ASID
        tlbw    t0, t1
back:   lw      t0, SAVE + 0(zero)
        lw      t1, SAVE + 4(zero)
        rfe

no_miss:
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, call
        addi    t1, t0, -CAUSE_TIMER
        bnez    t1, app_killed
        la      t0, timer_ticks
        lw      t1, 0(t0)
        addi    t1, t1, 1
        sw      t1, 0(t0)
        li      t1, QUANTUM
        sw      t1, LC_TIMER(zero)
        j       back

call:   sltiu   t1, a7, SYSTEM_CALLS
        bnez    t1, 1f
        li      a0, -ENOSYS
        j       back
1:      sw      ra, REGS + 0(zero)
        sw      sp, REGS + 4(zero)
        sw      t2, REGS + 8(zero)
        sw      a1, REGS + 12(zero)
        sw      a2, REGS + 16(zero)
        sw      a3, REGS + 20(zero)
        sw      a4, REGS + 24(zero)
        sw      a5, REGS + 28(zero)
        sw      a6, REGS + 32(zero)
        sw      a7, REGS + 36(zero)
        sw      t3, REGS + 40(zero)
        sw      t4, REGS + 44(zero)
        sw      t5, REGS + 48(zero)
        sw      t6, REGS + 52(zero)
        la      sp, kernel_stack_end
        la      t1, system_calls
        slli    t0, a7, 2
        add     t1, t1, t0
        lw      t1, 0(t1)
        jalr    ra, 0(t1)
        lw      ra, REGS + 0(zero)
        lw      sp, REGS + 4(zero)
        lw      t2, REGS + 8(zero)
        lw      a1, REGS + 12(zero)
        lw      a2, REGS + 16(zero)
        lw      a3, REGS + 20(zero)
        lw      a4, REGS + 24(zero)
        lw      a5, REGS + 28(zero)
        lw      a6, REGS + 32(zero)
        lw      a7, REGS + 36(zero)
        lw      t3, REGS + 40(zero)
        lw      t4, REGS + 44(zero)
        lw      t5, REGS + 48(zero)
        lw      t6, REGS + 52(zero)
        j       back
