/* courier.S - the code of courier.c's tasks. */
#define KERNEL_ASID 5
#include "vector.S"

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
