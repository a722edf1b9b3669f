/* targets.S - one indirect jump with N targets, taken at random. */
        .text
        .globl  bench
bench:  la      s0, first
        li      s1, 12345
        li      s2, 1103515245
        li      s3, 2000000
        li      s4, N
        li      a0, 1
        la      s5, back
back:   addi    s3, s3, -1
        beqz    s3, 1f
        mul     s1, s1, s2
        addi    s1, s1, 1013
        srli    t0, s1, 8
        remu    t0, t0, s4
        slli    t0, t0, 4
        add     t0, t0, s0
        jr      t0
1:      ret

        .balign 16
first:  .rept   N
        addi    a0, a0, 5
        xor     a0, a0, s1
        jr      s5
        nop
        .endr
