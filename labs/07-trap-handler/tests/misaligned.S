/* misaligned.S - a trap with an address that is no TLB miss. */
#include "app.inc"
        BEGIN
        li      s0, HEAP_VA + 2
        lw      t0, 0(s0)               # ends here
        EXIT    7
        END
