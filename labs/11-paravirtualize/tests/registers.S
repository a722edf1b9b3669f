/* registers.S - a TLB miss, timer interrupts and a system call change no register but a0 of the system call. */
#include "app.inc"
#define SEED 0x5A5A5A5A

        .macro  FILL                    # every register but sp differently, from s11 = 0x1001 on
        li      x1, 0x5A5A0101
        li      x2, 0x5A5A0102
        li      x3, 0x5A5A0103
        li      x4, 0x5A5A0104
        li      x5, 0x5A5A0105
        li      x6, 0x5A5A0106
        li      x7, 0x5A5A0107
        li      x8, 0x5A5A0108
        li      x9, 0x5A5A0109
        li      x12, 0x5A5A010c
        li      x13, 0x5A5A010d
        li      x14, 0x5A5A010e
        li      x15, 0x5A5A010f
        li      x16, 0x5A5A0110
        li      x18, 0x5A5A0112
        li      x19, 0x5A5A0113
        li      x20, 0x5A5A0114
        li      x21, 0x5A5A0115
        li      x22, 0x5A5A0116
        li      x23, 0x5A5A0117
        li      x24, 0x5A5A0118
        li      x25, 0x5A5A0119
        li      x26, 0x5A5A011a
        li      x28, 0x5A5A011c
        li      x29, 0x5A5A011d
        li      x30, 0x5A5A011e
        li      x31, 0x5A5A011f
        .endm
        .macro  CHECK r, value          # x10 is free for it
        li      x10, \value
        bne     x10, \r, wrong
        .endm
        .macro  CHECK_ALL
        CHECK   x1, 0x5A5A0101
        CHECK   x2, 0x5A5A0102
        CHECK   x3, 0x5A5A0103
        CHECK   x4, 0x5A5A0104
        CHECK   x5, 0x5A5A0105
        CHECK   x6, 0x5A5A0106
        CHECK   x7, 0x5A5A0107
        CHECK   x8, 0x5A5A0108
        CHECK   x9, 0x5A5A0109
        CHECK   x12, 0x5A5A010c
        CHECK   x13, 0x5A5A010d
        CHECK   x14, 0x5A5A010e
        CHECK   x15, 0x5A5A010f
        CHECK   x16, 0x5A5A0110
        CHECK   x18, 0x5A5A0112
        CHECK   x19, 0x5A5A0113
        CHECK   x20, 0x5A5A0114
        CHECK   x21, 0x5A5A0115
        CHECK   x22, 0x5A5A0116
        CHECK   x23, 0x5A5A0117
        CHECK   x24, 0x5A5A0118
        CHECK   x25, 0x5A5A0119
        CHECK   x26, 0x5A5A011a
        CHECK   x28, 0x5A5A011c
        CHECK   x29, 0x5A5A011d
        CHECK   x30, 0x5A5A011e
        CHECK   x31, 0x5A5A011f
        .endm

        BEGIN
        FILL
        li      x27, HEAP_VA + 4096     # a miss
        li      x11, 1
        sw      x11, 0(x27)
        li      x17, 0x5A5A0111
        CHECK   x11, 1
        CHECK   x17, 0x5A5A0111
        CHECK_ALL
        li      x11, 3000               # a few timer interrupts
1:      addi    x11, x11, -1
        bnez    x11, 1b
        CHECK   x17, 0x5A5A0111
        CHECK_ALL
        li      x11, 0x5A5A010b         # a call: 10 + a1 + a2
        li      x10, 10
        li      x17, SYS_SUM
        syscall
        sub     x10, x10, x12
        sub     x10, x10, x11
        addi    x10, x10, -10
        bnez    x10, wrong
        CHECK   x11, 0x5A5A010b
        CHECK   x17, SYS_SUM
        CHECK_ALL
        EXIT    42
wrong:  EXIT    2
        END
