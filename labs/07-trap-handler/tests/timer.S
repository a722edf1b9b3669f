/* timer.S - 100000 instructions are a hundred turns, each of which must be counted, and the last only when it is over;
 * the kernel's time does not count as the application's. */
#include "app.inc"
        BEGIN
        li      s0, 49970
1:      addi    s0, s0, -1
        bnez    s0, 1b
        li      a7, SYS_TICKS
        syscall
        li      t0, 99
        bne     a0, t0, wrong
        li      s0, 30
1:      addi    s0, s0, -1
        bnez    s0, 1b
        li      a7, SYS_TICKS
        syscall
        li      t0, 100
        bne     a0, t0, wrong
        EXIT    42
wrong:  EXIT    4
        END
