/* power.S - the store to the power device is the last thing that happens; its low 8 bits are the status.
 *
 * expect: status 170
 * console: a
 * depths: 0 1 */
#include "check.inc"
_start: li      s0, DEV_CONSOLE
        li      s1, DEV_POWER
        li      a0, 'a'
        sw      a0, CONSOLE_DATA(s0)
        li      a0, 10
        sw      a0, CONSOLE_DATA(s0)
        li      a0, 0xFFFFFFAA
        sw      a0, POWER_OFF(s1)
        li      a0, 'b'
        sw      a0, CONSOLE_DATA(s0)
        PASS
