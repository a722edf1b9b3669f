/* wait.S - waiting by pids of the space, and a process that comes in from outside. */
#include "space.inc"
        BEGIN
        SPAWN   a                       /* 2; its children are 3 and 4 */
        PAUSE   1
        SPAWN   joins                   /* 5 */
        WAIT_ANY
        IS      1, 5
        ENDED   2, 0
        WAIT_ANY
        IS      3, 2
        ENDED   4, 0
        WAIT_ANY
        IS      5, -ECHILD
        DONE

a:      ENTER   6
        SPAWN   seven
        SPAWN   eight
        li      a0, 2
        WAIT
        IS      7, -ECHILD
        NTH     a0, 2
        WAIT
        IS_NTH  8, 2
        la      t0, ended
        lw      a0, 0(t0)
        IS      9, 8 << 8
        NTH     a0, 1
        neg     a0, a0
        WAIT                            /* for a group */
        IS_NTH  10, 1
        la      t0, ended
        lw      a0, 0(t0)
        IS      11, 7 << 8
        WAIT_ANY
        IS      12, -ECHILD
        PAUSE   4
        CALL_NTH KILL, 3, 0
        IS      13, -ESRCH
        DONE
seven:  CALL    SETPGID, 0, 0
        IS      14, 0
        CALL    GETPGID, 0
        IS_NTH  15, 1
        DONE    7
eight:  CALL    GETPGID, 0
        IS      16, 1
        DONE    8

joins:  CALL    JOIN, 2
        IS      17, 0
        CALL    GETPID
        IS_NTH  18, 3
        CALL    KILL, 1, 0
        IS      19, 0
        CALL    KILL, 5, 0              /* so it is called outside; inside, a 5 is gone, or never was there */
        IS      20, -ESRCH
        DONE
        END
