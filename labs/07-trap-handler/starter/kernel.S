/* kernel.S - a small kernel without its trap handler, which you write in handler.S.
 *
 * The kernel runs one application in an address space of its own. The application's data lie in physical memory in one
 * piece, but its virtual pages are in the reverse order, so that only the page table knows where a page is. */
#include <isa/platform.h>

#define APP_VA 0x40000000 /* the page table's first page */
#define APP_ASID 7
#define APP_PAGES 64      /* words of the page table */
#define HEAP 16           /* the application's data pages begin at this one of them ... */
#define HEAP_PAGES 40     /* ... and are this many */
#define QUANTUM 1000      /* instructions between timer interrupts */
#define ENOSYS 38

        .globl  _start, page_table, system_calls, timer_ticks, kernel_stack_end, app_killed

        .text
_start: la      sp, kernel_stack_end
        la      t0, trap_vector
        sw      t0, LC_VECTOR(zero)

        la      t0, page_table          # the application's text: readable and executable
        la      t1, app_text
        la      t2, app_text_end
1:      ori     t3, t1, TLB_R | TLB_X
        sw      t3, 0(t0)
        addi    t0, t0, 4
        li      t3, PAGE_SIZE
        add     t1, t1, t3
        bltu    t1, t2, 1b

        la      t0, page_table + 4 * HEAP
        la      t1, heap + (HEAP_PAGES - 1) * PAGE_SIZE
        la      t2, heap
        ori     t3, t1, TLB_R           # the first page of data: readable
        j       3f
2:      ori     t3, t1, TLB_R | TLB_W
3:      sw      t3, 0(t0)
        addi    t0, t0, 4
        li      t3, PAGE_SIZE
        sub     t1, t1, t3
        bgeu    t1, t2, 2b

        li      t0, APP_VA
        sw      t0, LC_PC(zero)
        li      t0, APP_ASID << ST_ASID_SHIFT | ST_U | ST_IE | ST_T
        sw      t0, LC_STATUS(zero)
        li      t0, QUANTUM
        sw      t0, LC_TIMER(zero)
        rfe

/* ---- the application is killed: prints '!' and the cause as a letter; the status is 128 + the cause ---- */
app_killed:
        lw      t0, LC_CAUSE(zero)
        li      t1, DEV_CONSOLE
        li      t2, '!'
        sw      t2, CONSOLE_DATA(t1)
        addi    t2, t0, '@'
        sw      t2, CONSOLE_DATA(t1)
        addi    t0, t0, 128
        li      t1, DEV_POWER
        sw      t0, POWER_OFF(t1)

/* ---- the system calls, by number: arguments in a0 to a2, result in a0. Like any function of C, they may change ra,
 * t0 to t6 and a1 to a7, and they use the stack that sp points to. ---- */
sys_exit:
        li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)

sys_putchar:
        addi    sp, sp, -16
        sw      s0, 0(sp)
        li      s0, DEV_CONSOLE
        sw      a0, CONSOLE_DATA(s0)
        lw      s0, 0(sp)
        addi    sp, sp, 16
        j       forget_registers

sys_ticks:
        lw      a0, timer_ticks
        j       forget_registers

sys_sum:                                # of three arguments
        add     a0, a0, a1
        add     a0, a0, a2
        j       forget_registers

sys_forget:                             # empties the TLB, as a context switch does on many machines
        tlbi    zero, TLBI_ALL
        li      a0, 0
forget_registers:                       # so that no caller relies on them
        li      a1, 0xBAD
        mv      a2, a1
        mv      a3, a1
        mv      a4, a1
        mv      a5, a1
        mv      a6, a1
        mv      a7, a1
        mv      t0, a1
        mv      t1, a1
        mv      t2, a1
        mv      t3, a1
        mv      t4, a1
        mv      t5, a1
        mv      t6, a1
        ret

        .data
        .balign 4
        .word   0xFFFFF007              # neither this word nor the one behind the table belongs to it
page_table:
        .space  4 * APP_PAGES
        .word   0xFFFFF007
system_calls:
        .word   sys_exit, sys_putchar, sys_ticks, sys_sum, sys_forget
timer_ticks:
        .word   0
        .space  1024
        .balign 16
kernel_stack_end:

        .bss
        .balign PAGE_SIZE
heap:   .space  HEAP_PAGES * PAGE_SIZE
