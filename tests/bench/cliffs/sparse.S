/* sparse.S - loads from N pages in turn, which lie 4 MiB apart. */
        .text
        .globl  bench
bench:  li      s3, 5000000 / N
        li      s1, 4 << 20
        li      a0, 1
1:      li      t0, 64 << 20
        li      s2, N
2:      lw      t1, 0(t0)
        add     a0, a0, t1
        add     t0, t0, s1
        addi    s2, s2, -1
        bnez    s2, 2b
        addi    s3, s3, -1
        bnez    s3, 1b
        ret
