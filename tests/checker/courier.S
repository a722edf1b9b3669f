/* courier.S - the assembly of courier.c: its trap handler, and the code of its tasks. */
#include <isa/platform.h>

#define TASK (LC_FREE)          /* in the low core: the address of the task that runs, which begins with x0 .. x31 */
#define SAVE (LC_FREE + 4)      /* in the low core: t0 .. t2 of whoever is interrupted */
#define KERNEL (ST_T | 5 << ST_ASID_SHIFT) /* the kernel runs translated, in ASID 5 */
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
        addi    t1, t0, 5
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

/* ---- the tasks. All calls are made at one address, `kernel`: only the registers tell which task waits there. ---- */
        .balign PAGE_SIZE
        .globl  driver, worker, sleeper, tasks_end
driver: li      a7, 2                   # receive: a character to be printed, or 0
        jal     kernel
        beqz    a1, leave
        lui     t0, 0x30000             # the console: the driver has its page
        sw      a1, 0(t0)
        j       driver

kernel: syscall
        ret

leave:  mv      a0, s2
        li      a7, 0                   # exit
        jal     kernel

worker: mv      s0, a0                  # its number, 1 .. 4
        li      s2, 0                   # the sum of what it loads and receives
round:  li      s3, 0x50000000          # four pages: loads, and every second one a store
        li      s4, 0x50004000
1:      lw      t0, 0(s3)
        add     s2, s2, t0
        srli    t1, s3, PAGE_SHIFT
        andi    t1, t1, 1
        beqz    t1, 2f
        add     t0, t0, s0
        sw      t0, 0(s3)
2:      li      a7, 3                   # yield
        jal     kernel
        lui     t0, 1
        add     s3, s3, t0
        bltu    s3, s4, 1b
        andi    a0, s0, 3               # a message for the next worker, and one from the worker before
        addi    a0, a0, 1
        add     a1, s1, s0
        li      a7, 1
        jal     kernel
        li      a7, 2
        jal     kernel
        add     s2, s2, a1
        li      a7, 4                   # share: the pages are copied on write again
        jal     kernel
        addi    s1, s1, -1
        bnez    s1, round
        li      a0, 0                   # a letter for the driver
        addi    a1, s0, 'a' - 1
        li      a7, 1
        jal     kernel
        j       leave

sleeper: la     a0, upcall              # it counts upcalls, in its stack
        li      a7, 5
        jal     kernel
        addi    s2, sp, -16
1:      li      a7, 3
        jal     kernel
        lw      t0, 0(s2)
        bltu    t0, s1, 1b
        lw      s2, 0(s2)
        j       leave
upcall: lw      t0, -16(sp)             # with the registers of whatever was interrupted
        addi    t0, t0, 1
        sw      t0, -16(sp)
        li      a7, 6                   # back
        jal     kernel
        .balign PAGE_SIZE
tasks_end:

        .bss
        .balign PAGE_SIZE
        .space  PAGE_SIZE
kernel_stack_end:
