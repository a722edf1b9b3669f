/* cow.S - the code of cow.c's tasks. */
#define KERNEL_ASID 1
#include "vector.S"

/* ---- the tasks' code: a0 is the task's number, s1 its rounds ---- */
        .balign PAGE_SIZE
        .globl  task_code, task_code_end
task_code:
        mv      s0, a0
        li      s2, 0                   # the sum of what it loads
round:  li      s3, 0x50000000          # eight pages: loads, and every second one a store
        li      s4, 0x50008000
1:      lw      t0, 0(s3)
        add     s2, s2, t0
        srli    t1, s3, PAGE_SHIFT
        andi    t1, t1, 1
        beqz    t1, 2f
        add     t0, t0, s0
        sw      t0, 0(s3)
2:      li      a7, 2                   # yield: the other task goes on, inside the system call
        syscall
        lui     t0, 1
        add     s3, s3, t0
        bltu    s3, s4, 1b
        addi    sp, sp, -16             # a stack, zero at first
        sw      s2, 0(sp)
        li      a7, 3                   # share: all pages are copied on write again
        syscall
        lw      t0, 0(sp)
        addi    sp, sp, 16
        addi    s1, s1, -1
        bnez    s1, round
        mv      a0, s2
        li      a7, 0                   # exit
        syscall
        .balign PAGE_SIZE
task_code_end:

        .bss
        .balign PAGE_SIZE
        .space  PAGE_SIZE
kernel_stack_end:
