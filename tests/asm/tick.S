/* tick.S - what takes time: retired instructions, and nothing else. Traps and faults are free, rfe takes one.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: li      s1, DEV_CLOCK
        lw      a0, CLOCK_LO(s1)
        lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 1)

        la      s0, 1f                  # a call: 1 for the look, 1 for the syscall, 0 for the trap
        sw      s0, LC_VECTOR(zero)
        lw      a0, CLOCK_LO(s1)
        syscall
1:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2)

        la      s0, 2f                  # a fault: 1 for the look, 0 for the rest
        sw      s0, LC_VECTOR(zero)
        lw      a0, CLOCK_LO(s1)
        lw      a2, 1(zero)
2:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 1)

        la      s0, 3f                  # an rfe: 1 for the look, 1 for the rfe
        sw      s0, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        lw      a0, CLOCK_LO(s1)
        rfe
3:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2)

        la      s0, 4f                  # rfe into an interrupt: the same
        sw      s0, LC_VECTOR(zero)
        li      s0, ST_IE
        sw      s0, LC_STATUS(zero)
        sw      zero, LC_TIMER(zero)
        lw      a0, CLOCK_LO(s1)
        rfe
4:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2)

        lw      a0, CLOCK_LO(s1)        # privileged instructions that do not trap: one each
        mfst    a2
        mtst    zero
        tlbw    zero, zero
        tlbi    zero, TLBI_ALL
        lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 5)
        PASS
