        .globl _start
_start: li      t0, 0xF0000000
        li      t1, 97
        sw      t1, 0(t0)
        li      t0, 0xF0003000
        li      t1, 7
        sw      t1, 0(t0)
