/* hops.S - N pages of code; on each of them two instructions, and on to the next. */
        .text
        .globl  bench
bench:  li      s3, 5000000 / N
        li      a0, 1
        la      t0, ring
        jr      t0

        .balign 4096
ring:   .rept   N
        addi    a0, a0, 3
        xor     a0, a0, s3
        j       . + 4088
        .balign 4096
        .endr
        addi    s3, s3, -1
        beqz    s3, 1f
        la      t0, ring
        jr      t0
1:      ret
