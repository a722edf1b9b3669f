/* storm.S - uses all pages of the heap twenty times with an emptied TLB: 20 * 41 misses and a few. */
#include "app.inc"
        BEGIN
        li      s2, 20
1:      li      a7, SYS_FORGET
        syscall
        li      s1, HEAP_PAGES
        li      s0, HEAP_VA
2:      lw      t1, 0(s0)
        li      t0, 4096
        add     s0, s0, t0
        addi    s1, s1, -1
        bnez    s1, 2b
        addi    s2, s2, -1
        bnez    s2, 1b
        EXIT    42
        END
