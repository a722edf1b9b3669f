/* beyond.S - the word behind the table is not an entry. */
#include "app.inc"
        BEGIN
        li      s0, 0x40040000
        lw      t0, 0(s0)               # ends here
        EXIT    6
        END
