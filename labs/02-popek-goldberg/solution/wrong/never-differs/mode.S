/* mode.S - asks for the mode of a trap, which is always right. */
#include <isa/platform.h>
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        syscall
handler:
        lw      t0, LC_STATUS(zero)
        andi    t0, t0, ST_U
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
