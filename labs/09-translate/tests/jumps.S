/* jumps.S - a jump to a misaligned address traps, and has not written its link. */
#include "probe.inc"
        .globl  _start
_start: li      t0, 77
        la      t1, target + 2
        TRY(0, 0, linked)
        CAUSE_IS(CAUSE_FETCH_MISALIGNED, "jalr t0 to a misaligned address")
        PC_IS(jump, "jalr t0 to a misaligned address")
        CHECK(t0, 77, "the link after a jump that traps")
        TRY(0, 0, plain)
        CAUSE_IS(CAUSE_FETCH_MISALIGNED, "jr to a misaligned address")
        PC_IS(plain, "jr to a misaligned address")
        la      t1, target + 1                  # bit 0 does not count
        TRY(0, 0, linked)
        CAUSE_IS(CAUSE_BREAK, "a jump to an odd address")
        CHECK_ADDR(t0, behind, "the link of the jump")
        PASS
linked:
jump:   jalr    t0, 0(t1)
behind: nop
plain:  jr      t1
target: break
