/* clock.S - CLOCK_LO is the tick before the load and latches the high word; CLOCK_HI is what was latched.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: li      s1, DEV_CLOCK
        lw      a0, CLOCK_LO(s1)
        lw      a1, CLOCK_HI(s1)
        CHECK(a1, 0)
        lw      a2, CLOCK_LO(s1)
        sltu    a3, a0, a2
        CHECK(a3, 1)
        TRY(0, 0xFFFFFFFF, skip)        # once over 2^32
        lw      a1, CLOCK_HI(s1)        # still the one that was latched before
        CHECK(a1, 0)
        lw      a2, CLOCK_LO(s1)
        lw      a1, CLOCK_HI(s1)
        CHECK(a1, 1)
        sltiu   a3, a2, 1000
        CHECK(a3, 1)
        lw      a1, CLOCK_HI(s1)
        CHECK(a1, 1)
        PASS
skip:   wait
        break
