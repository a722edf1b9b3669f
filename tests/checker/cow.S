/* cow.S - the assembly of cow.c: its trap handler, and the code of its tasks. */
#include <isa/platform.h>

#define FRAME (LC_FREE)         /* in the low core: the address of the frame of the task that runs */
#define SAVE (LC_FREE + 4)      /* in the low core: t0 .. t2 of whoever is interrupted */
#define KERNEL (ST_T | 1 << ST_ASID_SHIFT) /* the kernel runs translated, in ASID 1 */
#define F_PC (32 * 4)
#define F_STATUS (33 * 4)
#define F_TIMER (34 * 4)
#define F_CAUSE (35 * 4)
#define F_BADVA (36 * 4)

        .text
        .globl  _start, resume, write_tlb, forget_asid
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      sp, kernel_stack_end
        li      t0, KERNEL
        mtst    t0
        call    main

/* ---- the vector: a task has trapped, or the kernel has missed a page ---- */
vector: sw      t0, SAVE(zero)
        sw      t1, SAVE + 4(zero)
        sw      t2, SAVE + 8(zero)
        lw      t0, LC_STATUS(zero)
        andi    t1, t0, ST_U
        bnez    t1, task

        lw      t0, LC_BADVA(zero)      # the kernel's page v is frame v
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        addi    t1, t0, 1
        ori     t0, t0, TLB_RIGHTS
        tlbw    t1, t0
        lw      t0, SAVE(zero)
        lw      t1, SAVE + 4(zero)
        lw      t2, SAVE + 8(zero)
        rfe

task:   lw      t0, FRAME(zero)
        .irp    n, 1,2,3,4,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        sw      x\n, (\n * 4)(t0)
        .endr
        lw      t1, SAVE(zero)
        sw      t1, 20(t0)
        lw      t1, SAVE + 4(zero)
        sw      t1, 24(t0)
        lw      t1, SAVE + 8(zero)
        sw      t1, 28(t0)
        lw      t1, LC_PC(zero)
        sw      t1, F_PC(t0)
        lw      t1, LC_STATUS(zero)
        sw      t1, F_STATUS(t0)
        lw      t1, LC_TIMER(zero)
        sw      t1, F_TIMER(t0)
        lw      t1, LC_CAUSE(zero)
        sw      t1, F_CAUSE(t0)
        lw      t1, LC_BADVA(zero)
        sw      t1, F_BADVA(t0)
        la      sp, kernel_stack_end
        mv      a0, t0
        li      t1, KERNEL
        mtst    t1
        call    trap                    # -> the frame of the task that goes on

resume: mtst    zero                    # a0: a frame
        sw      a0, FRAME(zero)
        lw      t1, F_PC(a0)
        sw      t1, LC_PC(zero)
        lw      t1, F_STATUS(a0)
        sw      t1, LC_STATUS(zero)
        lw      t1, F_TIMER(a0)
        sw      t1, LC_TIMER(zero)
        .irp    n, 1,2,3,4,5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lw      x\n, (\n * 4)(a0)
        .endr
        lw      a0, 40(a0)
        rfe

write_tlb: tlbw a0, a1
        ret
forget_asid: tlbi a0, TLBI_ASID
        ret

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
