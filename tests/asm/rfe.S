/* rfe.S - rfe loads PC, STATUS and TIMER from the physical low core, whatever T says; bits that are not there stay 0.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define KT ST_T | ASID(4)
_start: la      s0, 1f                  # all bits that rfe can set without leaving kernel mode or losing us
        li      s1, 0xFFFFFFFF - ST_U - ST_IE - ST_T
        sw      s0, LC_PC(zero)
        sw      s1, LC_STATUS(zero)
        sw      zero, LC_TIMER(zero)
        rfe
1:      mfst    a0
        CHECK(a0, ST_ASID_MASK)
        # each combination of U, IE and T comes back in the saved STATUS
        MAP(0x00400000, 4, page, TLB_X)
#define COMBINE(status) TRY(status, 9, quit); TRAP_WAS(CAUSE_BREAK, status, 8, 0, PG32_OP_break << 25)
#define COMBINE_T(status) TRY_VA(status, 9, 0x00400000 + 12); TRAP_WAS(CAUSE_BREAK, status, 8, 0, PG32_OP_break << 25)
        COMBINE(0)
        COMBINE(ST_U)
        COMBINE(ST_IE)
        COMBINE(ST_U | ST_IE)
        COMBINE_T(KT)
        COMBINE_T(KT | ST_U)
        COMBINE_T(KT | ST_IE)
        COMBINE_T(KT | ST_U | ST_IE)

        # under T, address 0 is another page; rfe still reads the real one
        MAP(0, 4, decoy, TLB_R | TLB_W)
        li      t6, 0x66
        TRY_VA(KT, 9, 0x00400000 + 16)  # stores t6 at address 0, then `break`
        TRAP_WAS(CAUSE_BREAK, KT, 7, 0, PG32_OP_break << 25)
        PC_WAS_VA(0x00400000 + 24)
        la      s0, decoy
        lw      a1, 0(s0)
        CHECK(a1, 0x66)
        lw      a1, 4(s0)               # and the trap has written the real one
        CHECK(a1, 0)

        la      s0, 2f                  # kernel mode, T=1, executes rfe: to 2, with T=0
        sw      s0, LC_PC(zero)
        li      s0, ASID(6)
        sw      s0, LC_STATUS(zero)
        li      a0, KT
        la      s1, page                # the page onto itself, to turn T on under our feet
        ori     s2, s1, 4
        ori     s3, s1, TLB_X
        tlbw    s2, s3
        jr      s1
2:      mfst    a0
        CHECK(a0, ASID(6))
        PASS
        .balign PAGE_SIZE
page:   mtst    a0                      # + 0
        rfe                             # + 4, the first fetch under T
        nop
quit:   break                           # + 12
        sw      t6, 0(zero)             # + 16
        break                           # + 20
        .balign PAGE_SIZE
decoy:  .space  PAGE_SIZE
