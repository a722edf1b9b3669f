/* checkstop2.S - check-stop needs a trap with nothing retired since the one before: `rfe` retires.
 *
 * expect: status 126
 * console: twice
 * depths: 0 1 */
#include "check.inc"
_start: TRY(ST_IE, 0, here)             # an interrupt, and again at once: the rfe between them retires
        TRY(ST_IE, 0, here)
        TRY_VA(0, 0, 2)                 # rfe into a fault, and again
        TRY_VA(0, 0, 2)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISALIGNED)
        la      s0, twice               # a handler may fault at its second instruction
        sw      s0, LC_VECTOR(zero)
        li      s1, 2
        syscall
twice:  addi    s1, s1, -1
        bnez    s1, here
        li      tp, DEV_CONSOLE
        la      t0, text
        call    check_puts
        la      t0, here                # but not at its first
        sw      t0, LC_VECTOR(zero)
        break
        PASS
here:   .word   0
        .section .rodata
text:   .asciz  "twice\n"
