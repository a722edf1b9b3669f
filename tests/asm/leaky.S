/* leaky.S - the leaky variant: in user mode mfst tells the truth and mtst is ignored, both without a trap.
 *
 * expect: status 0
 * options: --cpu pg32-leaky
 *
 * The other four still trap; in kernel mode nothing differs. */
#include "check.inc"
#define DENIED(at, word) TRY(ST_U, 5, at); PC_WAS(at); TRAP_WAS(CAUSE_PRIVILEGED, ST_U, 5, 0, word)
_start: mfst    a0                      # kernel mode
        CHECK(a0, 0)
        li      a0, ASID(3)
        mtst    a0
        mfst    a1
        CHECK(a1, ASID(3))
        mtst    zero

        la      a0, page
        ori     a1, a0, 3
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        li      a0, 0
        TRY(ST_U | ST_IE | ST_T | ASID(3), 5, at_mfst)
        CHECK(a0, ST_U | ST_IE | ST_T | ASID(3))
        TRAP_WAS(CAUSE_BREAK, ST_U | ST_IE | ST_T | ASID(3), 3, 0, PG32_OP_break << 25)
        TRY(ST_U, 5, at_mfst)
        CHECK(a0, ST_U)
        li      a0, ASID(9)             # would leave user mode
        TRY(ST_U | ST_IE, 5, at_mtst)
        TRAP_WAS(CAUSE_BREAK, ST_U | ST_IE, 3, 0, PG32_OP_break << 25)
        li      a0, -1                  # would turn on what is off
        TRY(ST_U, 5, at_mtst)
        TRAP_WAS(CAUSE_BREAK, ST_U, 3, 0, PG32_OP_break << 25)

        DENIED(at_rfe, PG32_OP_rfe << 25)
        DENIED(at_tlbw, WORD_R(PG32_OP_tlbw, 0, 12, 13))
        DENIED(at_tlbi, WORD_I(PG32_OP_tlbi, 0, 12, 0))
        DENIED(at_wait, PG32_OP_wait << 25)
        TRY(ST_U, 5, at_stray)
        TRAP_WAS(CAUSE_ILLEGAL, ST_U, 5, 0, WORD_R(PG32_OP_mfst, 10, 1, 0))
        PASS
        .balign PAGE_SIZE
page:
at_mfst:        mfst    a0
                break
at_mtst:        mtst    a0
                break
at_rfe:         rfe
at_tlbw:        tlbw    a2, a3
at_tlbi:        tlbi    a2, 0
at_wait:        wait
at_stray:       .word   WORD_R(PG32_OP_mfst, 10, 1, 0)
