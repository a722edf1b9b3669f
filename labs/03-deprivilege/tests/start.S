/* start.S - one rfe into user mode and a trap back. Every other probe needs both. The boot argument is N, the word of low
 * core where the old PSW of before is kept: rfe copies it back, and the trap that comes then copies it there again. */
#include "probe.inc"
#define OLDER(at, value, what) lw a5, at(s2); CHECK(a5, value, what)
#define OLDER_FILL(at, base) li a5, 0x11111110; sw a5, at(base); li a5, 0x22222220; sw a5, at + 4(base); li a5, 0x33333330; sw a5, at + 8(base)
#define OLDER_IS(what) OLDER(0, 0x11111110, what ": E[4N]"); OLDER(4, 0x22222220, what ": E[4N + 4]"); OLDER(8, 0x33333330, what ": E[4N + 8]")
_start: call    probe_seed
        slli    s2, a0, 2
        li      a0, 0
        OLDER_FILL(0, s2)
        TRY(ST_U | ASID(3), 100, program)
        CAUSE_IS(CAUSE_BREAK, "break by a program in user mode")
        PC_IS(behind, "break by a program in user mode")
        STATUS_IS(ST_U | ASID(3), "break by a program in user mode")
        CHECK(a0, 1, "instructions of the program before its break")
        OLDER_IS("rfe, and then a break")
        TRY(ST_U, 100, program)
        STATUS_IS(ST_U, "break by a program in user mode, again")

        # rfe to a place in kernel mode, where no trap has come yet: the copy is back, three words and no more
        OLDER_FILL(0, s2)
        li      a5, 0x44444440
        sw      a5, 12(s2)
        li      a5, 0x55555550
        sw      a5, LC_CAUSE(zero)
        la      a1, 1f
        sw      a1, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        rfe
1:      CHECK_WORD(LC_CAUSE, 0x55555550, "rfe, E[0x0C]")
        mv      s2, zero
        OLDER_IS("rfe, with N = 0 for the place that rfe loads from")
        PASS
program: addi   a0, a0, 1
        break
behind:
