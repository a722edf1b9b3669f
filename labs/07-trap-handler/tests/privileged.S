/* privileged.S - an application that executes a privileged instruction. */
#include "app.inc"
        BEGIN
        li      s0, 9                   # nine times round, so that the machine sees the application run
1:      addi    s0, s0, -1
        bnez    s0, 1b
        mtst    zero                    # ends here
        EXIT    7
        END
