/* readonly.S - the first page of the heap may be read but not written. */
#include "app.inc"
        BEGIN
        li      s0, HEAP_VA
        lw      t0, 0(s0)
        sw      t0, 0(s0)               # ends here
        EXIT    5
        END
