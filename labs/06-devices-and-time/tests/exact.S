/* exact.S - a loop of four instructions, two of which access the clock, is interrupted two hundred times after random
 * numbers of instructions; each time it must have executed exactly so many. The boot argument is the seed. */
#include "probe.inc"
_start: call    probe_seed
        mv      s2, a0                  # s2 = random
        li      s1, DEV_FACTS
        li      s3, 0                   # s3 = instructions so far, modulo 4
        li      s4, 200
        la      s5, loop                # s5 = where it goes on
1:      NEXT(s2)
        srli    s6, s2, 26              # s6 = TIMER, 0 to 63
        la      s0, handler
        sw      s0, LC_VECTOR(zero)
        sw      s5, LC_PC(zero)
        li      s0, ST_U | ST_IE
        sw      s0, LC_STATUS(zero)
        sw      s6, LC_TIMER(zero)
        rfe
handler: CAUSE_IS(CAUSE_TIMER, "TIMER loaded with a random number")
        add     s3, s3, s6
        andi    s3, s3, 3
        la      s5, loop
        slli    s0, s3, 2
        add     s5, s5, s0
        lw      s0, LC_PC(zero)
        CHECK_SAME(s0, s5, "where the timer interrupt found the program")
        addi    s4, s4, -1
        bnez    s4, 1b
        PASS
loop:   addi    a0, a0, 1
        lw      a3, FACTS_RAM(s1)
        lw      a3, FACTS_HZ(s1)
        j       loop
