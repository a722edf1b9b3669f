/* text.S - the application's own instructions may not be written. */
#include "app.inc"
        BEGIN
        li      s0, 0x40000000
        lw      t0, 0(s0)
        sw      t0, 0(s0)               # ends here
        EXIT    5
        END
