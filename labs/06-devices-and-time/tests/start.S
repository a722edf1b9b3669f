/* start.S - two stores to devices: three letters to the console at once, and power off. The boot argument is the word of
 * the console's page that is the register for several bytes. */
#include "probe.inc"
_start: call    probe_seed
        slli    a0, a0, 2
        li      t0, DEV_CONSOLE
        add     t0, t0, a0
        li      a0, 'o' | 'k' << 8 | 10 << 16
        sw      a0, 0(t0)
        li      t1, DEV_POWER
        li      t2, 0x12345600 + 42
        sw      t2, POWER_OFF(t1)
1:      j       1b
