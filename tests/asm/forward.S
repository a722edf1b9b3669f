/* forward.S - each instruction of a chain, in which one takes what another has just computed, is replaced in turn: the chain
 * then does the same as a copy of it that was never anything else.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define LINKS 10
        .macro  run_at label            /* t0..t3 and a5 from the same beginning, mixed into s6 */
        li      t0, 0x18
        li      t1, 0x44
        li      t2, 5
        li      t3, 6
        li      a5, 7
        call    \label
        slli    s6, t0, 3
        xor     s6, s6, t1
        slli    s6, s6, 5
        add     s6, s6, t2
        slli    s6, s6, 7
        xor     s6, s6, t3
        mul     s6, s6, a5
        .endm

_start: la      sp, stack_end
        li      a1, 37
        li      a2, 0x155
        la      a3, table
        li      a4, 1000
        li      s0, 0                   # the link
each_link:
        la      s1, others
        la      s2, others_end
each_other:
        run_at  chain
        la      s3, chain
        slli    s4, s0, 2
        add     s3, s3, s4
        lw      s5, 0(s3)
        lw      s4, 0(s1)
        sw      s4, 0(s3)
        run_at  chain
        mv      s7, s6
        la      t0, chain
        la      t1, fresh
        li      t2, LINKS + 1
1:      lw      t3, 0(t0)
        sw      t3, 0(t1)
        addi    t0, t0, 4
        addi    t1, t1, 4
        addi    t2, t2, -1
        bnez    t2, 1b
        run_at  fresh
        CHECK_SAME(s7, s6)
        sw      s5, 0(s3)
        addi    s1, s1, 4
        bne     s1, s2, each_other
        addi    s0, s0, 1
        li      s4, LINKS
        bne     s0, s4, each_link
        PASS

/* What replaces a link: other registers written, other registers read. */
others: remu    a5, a4, a1
        xor     t1, a1, a2
        addi    t2, t2, 4
        sub     t3, t2, t1
others_end:

        .balign PAGE_SIZE
chain:  slli    t0, a1, 3
        xor     t1, t0, a2
        andi    t1, t1, 0x7c
        slli    t1, t1, 2
        add     t1, t1, a3
        lw      t1, 0(t1)
        srli    t2, t1, 3
        add     t2, t2, a1
        andi    t2, t2, 0x3f
        sub     t3, a4, t2
        ret

        .balign PAGE_SIZE
fresh:  .space  PAGE_SIZE

        .data
        .balign 4
table:  .set    n, 0
        .rept   4096
        .word   n * 524287 + 12345
        .set    n, n + 1
        .endr
        .bss
        .balign 16
        .space  1024
stack_end:
