# counted.S - the trap vector while a process runs in a container whose ticks are limited.
#
# TIMER counts the process's own instructions alone. So a process that does nothing but make system calls would have a
# turn of many times its length, and much more than its share before container.c looks at the clock. Here each system
# call counts as CALL_COST instructions of the turn; then trap_entry goes on as always. Others never come here: their
# vector is trap_entry.

#include "isa/platform.h"

# offsets in struct low_core (hot.h); trap.c asserts them
#define SCRATCH0 0x40
#define SCRATCH1 0x44
#define PAGES    0x50

#define CALL_COST 200

        .text
        .globl  counted_entry
counted_entry:
        .cfi_startproc
        .cfi_signal_frame
        .cfi_undefined ra
        sw      t0, SCRATCH0(zero)
        sw      t1, SCRATCH1(zero)
        lw      t0, PAGES(zero)
        beqz    t0, 1f                  # a VM: its TIMER says exactly what its guest has retired
        lw      t0, LC_CAUSE(zero)
        li      t1, CAUSE_SYSCALL
        bne     t0, t1, 1f
        lw      t0, LC_TIMER(zero)      # at most what a container has in a period
        addi    t0, t0, -CALL_COST
        bgez    t0, 2f
        li      t0, 0
2:      sw      t0, LC_TIMER(zero)
1:      lw      t0, SCRATCH0(zero)
        lw      t1, SCRATCH1(zero)
        j       trap_entry
        .cfi_endproc
