/* levels.S - three containers in each other: each of four processes is asked for by each that sees it.
 *
 *   process  machine   a's space   b's space   c's space
 *   main     1
 *   a        2         1
 *   b        3         2nd         1
 *   c        4         3rd         2nd         1
 *   d        5         4th         3rd         2nd */
#include "space.inc"
        BEGIN
        SPAWN   a
        IS      1, 2
        PAUSE   8
        li      a0, 5
        ABOUT   2
        WORD_IS 3, LEVEL, 3
        WORD_IS 4, FIRST, 4
        WORD_IS_NTH 5, SELF, 1
        li      a0, 3
        ABOUT   6
        WORD_IS 7, LEVEL, 2
        WORD_IS 8, FIRST, 3
        WORD_IS 9, SELF, 1
        CALL    GETPGID, 2              /* it has come in from the machine, with a group of its own */
        IS      43, 2
        CALL    GETPGID, 3              /* to the machine it still belongs to that of its parent */
        IS      44, 2
        COUNT   10, 5
        WAIT_ANY
        IS      11, 2
        ENDED   12, 0
        DONE

a:      ENTER   13
        SPAWN   b
        IS_NTH  14, 1
        PAUSE   6
        NTH     a0, 3
        ABOUT   15
        WORD_IS 16, LEVEL, 2
        WORD_IS_NTH 17, FIRST, 2
        WORD_IS_NTH 18, SELF, 1
        COUNT   19, 4
        WAIT_ANY
        IS_NTH  20, 1
        ENDED   21, 0
        DONE

b:      ENTER   22
        CALL    GETPID
        IS      23, 1
        SPAWN   c
        IS_NTH  24, 1
        PAUSE   4
        NTH     a0, 2
        ABOUT   25
        WORD_IS 26, LEVEL, 1
        WORD_IS_NTH 27, FIRST, 1
        WORD_IS_NTH 28, SELF, 1
        COUNT   29, 3
        WAIT_ANY
        IS_NTH  30, 1
        ENDED   31, 0
        DONE

c:      CALL    GETPID
        IS_NTH  32, 1
        ENTER   33
        CALL    GETPID
        IS      34, 1
        SPAWN   d
        IS_NTH  35, 1
        PAUSE   2
        NTH     a0, 1
        ABOUT   36
        WORD_IS 37, LEVEL, 0
        WORD_IS 38, FIRST, 1
        COUNT   39, 2
        WAIT_ANY
        IS_NTH  40, 1
        ENDED   41, 0
        DONE

d:      CALL    GETPID
        IS_NTH  42, 1
        PAUSE   20
        DONE
        END
