/* functions.S - N functions of about 50 instructions, with branches and stores, called at random. */
        .equ    CALLS, 2000000

        .macro  piece
        lw      a1, 0(a0)
        add     a2, a2, a1
        slli    a3, a2, 3
        xor     a2, a2, a3
        andi    a3, a2, 4
        beqz    a3, 1f
        addi    a2, a2, 7
1:      sw      a2, 4(a0)
        srli    a3, a2, 9
        add     a2, a2, a3
        sub     a2, a2, a1
        .endm

        .text
        .globl  bench
bench:  mv      s11, ra
        la      a0, data
        la      s0, functions
        li      s1, 12345
        li      s2, 1103515245
        li      s3, CALLS
        li      s4, N
        li      a2, 1
2:      mul     s1, s1, s2
        addi    s1, s1, 1013
        srli    t0, s1, 8
        remu    t0, t0, s4
        slli    t0, t0, 2
        add     t0, t0, s0
        lw      t0, 0(t0)
        jalr    t0
        addi    s3, s3, -1
        bnez    s3, 2b
        mv      a0, a2
        jr      s11

        .balign 16
first:  .rept   N
        addi    sp, sp, -16
        sw      s1, 0(sp)
        piece
        piece
        piece
        piece
        lw      s1, 0(sp)
        addi    sp, sp, 16
        ret
        .endr
        .equ    BYTES, 4 * (4 * 11 + 5)

        .data
        .balign 4096
functions:
        .equ    at, 0
        .rept   N
        .word   first + at
        .equ    at, at + BYTES
        .endr
data:   .word   3, 5
