/* wait.S - wait moves time to the moment TIMER is 0 or a device is pending, whatever IE is, and then retires.
 *
 * expect: status 0
 * depths: 0 1 2
 *
 * The line has hung up, so no input will end a wait before TIMER does. */
#include "check.inc"
/* STATUS, TIMER: waits between two looks at the clock; s2 = ticks between the looks */
#define WAIT(status, timer) TRY(status, timer, look); sub s2, a1, a0
_start: li      s0, DEV_CONSOLE
        li      s1, DEV_CLOCK
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_HANGUP
        beqz    a0, 1b

        WAIT(0, 0)                      # TIMER at 0: nothing to wait for
        CHECK(s2, 2)                    # the first look and the wait
        WAIT(0, 1)                      # the look takes TIMER to 0
        CHECK(s2, 2)
        WAIT(0, 2)                      # one tick is skipped, and wait itself takes one
        CHECK(s2, 3)
        TRAP_WAS(CAUSE_BREAK, 0, 0, 0, PG32_OP_break << 25)
        WAIT(0, 1000)
        CHECK(s2, 1001)
        WAIT(0, 3000000000)
        li      t0, 3000000001
        CHECK_SAME(s2, t0)

        TRY(ST_IE, 1000, look)          # with IE=1 the interrupt follows the wait
        TRAP_WAS(CAUSE_TIMER, ST_IE, 0, 0, 0)
        PC_WAS(look + 8)

        li      t0, CONSOLE_RX_IE       # a device is pending: at once, and TIMER falls by one only
        sw      t0, CONSOLE_CTRL(s0)
        WAIT(0, 1000)
        CHECK(s2, 2)
        TRAP_WAS(CAUSE_BREAK, 0, 996, 0, PG32_OP_break << 25)
        TRY(ST_IE, 1000, just_wait)     # with IE=1 the interrupt comes before it
        TRAP_WAS(CAUSE_DEVICE, ST_IE, 1000, 0, 0)
        PC_WAS(just_wait)
        sw      zero, CONSOLE_CTRL(s0)

        TRY(ST_IE, 1000, just_wait)     # the idle loop of a kernel
        TRAP_WAS(CAUSE_TIMER, ST_IE, 0, 0, 0)
        PC_WAS(just_wait + 4)
        PASS
look:   lw      a0, CLOCK_LO(s1)
        wait
        lw      a1, CLOCK_LO(s1)
        break
just_wait:
        wait
        break
