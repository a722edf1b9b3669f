/* null.S - nothing is mapped at 0. */
#include "app.inc"
        BEGIN
        li      s0, 0
        lw      t0, 0(s0)               # ends here
        EXIT    6
        END
