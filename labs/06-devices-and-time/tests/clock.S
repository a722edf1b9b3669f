/* clock.S - the clock shows the guest's tick, one for each instruction, whatever the VMM needs for it; the high word
 * is latched. */
#include "probe.inc"
_start: li      s1, DEV_CLOCK
        lw      a0, CLOCK_LO(s1)
        CHECK(a0, 1, "the first look at the clock: instructions since reset")
        lw      a0, CLOCK_LO(s1)
        lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 1, "ticks between two looks at the clock, one right behind the other")
        lw      a0, CLOCK_LO(s1)
        nop
        mfst    a2
        lw      a2, CLOCK_HI(s1)
        nop
        lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 5, "ticks between two looks, with four instructions, two of which trap to the VMM, between them")
        lw      a0, CLOCK_LO(s1)
        li      a2, 10000               # 20 000 instructions in a loop
1:      addi    a2, a2, -1
        bnez    a2, 1b
        lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 20002, "ticks between two looks, with 20 001 instructions between them")

        # past 2^32, by waiting for TIMER: the high word is the one latched by the last look at the low word
        lw      a0, CLOCK_LO(s1)
        TRY(0, 0xFFFFFFFF, wait_long)
        lw      a2, CLOCK_HI(s1)
        CHECK(a2, 0, "CLOCK_HI, latched by a look at CLOCK_LO before 2^32 ticks")
        lw      a1, CLOCK_LO(s1)
        lw      a2, CLOCK_HI(s1)
        CHECK(a2, 1, "CLOCK_HI after a look at CLOCK_LO behind 2^32 ticks")
        sub     a1, a1, a0
        CHECK(a1, 23, "low words of two looks, 2^32 + 23 ticks apart")
        PASS
wait_long: wait
        break
