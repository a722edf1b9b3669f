/* Asks a trap for STATUS: the VMM writes the guest's. */
#include <isa/platform.h>
        .globl  _start
_start: la      t0, 1f
        sw      t0, LC_VECTOR(zero)
        break
1:      lw      a0, LC_STATUS(zero)
        andi    a0, a0, ST_U
        li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
