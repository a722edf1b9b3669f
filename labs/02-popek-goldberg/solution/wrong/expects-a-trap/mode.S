/* mode.S - takes the absence of a trap in kernel mode for the hole: it differs on no machine. */
#include <isa/platform.h>
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        mfst    t0
        li      t0, 1
        j       off
handler:
        li      t0, 0
off:    li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
