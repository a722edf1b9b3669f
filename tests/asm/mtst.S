/* mtst.S - mtst writes the bits there are; the new STATUS holds from the next fetch on.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: li      a0, 0xFFFFFFFF - ST_U - ST_IE - ST_T
        mtst    a0
        mfst    a1
        CHECK(a1, ST_ASID_MASK)
        li      a0, ASID(4)
        mtst    a0
        mfst    a1
        CHECK(a1, ASID(4))
        mtst    zero
        mfst    a1
        CHECK(a1, 0)

        la      s0, 1f                  # user mode from the next instruction on
        sw      s0, LC_VECTOR(zero)
        li      a0, ST_U | ASID(5)
        mtst    a0
drop:   mfst    a0
1:      PC_WAS(drop)
        CHECK_WORD(LC_CAUSE, CAUSE_PRIVILEGED)
        CHECK_WORD(LC_STATUS, ST_U | ASID(5))
        mfst    a0
        CHECK(a0, ASID(5))

        # translation from the next fetch on: the page is mapped onto another
        la      s0, here
        ori     s0, s0, 4
        la      s1, there
        ori     s1, s1, TLB_X
        tlbw    s0, s1
        la      s0, 2f
        sw      s0, LC_VECTOR(zero)
        li      a0, ST_T | ASID(4)
        la      s1, here
        jr      s1
2:      CHECK(a1, 2)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK_WORD(LC_STATUS, ST_T | ASID(4))
        PC_WAS(here + 12)
        PASS
        .balign PAGE_SIZE
here:   mtst    a0
        li      a1, 1
        break
        .balign PAGE_SIZE
there:  mtst    a0
        li      a1, 2
        break
