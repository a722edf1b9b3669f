/* pages.S - every page of the heap has a frame of its own, keeps what is written to it, and can be found again. */
#include "app.inc"
        BEGIN
        li      s1, HEAP_PAGES - 1
        li      s0, HEAP_VA + 4096
1:      sw      s0, 8(s0)               # each its own address
        li      t0, 4096
        add     s0, s0, t0
        addi    s1, s1, -1
        bnez    s1, 1b
        li      a7, SYS_FORGET          # the last number that there is
        syscall
        bnez    a0, wrong
        li      s1, HEAP_PAGES - 1
        li      s0, HEAP_VA + 4096
2:      lw      t1, 8(s0)
        bne     t1, s0, wrong
        li      t0, 4096
        add     s0, s0, t0
        addi    s1, s1, -1
        bnez    s1, 2b
        li      t0, HEAP_VA             # the first page reads as zeroes
        lw      t1, 0(t0)
        bnez    t1, wrong
        EXIT    42
wrong:  EXIT    1
        END
