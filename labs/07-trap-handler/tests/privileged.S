/* privileged.S - an application that tries to open the kernel's door. */
#include "app.inc"
        BEGIN
        mtst    zero                    # ends here
        EXIT    7
        END
