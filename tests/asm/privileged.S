/* privileged.S - the six privileged instructions trap in user mode, real and translated, and do nothing else.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define DENIED(at, status, word) \
  TRY(status, 5, at); PC_WAS(at); TRAP_WAS(CAUSE_PRIVILEGED, status, 5, 0, word)
#define ALL(status) \
  DENIED(at_mfst, status, WORD_R(PG32_OP_mfst, 10, 0, 0)); DENIED(at_mtst, status, WORD_R(PG32_OP_mtst, 0, 11, 0)); \
  DENIED(at_rfe, status, PG32_OP_rfe << 25);               DENIED(at_tlbw, status, WORD_R(PG32_OP_tlbw, 0, 12, 13)); \
  DENIED(at_tlbi, status, WORD_I(PG32_OP_tlbi, 0, 12, 0)); DENIED(at_wait, status, PG32_OP_wait << 25)
_start: la      a0, page
        ori     a1, a0, 3
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        li      a0, 0x1234
        li      a1, 0
        li      a2, 0x00400003
        li      a3, TLB_RIGHTS
        ALL(ST_U)
        ALL(ST_U | ST_IE)
        ALL(ST_U | ST_IE | ST_T | ASID(3))
        CHECK(a0, 0x1234)               # mfst has written nothing
        la      a0, page                # tlbi has cleared nothing
        li      a1, ASID(3) | ST_U
        call    probe
        CHECK(a0, CAUSE_PRIVILEGED)
        li      a0, 0x00400000          # tlbw has installed nothing
        li      a1, ASID(3)
        call    probe
        CHECK(a0, CAUSE_FETCH_MISS)
        PASS
        .balign PAGE_SIZE
page:
at_mfst:        mfst    a0
at_mtst:        mtst    a1
at_rfe:         rfe
at_tlbw:        tlbw    a2, a3
at_tlbi:        tlbi    a2, 0
at_wait:        wait
