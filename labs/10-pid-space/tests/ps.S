/* ps.S - who is listed, in a space and in one within, and whom as whose parent. */
#include "space.inc"
        BEGIN
        SPAWN   outsider
        SPAWN   a
        PAUSE   6
        COUNT   1, 6
        PROCESS 2, 2, 0
        WORD_IS 3, PID, 3
        WORD_IS 4, PARENT, 1
        PROCESS 5, 5, 0
        WORD_IS 6, PID, 6
        WORD_IS 7, PARENT, 5
        WAIT_ANY
        IS      8, 3
        ENDED   9, 0
        DONE
outsider:
        FOREVER

a:      ENTER   10
        SPAWN   b
        SPAWN   c
        PAUSE   4
        COUNT   11, 4
        PROCESS 12, 0, 0
        WORD_IS 13, PID, 1
        WORD_IS 14, PARENT, 0
        PROCESS 15, 1, 0
        WORD_IS_NTH 16, PID, 1
        WORD_IS 17, PARENT, 1
        PROCESS 18, 3, 0
        WORD_IS_NTH 19, PID, 3
        WORD_IS_NTH 20, PARENT, 2
        PROCESS 21, 4, -ESRCH
        NTH     a0, 2
        WAIT
        ENDED   22, 0
        DONE
b:      FOREVER

c:      ENTER   23
        SPAWN   d
        PAUSE   2
        COUNT   24, 2
        PROCESS 25, 0, 0
        WORD_IS 26, PID, 1
        WORD_IS 27, PARENT, 0
        PROCESS 28, 1, 0
        WORD_IS_NTH 29, PID, 1
        WORD_IS 30, PARENT, 1
        PROCESS 31, 2, -ESRCH
        PAUSE   8
        DONE
d:      FOREVER
        END
