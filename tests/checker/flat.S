/* flat.S - a kernel of a third make, for the checker: nothing is translated, and it returns without rfe.
 *
 * Kernel and tasks use physical addresses, so there is neither a TLB entry nor an ASID to tell the four tasks apart:
 * only their stacks do. From a system call the kernel returns with mtst and a jump, which costs the task t5 and t6;
 * from an interrupt, with rfe. Messages are asynchronous: when a task with a message returns from a system call, the
 * kernel lets it go on in its upcall, which returns by itself, without a call. Tasks print by themselves. There is
 * no `mark`. s1 of a task: its rounds, the argument. At any depth the console is the same, and the status is 42. */
#include <isa/platform.h>

#define TASKS 4
#define QUANTUM 1111
#define STACK 1024
#define USER (ST_U | ST_IE)
#define TASK (LC_FREE)          /* in the low core: the address of the task that runs */
#define SAVE (LC_FREE + 4)      /* in the low core: t5, t6 of whoever is interrupted */
/* of a task, behind its 32 registers */
#define T_PC 128
#define T_STATE 132             /* READY, PAUSED or DONE */
#define T_LETTERS 136           /* how many wait */
#define T_LETTER 140            /* the sum of what they say */
#define T_CALL 144              /* its cause was a system call */
#define T_SIZE 148
#define READY 0
#define PAUSED 1
#define DONE 2

        .text
        .globl  _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        li      s1, 0                   # the argument: a number
        li      t0, DEV_FACTS
        lw      t1, FACTS_ARGS(t0)
        lw      t2, FACTS_ARGS_SIZE(t0)
1:      beqz    t2, 2f
        lbu     t3, 0(t1)
        addi    t3, t3, -'0'
        addi    t4, zero, 10
        bgeu    t3, t4, 2f
        mul     s1, s1, t4
        add     s1, s1, t3
        addi    t1, t1, 1
        addi    t2, t2, -1
        j       1b
2:      bnez    s1, 3f
        li      s1, 2
3:      la      t0, tasks               # the tasks: number, rounds, stack, first instruction
        la      t1, stacks
        li      t2, 0
4:      addi    t1, t1, STACK
        sw      t1, (2 * 4)(t0)
        sw      s1, (9 * 4)(t0)
        sw      t2, (8 * 4)(t0)
        la      t3, main
        sw      t3, T_PC(t0)
        addi    t0, t0, T_SIZE
        addi    t2, t2, 1
        addi    t3, zero, TASKS
        bltu    t2, t3, 4b
        la      a0, tasks
        j       by_rfe

/* ---- a trap ---- */
vector: sw      t5, SAVE(zero)
        sw      t6, SAVE + 4(zero)
        lw      t5, TASK(zero)
        .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29
        sw      x\n, (\n * 4)(t5)
        .endr
        lw      t6, SAVE(zero)
        sw      t6, (30 * 4)(t5)
        lw      t6, SAVE + 4(zero)
        sw      t6, (31 * 4)(t5)
        lw      t6, LC_PC(zero)
        sw      t6, T_PC(t5)
        mv      s0, t5                  # the task
        lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_SYSCALL
        sltiu   t1, t1, 1
        sw      t1, T_CALL(s0)
        addi    t1, t0, -CAUSE_TIMER
        beqz    t1, timer
        addi    t1, t0, -CAUSE_SYSCALL
        bnez    t1, crash
        lw      t0, (17 * 4)(s0)        # a7
        beqz    t0, exit
        addi    t0, t0, -1
        beqz    t0, send
        addi    t0, t0, -1
        beqz    t0, yield
        addi    t0, t0, -1
        bnez    t0, crash

pause:  lw      t0, T_LETTERS(s0)       # until there is a message
        bnez    t0, go_on
        li      t0, PAUSED
        sw      t0, T_STATE(s0)
yield:  call    next
go_on:  mv      a0, s0                  # s0: a task
        lw      t0, T_CALL(s0)
        beqz    t0, by_rfe
        lw      t0, T_LETTERS(s0)       # it goes on after its call
        beqz    t0, leave
        lw      t0, (2 * 4)(s0)         # its upcall goes first: onto its stack with what that needs
        addi    t0, t0, -16
        sw      t0, (2 * 4)(s0)
        lw      t1, T_PC(s0)
        sw      t1, 0(t0)
        lw      t1, (10 * 4)(s0)
        sw      t1, 4(t0)
        la      t1, upcall
        sw      t1, T_PC(s0)
        lw      t1, T_LETTER(s0)
        sw      t1, (10 * 4)(s0)
        sw      zero, T_LETTER(s0)
        sw      zero, T_LETTERS(s0)
leave:  mv      a0, s0
        sw      a0, TASK(zero)
        lw      t6, T_PC(a0)
        .irp    n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29
        lw      x\n, (\n * 4)(a0)
        .endr
        lw      a0, (10 * 4)(a0)
        li      t5, USER
        mtst    t5                      # from here on in user mode
        jr      t6

send:   lw      t0, (10 * 4)(s0)        # a0: to whom; a1: what
        andi    t0, t0, TASKS - 1
        li      t1, T_SIZE
        mul     t0, t0, t1
        la      t1, tasks
        add     t0, t0, t1
        lw      t1, T_LETTER(t0)
        lw      t2, (11 * 4)(s0)
        add     t1, t1, t2
        sw      t1, T_LETTER(t0)
        lw      t1, T_LETTERS(t0)
        addi    t1, t1, 1
        sw      t1, T_LETTERS(t0)
        lw      t1, T_STATE(t0)
        addi    t1, t1, -DONE
        beqz    t1, go_on
        sw      zero, T_STATE(t0)
        j       go_on

exit:   la      t0, tasks               # whoever pauses need not wait for this task
        la      t1, tasks_end
1:      lw      t2, T_STATE(t0)
        addi    t2, t2, -PAUSED
        bnez    t2, 2f
        sw      zero, T_STATE(t0)
2:      addi    t0, t0, T_SIZE
        bltu    t0, t1, 1b
        li      t0, DONE
        sw      t0, T_STATE(s0)
        call    next
        j       go_on

timer:  call    next
        mv      a0, s0
by_rfe: sw      a0, TASK(zero)
        lw      t0, T_PC(a0)
        sw      t0, LC_PC(zero)
        li      t0, USER
        sw      t0, LC_STATUS(zero)
        li      t0, QUANTUM
        sw      t0, LC_TIMER(zero)
        .irp    n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lw      x\n, (\n * 4)(a0)
        .endr
        lw      a0, (10 * 4)(a0)
        rfe

/* s0 := the next task that is ready, after s0; ends the run if none is */
next:   addi    t0, zero, TASKS
        la      t1, tasks_end
1:      beqz    t0, none
        addi    t0, t0, -1
        addi    s0, s0, T_SIZE
        bltu    s0, t1, 2f
        la      s0, tasks
2:      lw      t2, T_STATE(s0)
        bnez    t2, 1b
        ret
none:   li      a0, 42
        j       off
crash:  li      a0, 1
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)

/* ---- the tasks ---- */
main:   li      s2, 0                   # work
        li      s3, 0                   # the sum of what the upcall is told
1:      li      t0, 200
2:      add     s2, s2, t0
        addi    t0, t0, -1
        bnez    t0, 2b
        addi    a0, s0, 1               # a message for the next task
        add     a1, s0, s1
        li      a7, 1
        call    kernel
        li      a7, 2
        call    kernel
        andi    t0, s1, 1               # in odd rounds, but not in the last one, where nobody might send any more
        beqz    t0, 3f
        addi    t0, s1, -1
        beqz    t0, 3f
        addi    a0, s0, 2               # and one for the next but one
        li      a1, 1
        li      a7, 1
        call    kernel
        li      a7, 3                   # pause
        call    kernel
3:      addi    s1, s1, -1
        bnez    s1, 1b
        li      t0, DEV_CONSOLE
        addi    t1, s0, 'a'             # a letter, and the sum modulo 26 as another one
        sw      t1, CONSOLE_DATA(t0)
        li      t2, 26
        remu    t1, s3, t2
        addi    t1, t1, 'A'
        sw      t1, CONSOLE_DATA(t0)
        li      a7, 0
        call    kernel
kernel: syscall
        ret

upcall: add     s3, s3, a0              # with a sum; the address and a0 of the return from the call are on the stack
        lw      t6, 0(sp)
        lw      a0, 4(sp)
        addi    sp, sp, 16
        jr      t6

        .bss
        .balign 16
tasks:  .space  TASKS * T_SIZE
tasks_end:
stacks: .space  TASKS * STACK
