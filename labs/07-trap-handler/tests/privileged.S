/* privileged.S - an application that executes a privileged instruction. */
#include "app.inc"
        BEGIN
        mtst    zero                    # ends here
        EXIT    7
        END
