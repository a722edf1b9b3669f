/* loss.S - changes STATUS and reads it back: by mfst, whose own hole shows and not mtst's. */
#include <isa/platform.h>
        .globl  _start
_start: li      t0, 0x1200
        mtst    t0
        mfst    t1
        sub     t0, t1, t0
        snez    t0, t0
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
