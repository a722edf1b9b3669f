/* patched.S - a function that is called N times, then changed, and so on. */
#ifdef PG32
#define FENCE
#else
#define FENCE fence.i
#endif
        .text
        .globl  bench
bench:  mv      s11, ra
        la      s0, function
        la      s1, words
        lw      s4, 0(s1)
        lw      s5, 4(s1)
        li      s3, 2000000 / (N + 2)
        li      a0, 1
1:      sw      s4, 0(s0)
        FENCE
        mv      t0, s4
        mv      s4, s5
        mv      s5, t0
        li      s2, N
2:      jal     function
        addi    s2, s2, -1
        bnez    s2, 2b
        addi    s3, s3, -1
        bnez    s3, 1b
        jr      s11

        .balign 4096
function:
        addi    a0, a0, 1
        xor     a0, a0, s3
        slli    t1, a0, 1
        sub     a0, t1, a0
        ret
        .balign 4096
words:  addi    a0, a0, 1
        addi    a0, a0, 2
