/* data.S - a loop that stores a word N bytes away from its own code. */
        .text
        .balign 4096
        .globl  bench
bench:  la      a1, word
        li      s3, 3000000
        li      a0, 1
1:      lw      a2, 0(a1)
        add     a0, a0, a2
        xor     a0, a0, s3
        slli    a3, a0, 2
        sw      a3, 0(a1)
        addi    s3, s3, -1
        bnez    s3, 1b
        ret
        .space  N
        .balign 4
word:   .word   7
