/* rxinterrupt.S - the console by interrupt: a level, gated by RX_IE and IE, there while bytes wait or the line has hung up.
 *
 * expect: status 0
 * input: ab
 * depths: 0 1 2 */
#include "check.inc"
#define U ST_U | ST_IE
_start: li      s0, DEV_CONSOLE
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_RX
        beqz    a0, 1b
        TRY(U, 9, run)                  # RX_IE off: nothing
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        li      a0, CONSOLE_RX_IE
        sw      a0, CONSOLE_CTRL(s0)
        TRY(ST_U, 9, run)               # IE off: nothing
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        TRY(U, 9, run)
        TRAP_WAS(CAUSE_DEVICE, U, 9, 0, 0)
        PC_WAS(run)
        TRY(ST_IE, 9, run)              # kernel mode as well; and still: it is a level
        TRAP_WAS(CAUSE_DEVICE, ST_IE, 9, 0, 0)
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, 'a')
2:      lw      a0, CONSOLE_STATUS(s0)  # the second byte, which a VM may see later
        andi    a0, a0, CONSOLE_RX
        beqz    a0, 2b
        TRY(U, 9, run)
        CHECK_WORD(LC_CAUSE, CAUSE_DEVICE)
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, 'b')
3:      lw      a0, CONSOLE_STATUS(s0)
        beqz    a0, 3b
        CHECK(a0, CONSOLE_HANGUP)
        TRY(U, 9, run)                  # a hang-up interrupts too, and cannot be taken away
        CHECK_WORD(LC_CAUSE, CAUSE_DEVICE)
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, -1)
        TRY(U, 9, run)
        CHECK_WORD(LC_CAUSE, CAUSE_DEVICE)
        sw      zero, CONSOLE_CTRL(s0)
        TRY(U, 9, run)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)

        li      a0, CONSOLE_RX_IE       # it is taken between the store that enables it and what follows
        TRY(U, 9, enable)
        PC_WAS(enable + 4)
        TRAP_WAS(CAUSE_DEVICE, U, 8, 0, 0)
        PASS
run:    break
enable: sw      a0, CONSOLE_CTRL(s0)
        break
