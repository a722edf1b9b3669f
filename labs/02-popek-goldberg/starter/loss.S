/* loss.S - must behave differently in a VM on pg32-leaky because of mtst, without mfst; everywhere else it must
 * behave the same. */
#include <isa/platform.h>
        .globl  _start
_start: li      t0, 0                   # TODO
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
