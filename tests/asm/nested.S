/* nested.S - a trap in a handler after retired instructions is a trap like any other; it overwrites the words.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      s0, handler
        sw      s0, LC_VECTOR(zero)
        li      s1, 0
        li      s2, 4
        syscall
after:  CHECK(zero, 1)
handler:
        addi    s1, s1, 1               # two instructions, and the third faults: back here
        beq     s1, s2, done
bad:    lw      a0, 1(zero)
done:   PC_WAS(bad)                     # the words are those of the last trap
        TRAP_WAS(CAUSE_LOAD_MISALIGNED, 0, 0, 1, WORD_I(PG32_OP_lw, 10, 0, 1))
        PASS
