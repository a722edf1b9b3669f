/* vector.S - the trap handler of the kernels that run translated, cow and courier. KERNEL_ASID is the kernel's address
 * space. The C code offers `trap`, which takes the task that has trapped and returns the task that goes on. */
#include <isa/platform.h>

#define TASK (LC_FREE)          /* in the low core: the address of the task that runs, which begins with x0 .. x31 */
#define SAVE (LC_FREE + 4)      /* in the low core: t0 .. t2 of whoever is interrupted */
#define KERNEL (ST_T | KERNEL_ASID << ST_ASID_SHIFT) /* the kernel runs translated */
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

/* ---- the vector: a task has trapped, or the kernel has missed a page of its own ---- */
vector: sw      t0, SAVE(zero)
        sw      t1, SAVE + 4(zero)
        sw      t2, SAVE + 8(zero)
        lw      t0, LC_STATUS(zero)
        andi    t1, t0, ST_U
        bnez    t1, task

        lw      t0, LC_BADVA(zero)      # the kernel's page v is frame v, also that of a device
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        addi    t1, t0, KERNEL_ASID
        ori     t0, t0, TLB_RIGHTS
        tlbw    t1, t0
        lw      t0, SAVE(zero)
        lw      t1, SAVE + 4(zero)
        lw      t2, SAVE + 8(zero)
        rfe

task:   lw      t0, TASK(zero)
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
        call    trap                    # -> the task that goes on

resume: mtst    zero                    # a0: a task
        sw      a0, TASK(zero)
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
