/* kernel.S - a small kernel for one application. What depends on the machine is in port.S, which you port.
 *
 * At each trap the kernel saves all registers, and at its end loads them again and goes on at port_leave. In between it
 * may call the functions of port.S, which may change ra, t0 to t6 and a0 to a7, as any function may.
 *
 * The application's pages are at 0x40000000; its data lie in physical memory in reverse order. */
#include <isa/platform.h>

#define APP_VA 0x40000000 /* the page table's first page */
#define APP_ASID 7
#define APP_PAGES 64 /* words of the page table */
#define HEAP 16      /* the application's data pages begin at this one of them ... */
#define HEAP_PAGES 40
#define QUANTUM 1000 /* instructions between timer interrupts */
#define ENOSYS 38
#define SYSTEM_CALLS 7

#define REGS 0x100 /* in page 0: the application's registers; x[i] is at REGS + 4 * i */
#define MISSES (1 << CAUSE_FETCH_MISS | 1 << CAUSE_LOAD_MISS | 1 << CAUSE_STORE_MISS)
#define CAUSE_TIMER 1

        .globl  _start

        .text
_start: la      sp, kernel_stack_end
        call    port_start
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
2:      ori     t3, t1, TLB_R | TLB_W
        sw      t3, 0(t0)
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
        j       leave

trap_vector:
        sw      x1, REGS+4(zero)
        sw      x2, REGS+8(zero)
        sw      x3, REGS+12(zero)
        sw      x4, REGS+16(zero)
        sw      x5, REGS+20(zero)
        sw      x6, REGS+24(zero)
        sw      x7, REGS+28(zero)
        sw      x8, REGS+32(zero)
        sw      x9, REGS+36(zero)
        sw      x10, REGS+40(zero)
        sw      x11, REGS+44(zero)
        sw      x12, REGS+48(zero)
        sw      x13, REGS+52(zero)
        sw      x14, REGS+56(zero)
        sw      x15, REGS+60(zero)
        sw      x16, REGS+64(zero)
        sw      x17, REGS+68(zero)
        sw      x18, REGS+72(zero)
        sw      x19, REGS+76(zero)
        sw      x20, REGS+80(zero)
        sw      x21, REGS+84(zero)
        sw      x22, REGS+88(zero)
        sw      x23, REGS+92(zero)
        sw      x24, REGS+96(zero)
        sw      x25, REGS+100(zero)
        sw      x26, REGS+104(zero)
        sw      x27, REGS+108(zero)
        sw      x28, REGS+112(zero)
        sw      x29, REGS+116(zero)
        sw      x30, REGS+120(zero)
        sw      x31, REGS+124(zero)
        la      sp, kernel_stack_end
        lw      t0, LC_CAUSE(zero)
        li      t1, MISSES
        srl     t1, t1, t0
        andi    t1, t1, 1
        bnez    t1, miss
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, system_call
        addi    t1, t0, -CAUSE_TIMER
        bnez    t1, killed
        lw      t1, timer_ticks
        addi    t1, t1, 1
        la      t0, timer_ticks
        sw      t1, 0(t0)
        li      t1, QUANTUM
        sw      t1, LC_TIMER(zero)

leave:  lw      x1, REGS+4(zero)
        lw      x2, REGS+8(zero)
        lw      x3, REGS+12(zero)
        lw      x4, REGS+16(zero)
        lw      x5, REGS+20(zero)
        lw      x6, REGS+24(zero)
        lw      x7, REGS+28(zero)
        lw      x8, REGS+32(zero)
        lw      x9, REGS+36(zero)
        lw      x10, REGS+40(zero)
        lw      x11, REGS+44(zero)
        lw      x12, REGS+48(zero)
        lw      x13, REGS+52(zero)
        lw      x14, REGS+56(zero)
        lw      x15, REGS+60(zero)
        lw      x16, REGS+64(zero)
        lw      x17, REGS+68(zero)
        lw      x18, REGS+72(zero)
        lw      x19, REGS+76(zero)
        lw      x20, REGS+80(zero)
        lw      x21, REGS+84(zero)
        lw      x22, REGS+88(zero)
        lw      x23, REGS+92(zero)
        lw      x24, REGS+96(zero)
        lw      x25, REGS+100(zero)
        lw      x26, REGS+104(zero)
        lw      x27, REGS+108(zero)
        lw      x28, REGS+112(zero)
        lw      x29, REGS+116(zero)
        lw      x30, REGS+120(zero)
        lw      x31, REGS+124(zero)
        j       port_leave

/* a0 = the index of a page -> a0, a1 = hi and lo of its TLB entry; a1 = 0: there is no such page */
entry:  li      a1, 0
        sltiu   t0, a0, APP_PAGES
        beqz    t0, 1f
        slli    t0, a0, 2
        la      t1, page_table
        add     t0, t0, t1
        lw      a1, 0(t0)
        slli    a0, a0, PAGE_SHIFT
        li      t0, APP_VA | APP_ASID
        add     a0, a0, t0
1:      ret

miss:   lw      a0, LC_BADVA(zero)
        li      t0, APP_VA
        sub     a0, a0, t0
        srli    a0, a0, PAGE_SHIFT
        call    entry
        beqz    a1, killed
        call    port_tlb_write
        j       leave

/* The application is killed: prints '!' and the cause as a letter; the status is 128 + the cause. */
killed: li      a0, '!'
        call    port_putchar
        lw      a0, LC_CAUSE(zero)
        addi    a0, a0, '@'
        call    port_putchar
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, 128
        li      t1, DEV_POWER
        sw      t0, POWER_OFF(t1)

/* ---- system calls: arguments in a0 to a2, result in a0 ---- */
system_call:
        li      s0, -ENOSYS
        sltiu   t0, a7, SYSTEM_CALLS
        beqz    t0, 1f
        slli    t0, a7, 2
        la      t1, system_calls
        add     t0, t0, t1
        lw      t0, 0(t0)
        jalr    ra, 0(t0)
        mv      s0, a0
1:      sw      s0, REGS+40(zero)
        j       leave

sys_exit:
        li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)

sys_putchar:
        addi    sp, sp, -16
        sw      ra, 0(sp)
        call    port_putchar
        li      a0, 0
        lw      ra, 0(sp)
        addi    sp, sp, 16
        ret

sys_ticks:
        lw      a0, timer_ticks
        ret

sys_sum:
        add     a0, a0, a1
        add     a0, a0, a2
        ret

exchange:                               # the entries s1 and s2 of the page table
        la      t0, page_table
        slli    t1, s1, 2
        add     t1, t1, t0
        slli    t2, s2, 2
        add     t2, t2, t0
        lw      t3, 0(t1)
        lw      t4, 0(t2)
        sw      t4, 0(t1)
        sw      t3, 0(t2)
        ret

sys_turn:                               # all heap pages change frames, the first with the last
        addi    sp, sp, -16
        sw      ra, 0(sp)
        li      s1, HEAP
        li      s2, HEAP + HEAP_PAGES - 1
1:      call    exchange
        addi    s1, s1, 1
        addi    s2, s2, -1
        blt     s1, s2, 1b
        li      a0, APP_ASID
        call    port_tlb_drop_asid
        li      a0, 0
        lw      ra, 0(sp)
        addi    sp, sp, 16
        ret

sys_swap:                               # (first, n): the same of n heap pages from `first` on
        addi    sp, sp, -16
        sw      ra, 0(sp)
        addi    s1, a0, HEAP
        add     s2, s1, a1
        addi    s2, s2, -1
1:      bge     s1, s2, 2f
        call    exchange
        mv      a0, s1
        call    entry
        call    port_tlb_drop
        mv      a0, s2
        call    entry
        call    port_tlb_drop
        addi    s1, s1, 1
        addi    s2, s2, -1
        j       1b
2:      li      a0, 0
        lw      ra, 0(sp)
        addi    sp, sp, 16
        ret

sys_fetch:                              # (first, n): the TLB gets the entries of n heap pages, before they are needed
        addi    sp, sp, -16
        sw      ra, 0(sp)
        addi    s1, a0, HEAP
        add     s2, s1, a1
1:      beq     s1, s2, 2f
        mv      a0, s1
        call    entry
        call    port_tlb_write
        addi    s1, s1, 1
        j       1b
2:      li      a0, 0
        lw      ra, 0(sp)
        addi    sp, sp, 16
        ret

        .data
        .balign 4
page_table:
        .space  4 * APP_PAGES
system_calls:
        .word   sys_exit, sys_putchar, sys_ticks, sys_sum, sys_turn, sys_swap, sys_fetch
timer_ticks:
        .word   0
        .space  1024
        .balign 16
kernel_stack_end:

        .bss
        .balign PAGE_SIZE
heap:   .space  HEAP_PAGES * PAGE_SIZE
