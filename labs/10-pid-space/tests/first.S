/* first.S - a space with three processes, and how their parent outside numbers the first. */
#include "space.inc"
        BEGIN
        CALL    GETPID
        IS      1, 1
        SPAWN   first
        IS      2, 2
        WAIT_ANY
        IS      3, 2
        ENDED   4, 0
        DONE
first:  ENTER   5
        CALL    GETPID
        IS      6, 1
        SPAWN   second
        IS_NTH  7, 1
        WAIT_ANY
        IS_NTH  8, 1
        ENDED   9, 0
        SPAWN   third
        IS_NTH  10, 2
        NTH     a0, 2
        WAIT
        IS_NTH  11, 2
        ENDED   12, 0
        DONE
second: CALL    GETPID
        IS_NTH  13, 1
        DONE
third:  CALL    GETPID
        IS_NTH  14, 2
        DONE
        END
