/* mode.S - asks mfst what mode it runs in and prints the answer: x86 had such an instruction in SMSW. */
#include <isa/platform.h>
        .globl  _start
_start: mfst    t0
        andi    t0, t0, ST_U
        li      t1, 'K'
        beqz    t0, 1f
        li      t1, 'U'
1:      li      t2, DEV_CONSOLE
        sw      t1, CONSOLE_DATA(t2)
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
