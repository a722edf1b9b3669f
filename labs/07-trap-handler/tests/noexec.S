/* noexec.S - data may not be executed. */
#include "app.inc"
        BEGIN
        li      s0, HEAP_VA + 4096
        sw      zero, 0(s0)
        jalr    ra, 0(s0)               # ends here
        EXIT    5
        END
