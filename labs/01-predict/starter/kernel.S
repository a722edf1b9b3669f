/* kernel.S - the kernel under your application. It is given; `app.S` is yours.
 *
 * The application runs in user mode, translated: its address v is physical address v - OFFSET. The kernel has no table of
 * pages. When a page is missing in the TLB, the kernel loads the page's entry; when the application does what it may not, the
 * kernel skips the instruction. */
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
        la      s0, pages               # s0 = the application's eight pages of data, one after the other
        add     s0, s0, t1
        li      t0, DEV_FACTS
        lw      t0, FACTS_RAM(t0)       # a load from a device
        rfe

handler:                                # t0 to t2 are the kernel's: the application does not use them
        lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, call
        addi    t1, t0, -CAUSE_FETCH_MISS
        beqz    t1, miss
        addi    t1, t0, -CAUSE_LOAD_MISS
        beqz    t1, miss
        addi    t1, t0, -CAUSE_STORE_MISS
        beqz    t1, miss

skip:   lw      t0, LC_PC(zero)         # the application may not do that: skip the instruction
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe

miss:   lw      t0, LC_BADVA(zero)
        andi    t0, t0, -PAGE_SIZE
        li      t1, OFFSET
        sub     t1, t0, t1              # the physical page
        la      t2, pages
        bltu    t1, t2, text
        ori     t1, t1, TLB_R | TLB_W   # a page of data
        j       load
text:   ori     t1, t1, TLB_R | TLB_X   # a page of text
load:   ori     t0, t0, ASID
        tlbw    t0, t1
        rfe

call:   beqz    a7, exit                # system call 0
        addi    t0, a7, -1
        beqz    t0, print               # 1
        addi    t0, a7, -2
        beqz    t0, forget              # 2
        rfe                             # any other system call does nothing

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
pages:  .space  8 * PAGE_SIZE
