/* end.S - with the first process a space ends: all that is in it and within, what came in from outside as well, and nothing
 * else. */
#include "space.inc"
        BEGIN
        SPAWN   forever                 /* 2 */
        SPAWN   a                       /* 3 */
        PAUSE   1
        SPAWN   joins
        PAUSE   8
        li      a0, 3
        WAIT
        ENDED   1, 0
        WAIT_ANY
        ENDED   2, KILLED
        COUNT   3, 2
        CALL    KILL, 2, 0
        IS      4, 0
        SPAWN   b
        mv      s1, a0
        PAUSE   1
        COUNT   5, 5
        mv      a0, s1
        li      a1, SIGKILL
        li      a7, KILL
        syscall
        IS      6, 0
        WAIT_ANY
        ENDED   7, KILLED
        PAUSE   1
        COUNT   8, 2
        DONE
forever:
        FOREVER
joins:  CALL    JOIN, 3
        IS      9, 0
        FOREVER

a:      ENTER   10
        SPAWN   forever                 /* the 2nd */
        SPAWN   last                    /* the 3rd, which is not the first and ends nothing */
        WAIT_ANY
        IS_NTH  11, 2
        ENDED   12, 0
        SPAWN   nested                  /* the 4th, with the 5th and the 6th */
        NTH     a0, 3
        WAIT
        IS_NTH  13, 3
        ENDED   14, 0
        PAUSE   1
        CALL_NTH KILL, 4, 0
        IS      15, -ESRCH
        CALL_NTH KILL, 5, 0
        IS      16, -ESRCH
        CALL_NTH KILL, 1, 0
        IS      17, 0
        SPAWN   b
        SPAWN   family                  /* which is orphaned when nobody is left to adopt */
        PAUSE   2
        DONE
last:   DONE
family: SPAWN   forever
        FOREVER

nested: ENTER   18
        SPAWN   forever
        SPAWN   deeper
        PAUSE   1
        DONE
deeper: FOREVER

b:      ENTER   19
        SPAWN   inner
        FOREVER
inner:  ENTER   20
        SPAWN   forever
        FOREVER
        END
