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

        li      s3, 0                           # interrupts on: after each number of instructions, at first in units that
        la      s4, 9f                          # are new
exact:  sw      s4, LC_VECTOR(zero)
        la      s5, steady
        sw      s5, LC_PC(zero)
        li      s5, ST_IE
        sw      s5, LC_STATUS(zero)
        sw      s3, LC_TIMER(zero)
        rfe
9:      CAUSE_IS(CAUSE_TIMER, "the interrupt, with interrupts on")
        addi    s3, s3, 1
        li      s5, 70
        blt     s3, s5, exact

#define STAYS_OFF(label, what) TRY(ST_IE, 30, label); CAUSE_IS(CAUSE_BREAK, what)
        STAYS_OFF(off_1, "mfst zero, mtst zero: interrupts are off")
        STAYS_OFF(off_2, "mtst behind andi with ~IE: interrupts are off")
        STAYS_OFF(off_3, "mtst of a register that and has cleared: interrupts are off")
        PASS
steady: addi    a0, zero, 1
1:      addi    a0, a0, 1
        beq     zero, zero, 2f
        nop
2:      jal     t0, 3f
        nop
3:      la      t1, 4f
        jalr    t2, 0(t1)
        nop
4:      la      t6, 5f
        jalr    zero, 4(t6)
        nop
5:      nop
        mfst    a2
        andi    a2, a2, ~ST_T
        mtst    a2
        mfst    a2
        andi    a2, a2, ST_IE
        mtst    a2
        mfst    a2
        andi    a3, a2, ~ST_IE                  # a2 still has IE
        mtst    a2
        j       1b
off_1:  mfst    zero
        mtst    zero
        j       spin
off_2:  mfst    a0
        andi    a0, a0, ~ST_IE
        mtst    a0
        j       spin
off_3:  mfst    a0
        and     a0, a0, zero
        mtst    a0
spin:   li      a1, 60
1:      addi    a1, a1, -1
        bnez    a1, 1b
        break
busy:   addi    a4, s2, 3
        li      ra, 1                           # no register of the guest's tells whether an interrupt is due
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
