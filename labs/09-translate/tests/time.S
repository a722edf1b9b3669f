/* time.S - interrupts come after the right instruction, when they are turned on. */
#include "probe.inc"
        .globl  _start
_start: li      a5, 0
        li      s2, 300
next:   TRY(0, 50, busy)                        # TIMER 50, interrupts off
        CAUSE_IS(CAUSE_TIMER, "the interrupt")
        lw      a1, LC_PC(zero)
        add     a5, a5, a1                      # where each interrupt came: a different place on a wrong count
        addi    s2, s2, -1
        bnez    s2, next
        PASS
busy:   addi    a4, s2, 3
1:      addi    a4, a4, -1                      # from a few instructions to many
        bnez    a4, 1b
2:      mfst    a0
        ori     a0, a0, ST_IE
        mtst    a0                              # on: it may be due already
        addi    a2, a2, 1
        andi    a0, a0, ~ST_IE
        mtst    a0                              # off
        addi    a2, a2, 2
        bnez    s2, 3f                  # always taken, with words that are to be settled
        nop
3:      mfst    t5                      # so has this jump
        j       2b
