/* drops.S - pages change frames: no entry of before may be used. */
#include "app.inc"
        BEGIN
        li      s11, 1
        MARK    0, 10, 100
        CALL    SYS_SWAP, 0, 10         /* the first with the last */
        LOOK    0, 10, 109, -1
        li      s11, 2
        CALL    SYS_SWAP, 2, 2          /* two of them */
        LOOK    0, 2, 109, -1
        LOOK    2, 2, 106, 1
        LOOK    4, 6, 105, -1
        li      s11, 3
        MARK    10, 30, 200
        CALL    SYS_SWAP, 0, 40         /* more than the queue has room for */
        LOOK    0, 30, 229, -1
        LOOK    30, 6, 100, 1
        li      s11, 4
        CALL    SYS_TURN                /* all change frames at once */
        LOOK    10, 30, 200, 1
        LOOK    4, 6, 105, -1
        li      s11, 5
        MARK    0, 40, 400
        CALL    SYS_FETCH, 0, 40        /* what is given, and dropped before it is used */
        CALL    SYS_TURN
        LOOK    0, 40, 439, -1
        CALL    SYS_SWAP, 10, 20        /* drops of pages that have no entry */
        CALL    SYS_TURN
        LOOK    0, 10, 400, 1
        LOOK    10, 20, 429, -1
        EXIT    42
wrong:  mv      a0, s11
        li      a7, SYS_EXIT
        syscall
        END
