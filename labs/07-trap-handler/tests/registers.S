/* registers.S - a TLB miss, a timer interrupt and a system call change no register but a0 of the system call. */
#include "app.inc"
#define SEED 0x5A5A5A5A

        .macro  FILL                    # every register but sp differently, from s11 = 0x1001 on
        li      x1, 0x101
        li      x2, 0x102
        li      x3, 0x103
        li      x4, 0x104
        li      x5, 0x105
        li      x6, 0x106
        li      x7, 0x107
        li      x8, 0x108
        li      x9, 0x109
        li      x12, 0x10c
        li      x13, 0x10d
        li      x14, 0x10e
        li      x15, 0x10f
        li      x16, 0x110
        li      x18, 0x112
        li      x19, 0x113
        li      x20, 0x114
        li      x21, 0x115
        li      x22, 0x116
        li      x23, 0x117
        li      x24, 0x118
        li      x25, 0x119
        li      x26, 0x11a
        li      x28, 0x11c
        li      x29, 0x11d
        li      x30, 0x11e
        li      x31, 0x11f
        .endm
        .macro  CHECK r, value          # x10 is free for it
        addi    x10, \r, -\value
        bnez    x10, wrong
        .endm
        .macro  CHECK_ALL
        CHECK   x1, 0x101
        CHECK   x2, 0x102
        CHECK   x3, 0x103
        CHECK   x4, 0x104
        CHECK   x5, 0x105
        CHECK   x6, 0x106
        CHECK   x7, 0x107
        CHECK   x8, 0x108
        CHECK   x9, 0x109
        CHECK   x12, 0x10c
        CHECK   x13, 0x10d
        CHECK   x14, 0x10e
        CHECK   x15, 0x10f
        CHECK   x16, 0x110
        CHECK   x18, 0x112
        CHECK   x19, 0x113
        CHECK   x20, 0x114
        CHECK   x21, 0x115
        CHECK   x22, 0x116
        CHECK   x23, 0x117
        CHECK   x24, 0x118
        CHECK   x25, 0x119
        CHECK   x26, 0x11a
        CHECK   x28, 0x11c
        CHECK   x29, 0x11d
        CHECK   x30, 0x11e
        CHECK   x31, 0x11f
        .endm

        BEGIN
        FILL
        li      x27, HEAP_VA + 4096     # a miss
        li      x11, 1
        sw      x11, 0(x27)
        li      x17, 0x111
        CHECK   x11, 1
        CHECK   x17, 0x111
        CHECK_ALL
        li      x11, 3000               # a few timer interrupts
1:      addi    x11, x11, -1
        bnez    x11, 1b
        CHECK   x17, 0x111
        CHECK_ALL
        li      x11, 20                 # a call: 10 + 20 + 0x10c
        li      x10, 10
        li      x17, SYS_SUM
        syscall
        addi    x10, x10, -(10 + 20 + 0x10c)
        bnez    x10, wrong
        CHECK   x11, 20
        CHECK   x17, SYS_SUM
        CHECK_ALL
        EXIT    42
wrong:  EXIT    2
        END
