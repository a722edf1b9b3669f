/* echo.S - the console by polling: each byte back until the line hangs up, then no byte.
 *
 * expect: status 0
 * input: hello, world\n
 * console: hello, world
 * depths: 0 1 */
#include "check.inc"
_start: li      s0, DEV_CONSOLE
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a1, a0, CONSOLE_RX
        beqz    a1, 2f
        CHECK(a0, CONSOLE_RX)           # never both
        lw      a0, CONSOLE_DATA(s0)
        ori     a0, a0, 0x100           # only the low byte is sent
        sw      a0, CONSOLE_DATA(s0)
        j       1b
2:      andi    a1, a0, CONSOLE_HANGUP
        beqz    a1, 1b
        lw      a0, CONSOLE_DATA(s0)
        CHECK(a0, 0xFFFFFFFF)
        PASS
