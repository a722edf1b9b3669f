/* below.S - the word before the table is not an entry either. */
#include "app.inc"
        BEGIN
        li      s0, 0x3FFFF000
        lw      t0, 0(s0)               # ends here
        EXIT    6
        END
