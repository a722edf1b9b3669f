/* below.S - nor is the word before it. */
#include "app.inc"
        BEGIN
        li      s0, 0x3FFFF000
        lw      t0, 0(s0)               # ends here
        EXIT    6
        END
