        .globl _start
_start: li      t0, 0xF0003000
        li      t1, 8
        sw      t1, 0(t0)
