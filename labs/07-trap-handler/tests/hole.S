/* hole.S - the page table has no page at this address. */
#include "app.inc"
        BEGIN
        li      s0, 0x40008000
        lw      t0, 0(s0)               # ends here
        EXIT    6
        END
