/* loss.S - must behave differently in a VM on pg32-leaky, by mtst without mfst, and alike everywhere else. */
#include <isa/platform.h>
        .globl  _start
_start: li      t0, 0                   # TODO
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
