/* return.S - one rfe into user mode and a trap back. Every other probe needs both. */
#include "probe.inc"
_start: li      a0, 0
        TRY(ST_U | ASID(3), 100, program)
        CAUSE_IS(CAUSE_BREAK, "break by a program in user mode")
        PC_IS(behind, "break by a program in user mode")
        STATUS_IS(ST_U | ASID(3), "break by a program in user mode")
        CHECK(a0, 1, "instructions of the program before its break")
        TRY(ST_U, 100, program)
        STATUS_IS(ST_U, "break by a program in user mode, again")
        PASS
program: addi   a0, a0, 1
        break
behind:
