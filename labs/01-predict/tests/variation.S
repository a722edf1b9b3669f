/* variation.S - the other kernel: a missing page comes with the page behind it, and each system call begins with an empty
 * TLB. The rest is as in starter/kernel.S. */
#include <isa/platform.h>

#define OFFSET 0x40000000
#define ASID 5

        .globl  _start
        .text
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, app
        li      t1, OFFSET
        add     t0, t0, t1
        sw      t0, LC_PC(zero)
        li      t0, ASID << ST_ASID_SHIFT | ST_U | ST_T
        sw      t0, LC_STATUS(zero)
        la      s0, pages
        add     s0, s0, t1
        li      t0, DEV_FACTS
        lw      t0, FACTS_RAM(t0)
        rfe

handler:
        lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, call
        addi    t1, t0, -CAUSE_FETCH_MISS
        beqz    t1, miss
        addi    t1, t0, -CAUSE_LOAD_MISS
        beqz    t1, miss
        addi    t1, t0, -CAUSE_STORE_MISS
        beqz    t1, miss

skip:   lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe

miss:   lw      t0, LC_BADVA(zero)
        andi    t0, t0, -PAGE_SIZE
        ori     t0, t0, ASID
1:      li      t1, OFFSET + ASID
        sub     t1, t0, t1
        la      t2, pages
        bltu    t1, t2, 2f
        ori     t1, t1, TLB_R | TLB_W
        j       3f
2:      ori     t1, t1, TLB_R | TLB_X
3:      tlbw    t0, t1
        lw      t1, LC_BADVA(zero)      # twice: the page, and the one behind it
        andi    t1, t1, -PAGE_SIZE
        ori     t1, t1, ASID
        bne     t0, t1, 4f
        li      t1, PAGE_SIZE
        add     t0, t0, t1
        j       1b
4:      rfe

call:   tlbi    zero, TLBI_ALL
        beqz    a7, exit
        addi    t0, a7, -1
        beqz    t0, print
        addi    t0, a7, -2
        beqz    t0, forget
        rfe

print:  li      t0, DEV_CONSOLE
        li      t1, '*'
        sw      t1, CONSOLE_DATA(t0)
        rfe

forget: tlbi    zero, TLBI_ALL
        rfe

exit:   li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)

        .bss
        .balign PAGE_SIZE
pages:  .space  9 * PAGE_SIZE
