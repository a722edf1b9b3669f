/* jump.S - jal and jalr: links, both directions, the low bit that jalr drops, rd = rs1.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   jal     a0, 1f
back:   li      a1, 0
        j       2f
1:      CHECK_ADDR(a0, back)
        li      a1, 1
        jalr    ra, 0(a0)
after:  CHECK(a1, 99)                           # not reached: `back` goes on at 2
2:      CHECK_ADDR(ra, after)
        CHECK(a1, 0)
        la      a0, 3f
        jalr    a0, 1(a0)                       # bit 0 of the target is dropped
link:   CHECK(a0, 99)
3:      CHECK_ADDR(a0, link)                    # rd = rs1: the jump used the old value
        la      a0, 4f
        addi    a0, a0, 2000
        jalr    zero, -2000(a0)                 # no link
        CHECK(a0, 99)
4:      la      a0, 6f
        jr      a0
5:      j       7f
6:      jal     zero, 5b                        # backwards
7:      call    leaf
        CHECK(a0, 17)
        break
leaf:   li      a0, 17
        ret
