/* misaligned.S - a trap that has an address but is not a TLB miss. */
#include "app.inc"
        BEGIN
        li      s0, HEAP_VA + 2
        lw      t0, 0(s0)               # ends here
        EXIT    7
        END
