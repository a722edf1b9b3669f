/* straight.S - a loop around N instructions in a straight line. */
        .text
        .globl  bench
bench:  la      a0, data
        li      s3, (100000000 + N - 1) / N
        li      a2, 1
1:
        .rept   N / 8
        lw      a1, 0(a0)
        add     a2, a2, a1
        slli    a3, a2, 3
        xor     a2, a2, a3
        addi    a4, a2, 7
        sw      a4, 4(a0)
        srli    a3, a2, 9
        sub     a2, a4, a3
        .endr
        addi    s3, s3, -1
        beqz    s3, 2f
        la      t0, 1b
        jr      t0
2:      mv      a0, a2
        ret

        .data
        .balign 4096
data:   .word   3, 5
