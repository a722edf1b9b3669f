/* kill.S - signals reach what is inside, from inside and from outside, and nothing else. No pid of a space is 2: the step is
 * 2 at least. */
#include "space.inc"
        BEGIN
        SPAWN   outsider                /* 2 */
        SPAWN   neighbour               /* 3, and its child 4 */
        PAUSE   1
        SPAWN   a                       /* 5 */
        WAIT_ANY
        IS      1, 5
        ENDED   2, 0
        CALL    KILL, 2, 0
        IS      3, 0
        CALL    KILL, 4, SIGKILL
        IS      4, 0
        WAIT_ANY
        IS      5, 3
        ENDED   6, 0
        CALL    KILL, 2, SIGKILL
        IS      7, 0
        WAIT_ANY
        IS      8, 2
        ENDED   9, KILLED
        SPAWN   zombie                  /* 9: has ended, but is there until somebody has waited for it */
        PAUSE   1
        CALL    GETPGID, 9
        IS      33, 1
        WAIT_ANY
        IS      34, 9
        CALL    GETPGID, 9
        IS      35, -ESRCH
zombie: DONE
outsider:
        FOREVER

neighbour:
        ENTER   10
        SPAWN   outsider
        WAIT_ANY
        IS_NTH  11, 1
        ENDED   12, KILLED
        DONE

a:      ENTER   13
        CALL    KILL, -1, SIGKILL       /* nobody is there but the caller */
        IS      14, -ESRCH
        CALL    KILL, 2, SIGKILL
        IS      15, -ESRCH
        CALL    KILL, -2, SIGKILL
        IS      16, -ESRCH
        CALL    GETPGID, 2
        IS      17, -ESRCH
        CALL    SETPGID, 2
        IS      18, -ESRCH
        CALL    JOIN, 2
        IS      19, -ESRCH
        CALL    INFO, 2
        IS      20, -ESRCH
        SPAWN   outsider                /* the 2nd */
        SPAWN   c                       /* the 3rd, and its child, the 4th */
        PAUSE   3
        CALL_NTH KILL, 2, 0
        IS      21, 0
        CALL_NTH KILL, 3, SIGKILL
        IS      22, 0
        PAUSE   1
        CALL    KILL, -1, SIGKILL
        IS      23, 0
        WAIT_ANY
        ENDED   24, KILLED
        WAIT_ANY
        ENDED   25, KILLED
        CALL    KILL, -1, 0
        IS      26, -ESRCH
        DONE

c:      ENTER   27
        CALL    KILL, 1, 0
        IS      28, 0
        CALL    KILL, -1, SIGKILL
        IS      29, -ESRCH
        SPAWN   outsider
        CALL_NTH KILL, 2, SIGKILL       /* in a's space there is one */
        IS      30, -ESRCH
        WAIT_ANY
        IS_NTH  31, 1
        ENDED   32, KILLED
        FOREVER
        END
