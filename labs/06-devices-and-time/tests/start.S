/* start.S - two stores to devices: a letter to the console, and power off. */
#include "probe.inc"
_start: li      t0, DEV_CONSOLE
        li      a0, 'o'
        sw      a0, CONSOLE_DATA(t0)
        li      a1, 'k'
        sw      a1, CONSOLE_DATA(t0)
        li      s11, 10
        sw      s11, CONSOLE_DATA(t0)
        li      t1, DEV_POWER
        li      t2, 0x12345600 + 42
        sw      t2, POWER_OFF(t1)
1:      j       1b
