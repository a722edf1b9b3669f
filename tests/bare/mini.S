/* mini.S - a kernel that shares nothing with ours: a bare image with a trap handler of sixty lines and one program.
 *
 * It has no page tables: address v of the program stands for physical address v - OFFSET, and a TLB miss is
 * answered by that subtraction. Its calls are numbered in a7: 0 exit(status), 1 write(text, bytes), 2 -> timer
 * interrupts so far. It makes no `mark`. On the machine or in a VM it must print the same, the number of timer
 * interrupts included, and power off with status 42. */
#include <isa/platform.h>

#define OFFSET 0x40000000
#define SPACE 0x4D          /* the program's ASID */
#define QUANTUM 500         /* instructions between timer interrupts */
#define SAVE 0x200          /* in the low core: t0 .. t4 of whoever was interrupted */
#define TICKS 0x220         /* in the low core: timer interrupts so far */

        .text
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, program
        li      t1, OFFSET
        add     t0, t0, t1
        sw      t0, LC_PC(zero)
        li      t0, SPACE << ST_ASID_SHIFT | ST_U | ST_IE | ST_T
        sw      t0, LC_STATUS(zero)
        li      t0, QUANTUM
        sw      t0, LC_TIMER(zero)
        rfe

/* ---- the trap handler ---- */
handler:
        sw      t0, SAVE + 0(zero)
        sw      t1, SAVE + 4(zero)
        sw      t2, SAVE + 8(zero)
        sw      t3, SAVE + 12(zero)
        sw      t4, SAVE + 16(zero)
        lw      t0, LC_CAUSE(zero)
        slli    t0, t0, 2
        la      t1, causes
        add     t0, t0, t1
        lw      t0, 0(t0)
        jr      t0

leave:  lw      t0, SAVE + 0(zero)
        lw      t1, SAVE + 4(zero)
        lw      t2, SAVE + 8(zero)
        lw      t3, SAVE + 12(zero)
        lw      t4, SAVE + 16(zero)
        rfe

timer:  lw      t0, TICKS(zero)
        addi    t0, t0, 1
        sw      t0, TICKS(zero)
        li      t0, QUANTUM
        sw      t0, LC_TIMER(zero)
        j       leave

miss:   lw      t0, LC_BADVA(zero)
        li      t1, OFFSET
        sub     t0, t0, t1
        la      t1, program             # what lies outside the program it may not have
        bltu    t0, t1, crash
        la      t1, program_end
        bgeu    t0, t1, crash
        la      t1, program_data        # data: R and W; text: two more, which is R and X
        sltu    t1, t0, t1
        slli    t1, t1, 1
        addi    t1, t1, TLB_R | TLB_W
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        add     t1, t1, t0              # lo
        li      t2, OFFSET + SPACE
        add     t0, t0, t2              # hi
        tlbw    t0, t1
        j       leave

call:   addi    t0, a7, -1
        beqz    t0, write
        addi    t0, a7, -2
        beqz    t0, ticks
        bnez    a7, crash
        mv      t1, a0
off:    li      t0, DEV_POWER
        sw      t1, POWER_OFF(t0)

ticks:  lw      a0, TICKS(zero)
        j       leave

write:  li      t0, OFFSET
        sub     t1, a0, t0              # from t1 up to t2
        add     t2, t1, a1
        la      t0, program
        bltu    t1, t0, crash
        bltu    t2, t1, crash
        la      t0, program_end
        bltu    t0, t2, crash
        li      t0, DEV_CONSOLE
1:      beq     t1, t2, leave
        lbu     t3, 0(t1)
        sw      t3, CONSOLE_DATA(t0)
        addi    t1, t1, 1
        j       1b

crash:  li      t0, DEV_CONSOLE         # '!' and the cause as a letter
        li      t1, '!'
        sw      t1, CONSOLE_DATA(t0)
        lw      t1, LC_CAUSE(zero)
        addi    t1, t1, 'a' - 1
        sw      t1, CONSOLE_DATA(t0)
        li      t1, 1
        j       off

        .section .rodata
        .balign 4
causes: .word   crash, timer, crash, crash      /* by cause: none, TIMER, DEVICE, FETCH_MISALIGNED */
        .word   miss, crash, crash, crash       /* FETCH_MISS, FETCH_PROT, FETCH_BUS, ILLEGAL */
        .word   crash, call, crash, crash       /* PRIVILEGED, SYSCALL, HCALL, BREAK */
        .word   crash, crash, miss, miss        /* LOAD_MISALIGNED, STORE_MISALIGNED, LOAD_MISS, STORE_MISS */
        .word   crash, crash, crash, crash      /* LOAD_PROT, STORE_PROT, LOAD_BUS, STORE_BUS */

/* ---- the program: it runs OFFSET above where it lies, and adds that to each address ---- */
        .data
        .balign PAGE_SIZE
program:
        la      sp, stack_end + OFFSET
        la      a0, hello + OFFSET
        addi    a1, zero, hello_end - hello
        li      a7, 1
        syscall

        la      s0, table + OFFSET               # 1, 2, 3 ... over four pages
        la      s1, table_end + OFFSET
        li      t0, 1
1:      sw      t0, 0(s0)
        addi    t0, t0, 1
        addi    s0, s0, 64
        bltu    s0, s1, 1b
        la      s0, table + OFFSET               # and their sum
        li      s2, 0
2:      lw      t0, 0(s0)
        add     s2, s2, t0
        addi    s0, s0, 64
        bltu    s0, s1, 2b

        la      a0, sum + OFFSET
        addi    a1, zero, sum_end - sum
        li      a7, 1
        syscall
        mv      a0, s2
        call    print
        la      a0, timers + OFFSET
        addi    a1, zero, timers_end - timers
        li      a7, 1
        syscall
        li      a7, 2
        syscall
        call    print
        li      a0, 42
        li      a7, 0
        syscall

print:  /* a0 in decimal and a newline, built backwards on the stack */
        addi    sp, sp, -16
        addi    t0, sp, 15
        li      t1, 10
        sb      t1, 0(t0)
3:      remu    t2, a0, t1
        divu    a0, a0, t1
        addi    t2, t2, '0'
        addi    t0, t0, -1
        sb      t2, 0(t0)
        bnez    a0, 3b
        mv      a0, t0
        addi    a1, sp, 16
        sub     a1, a1, t0
        li      a7, 1
        syscall
        addi    sp, sp, 16
        ret

hello:  .ascii  "mini: a kernel of its own\n"
hello_end:
sum:    .ascii  "mini: the sum is "
sum_end:
timers: .ascii  "mini: timer interrupts: "
timers_end:
        .balign PAGE_SIZE
program_data:
table:  .space  4 * PAGE_SIZE
table_end:
        .space  PAGE_SIZE
stack_end:
program_end:
