/* interrupt.S - the console's interrupt is a level. RX_IE and IE gate it, the timer's interrupt comes before it, and
 * it ends a wait. `ab` has been typed, and then the line hangs up. */
#include "probe.inc"
#define U ST_U | ST_IE
#define NONE(status, timer, what) TRY(status, timer, run); CAUSE_IS(CAUSE_BREAK, what)
#define COMES(status, timer, what) TRY(status, timer, run); CAUSE_IS(CAUSE_DEVICE, what); PC_IS(run, what); STATUS_IS(status, what); \
  TIMER_IS(timer, what); BADVA_IS(0, what); BADINST_IS(0, what)
_start: li      s0, DEV_CONSOLE
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_RX
        beqz    a0, 1b
        NONE(U, 9, "a byte is there, RX_IE off")
        li      s1, CONSOLE_RX_IE
        sw      s1, CONSOLE_CTRL(s0)
        NONE(ST_U, 9, "a byte is there, RX_IE on, IE off")
        COMES(U, 9, "a byte is there, RX_IE and IE on")
        COMES(U, 9, "the same again: it is a level")
        COMES(ST_IE, 9, "the same in kernel mode")
        TRY(U, 0, run)
        CAUSE_IS(CAUSE_TIMER, "a byte is there and TIMER is 0: the timer goes first")
        sw      zero, CONSOLE_CTRL(s0)
        NONE(U, 9, "a byte is there, RX_IE off again")
        sw      s1, CONSOLE_CTRL(s0)
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, 'a', "the first byte")
2:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_RX
        beqz    a0, 2b
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, 'b', "the second byte")
3:      lw      a0, CONSOLE_STATUS(s0)
        beqz    a0, 3b
        COMES(U, 9, "the line has hung up")
        lw      a0, CONSOLE_DATA(s0)
        COMES(U, 9, "the line has hung up, and that cannot be taken away")

        sw      zero, CONSOLE_CTRL(s0)
        TRY(U, 9, enable)               # between the store that enables it and what follows
        CAUSE_IS(CAUSE_DEVICE, "RX_IE set with IE on")
        PC_IS(enable + 8, "RX_IE set with IE on")
        TIMER_IS(7, "RX_IE set with IE on, TIMER loaded with 9")

        li      s2, DEV_CLOCK           # pending, so a wait does not wait
        TRY(0, 1000000, waiter)
        CAUSE_IS(CAUSE_BREAK, "wait with IE off, the console pending")
        TIMER_IS(999998, "wait with IE off, the console pending, TIMER loaded with 1000000")
        PASS
run:    break
enable: nop
        sw      s1, CONSOLE_CTRL(s0)
        break
waiter: wait
        break
