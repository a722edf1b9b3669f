/* wait.S - wait lets time pass until TIMER is 0 or a device asks for an interrupt, whatever IE is, and then retires.
 * The console has hung up, so no input ends a wait before TIMER does. */
#include "probe.inc"
/* waits between two looks at the clock; s2 = ticks between them */
#define WAIT(timer, ticks, what) TRY(0, timer, look); CAUSE_IS(CAUSE_BREAK, what); sub s2, a1, a0; \
  CHECK(s2, ticks, what ": ticks from a look at the clock before to one after")
_start: li      s0, DEV_CONSOLE
        li      s1, DEV_CLOCK
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_HANGUP
        beqz    a0, 1b

        WAIT(0, 2, "wait with TIMER = 0 (the first look and the wait itself)")
        WAIT(1, 2, "wait when the look before it has taken TIMER from 1 to 0")
        WAIT(2, 3, "wait with TIMER = 1: one tick is skipped")
        WAIT(1000, 1001, "wait with TIMER = 999")
        TIMER_IS(0, "after a wait for TIMER")
        WAIT(123456789, 123456790, "a long wait")

        TRY(ST_IE, 1000, just_wait)     # with IE the interrupt follows the wait
        CAUSE_IS(CAUSE_TIMER, "wait with IE, TIMER = 1000")
        PC_IS(just_wait + 4, "wait with IE, TIMER = 1000")
        TIMER_IS(0, "wait with IE, TIMER = 1000")

        li      t0, CONSOLE_RX_IE       # a device is pending: at once, and TIMER falls by one only
        sw      t0, CONSOLE_CTRL(s0)
        WAIT(1000, 2, "wait while the console is pending")
        TIMER_IS(996, "wait while the console is pending, TIMER loaded with 1000 (2 looks, wait, break)")
        TRY(ST_IE, 1000, just_wait)     # with IE the interrupt comes before it
        CAUSE_IS(CAUSE_DEVICE, "wait while the console is pending, with IE")
        PC_IS(just_wait, "wait while the console is pending, with IE")
        sw      zero, CONSOLE_CTRL(s0)
        PASS
look:   lw      a0, CLOCK_LO(s1)
        wait
        lw      a1, CLOCK_LO(s1)
        break
just_wait:
        wait
        break
