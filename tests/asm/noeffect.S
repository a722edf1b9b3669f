/* noeffect.S - mark and fence do nothing in any mode but retire, as TIMER shows.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: li      a0, 11
        li      a1, 22
        TRY(ST_IE, 100, quiet)
        TRAP_WAS(CAUSE_BREAK, ST_IE, 95, 0, WORD_R(PG32_OP_break, 0, 0, 0))
        TRY(ST_U | ST_IE, 100, quiet)
        TRAP_WAS(CAUSE_BREAK, ST_U | ST_IE, 95, 0, WORD_R(PG32_OP_break, 0, 0, 0))
        CHECK(a0, 11)
        CHECK(a1, 22)
        PASS
quiet:  mark    100, a0, a1             # a kind nobody uses
        mark    32767, zero, sp
        fence
        fence   rw, rw
        break
