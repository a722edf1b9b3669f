/* codestore.S - a store to code is seen by the very next fetch, through any width of store.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   la      t0, spot
        li      t1, WORD_I(PG32_OP_addi, 10, 0, 1)   # li a0, 1
        sw      t1, 0(t0)
spot:   li      a0, 0
        CHECK(a0, 1)
        la      t0, loop                        # code that has run before, and many times
        li      t2, 0
        li      a1, 10
1:      sb      t2, 0(t0)                       # the low byte of the immediate
loop:   li      a0, 0
        CHECK_SAME(a0, t2)
        addi    t2, t2, 1
        bne     t2, a1, 1b
        sb      zero, 0(t0)
        break
