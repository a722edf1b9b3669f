/* reach.S - loads from 32 pages in turn; the TLB has N entries. */
        .text
        .globl  bench
bench:  li      s3, 20000
        li      s1, 4096
        li      a0, 1
1:      la      t0, pages
        li      s2, 32
2:      lw      t1, 0(t0)
        add     a0, a0, t1
        add     t0, t0, s1
        addi    s2, s2, -1
        bnez    s2, 2b
        addi    s3, s3, -1
        bnez    s3, 1b
        ret

        .bss
        .balign 4096
pages:  .space  32 * 4096
