/* time.S - a trap takes no time, and an rfe takes one tick. TIMER is saved by a trap, runs on in the handler, and is
 * loaded by rfe, so that a program that makes system calls is interrupted after exactly as many instructions as it
 * was granted. */
#include "probe.inc"
#define U ST_U | ST_IE
_start: li      s1, DEV_CLOCK
        la      s0, 1f                  # a call: 1 for the look, 1 for the syscall, 0 for the trap
        sw      s0, LC_VECTOR(zero)
        lw      a0, CLOCK_LO(s1)
        syscall
1:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2, "ticks from a look at the clock before a syscall to one at its vector")

        la      s0, 2f                  # a fault: 1 for the look, 0 for the rest
        sw      s0, LC_VECTOR(zero)
        lw      a0, CLOCK_LO(s1)
        lw      a2, 1(zero)
2:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 1, "ticks from a look at the clock before a fault to one at its vector")

        la      s0, 3f                  # an rfe: 1 for the look, 1 for the rfe
        sw      s0, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        lw      a0, CLOCK_LO(s1)
        rfe
3:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2, "ticks from a look at the clock before rfe to one after it")

        TRY(U, 100, call)               # 99 are left, and fall on in the handler
        la      s11, 4f                 # two instructions
        sw      s11, LC_VECTOR(zero)
        break                           # 99 - 4
4:      TIMER_IS(95, "break in a handler, four instructions behind a syscall with TIMER = 100")

        # a loop of three instructions with a syscall; the handler takes what it likes and changes nothing
        la      s0, handler
        sw      s0, LC_VECTOR(zero)
        la      s0, loop
        sw      s0, LC_PC(zero)
        li      s0, U
        sw      s0, LC_STATUS(zero)
        li      s0, 301
        sw      s0, LC_TIMER(zero)
        li      a0, 0
        li      a1, 0
        rfe
handler: lw     s0, LC_CAUSE(zero)
        li      s2, CAUSE_TIMER
        beq     s0, s2, 5f
        addi    a1, a1, 1
        rfe
5:      CHECK(a0, 101, "rounds of a loop of three instructions with TIMER = 301")
        CHECK(a1, 100, "system calls in it that came back")
        PC_IS(loop + 4, "the timer interrupt after 301 instructions")
        TIMER_IS(0, "the timer interrupt after 301 instructions")
        PASS
call:   syscall
loop:   addi    a0, a0, 1
        syscall
        j       loop
