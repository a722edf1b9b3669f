/* orphans.S - who is the parent of a process whose parent has ended. */
#include "space.inc"
        BEGIN
        SPAWN   a                       /* 2 */
        WAIT_ANY
        IS      1, 2
        ENDED   2, 0
        SPAWN   leaves                  /* the machine itself adopts nobody */
        WAIT_ANY
        ENDED   3, 0
        PAUSE   1
        PROCESS 4, 2, 0
        WORD_IS 5, PARENT, 0
        WAIT_ANY
        IS      6, -ECHILD
        SPAWN   middle                  /* nor a zombie, which is freed */
        WAIT_ANY
        ENDED   26, 0
        PAUSE   4
        COUNT   27, 1
        DONE

a:      ENTER   7
        SPAWN   leaves                  /* the 2nd, with the 3rd */
        NTH     a0, 1
        WAIT
        IS_NTH  8, 1
        PROCESS 9, 1, 0                 /* in the second slot that is seen */
        WORD_IS_NTH 10, PID, 2
        WORD_IS 11, PARENT, 1
        WAIT_ANY
        IS_NTH  12, 2
        la      t0, ended
        lw      a0, 0(t0)
        IS      13, 5 << 8
        SPAWN   parent                  /* the 4th, the 5th and the 6th, which is a zombie when the 5th ends */
        WAIT_ANY
        IS_NTH  14, 5
        la      t0, ended
        lw      a0, 0(t0)
        IS      15, 6 << 8
        WAIT_ANY
        IS_NTH  16, 3
        ENDED   17, 0
        WAIT_ANY                        /* the 5th has been a child of the 4th, which has not waited for it */
        IS_NTH  24, 4
        ENDED   25, 0
        SPAWN   starts                  /* the 7th, and the 8th, the first of its own space */
        WAIT_ANY
        IS_NTH  18, 6
        WAIT_ANY
        IS_NTH  19, 7
        la      t0, ended
        lw      a0, 0(t0)
        IS      20, 7 << 8
        WAIT_ANY
        IS      21, -ECHILD
        DONE

leaves: SPAWN   stays
        DONE
stays:  PAUSE   4
        DONE    5

parent: SPAWN   middle
        PAUSE   6
        DONE
middle: SPAWN   zombie
        PAUSE   1
        DONE
zombie: DONE    6

starts: SPAWN   inner
        PAUSE   1
        DONE
inner:  ENTER   22
        CALL    GETPID
        IS      23, 1
        PAUSE   2
        DONE    7
        END
