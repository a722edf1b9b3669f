/* timer.S - with E[0x08] = n exactly n instructions retire, and then the timer interrupt comes; with IE = 0 none
 * comes. */
#include "probe.inc"
#define U ST_U | ST_IE
#define COUNT(status, n) \
  li a0, 0; TRY(status, n, count); CHECK(a0, n, "instructions that were executed with TIMER = " #n); \
  CAUSE_IS(CAUSE_TIMER, "TIMER = " #n); STATUS_IS(status, "TIMER = " #n); TIMER_IS(0, "TIMER = " #n); PC_IS(count + 4 * n, "TIMER = " #n); \
  BADVA_IS(0, "the timer interrupt"); BADINST_IS(0, "the timer interrupt")
_start: COUNT(U, 0)
        COUNT(U, 1)
        COUNT(U, 2)
        COUNT(U, 3)
        COUNT(U, 17)
        COUNT(ST_IE, 0)
        COUNT(ST_IE, 5)
        li      a0, 0                   # a long one, over many turns of the host's
        TRY(U, 3000001, loop)
        CHECK(a0, 1500001, "rounds of a loop of two instructions with TIMER = 3000001")
        PC_IS(loop + 4, "TIMER = 3000001 in a loop of two instructions")

        li      a0, 0                   # with IE=0 nothing happens at 0, and TIMER stays there
        TRY(ST_U, 3, count)
        CHECK(a0, 20, "instructions that were executed with IE = 0, TIMER = 3")
        CAUSE_IS(CAUSE_BREAK, "IE = 0, TIMER = 3")
        TIMER_IS(0, "IE = 0, TIMER = 3")
        TRY(U, 100, count)              # what is left is saved
        CAUSE_IS(CAUSE_BREAK, "TIMER = 100")
        TIMER_IS(79, "20 instructions and a break, TIMER = 100")

        la      s11, 2f                 # turned on with TIMER at 0: before the next instruction
        sw      s11, LC_VECTOR(zero)
        la      s11, on
        sw      s11, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        sw      zero, LC_TIMER(zero)
        li      a0, ST_IE
        li      a1, 0
        rfe
on:     mtst    a0
        addi    a1, a1, 1
2:      CHECK(a1, 0, "instructions after IE has been set, TIMER being 0")
        CAUSE_IS(CAUSE_TIMER, "IE set with TIMER = 0")
        PC_IS(on + 4, "IE set with TIMER = 0")

        # instructions that trap to the VMM count like others: 3 of 5 do here
        li      s1, DEV_FACTS
        li      a0, 0
        TRY(ST_IE, 5, mixed)
        CAUSE_IS(CAUSE_TIMER, "TIMER = 5, three of the five instructions being emulated")
        PC_IS(mixed + 20, "TIMER = 5, three of the five instructions being emulated")
        TRY(ST_IE, 4, mixed)
        PC_IS(mixed + 16, "TIMER = 4, three of the four instructions being emulated")
        TRY(ST_IE, 2, mixed)
        PC_IS(mixed + 8, "TIMER = 2, one of the two instructions being emulated")
        PASS
count:  .rept   20
        addi    a0, a0, 1
        .endr
        break
loop:   addi    a0, a0, 1
        j       loop
mixed:  addi    a0, a0, 1
        mfst    a2
        lw      a3, FACTS_RAM(s1)
        lw      a3, FACTS_HZ(s1)
        addi    a0, a0, 1
        addi    a0, a0, 1
        break
