/* kernelcode.S - what a translator of kernel code must get right: the time after each kind of jump, the registers that
 * it takes for itself, interrupts that go on and off, and code that changes after it has run.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
/* The ticks since the last TIME, in a0. */
#define TIME(n) lw a1, CLOCK_LO(s0); sub a0, a1, a2; mv a2, a1; CHECK(a0, n); lw a2, CLOCK_LO(s0)
_start: li      s0, DEV_CLOCK
        li      s8, 20
again:  lw      a2, CLOCK_LO(s0)
        TIME(1)
        call    leaf                    # a call and a return: direct, indirect, with another register
        TIME(4)
        la      t0, leaf_by_t5
        jalr    t5, 0(t0)
        TIME(6)
        la      t6, leaf_by_t6 - 8
        jalr    tp, 8(t6)
back:   mv      s2, tp
        CHECK_ADDR(s2, back)
        lw      a2, CLOCK_LO(s0)
        auipc   gp, 1                   # our own four registers, in all positions
        auipc   t5, 1
        sub     tp, t5, gp
        add     t6, tp, tp
        sub     tp, t6, tp
        beq     tp, t6, bad
        bne     tp, tp, bad
        sw      tp, 0x80(zero)
        lw      t5, 0x80(zero)
        lbu     t6, 0x80(zero)
        mv      s2, tp
        mv      s3, t5
        mv      s4, t6
        TIME(14)
        CHECK(s2, 4)
        CHECK(s3, 4)
        CHECK(s4, 4)
        la      t6, 0x80
        li      tp, 9
        sw      tp, 4(t6)
        lw      gp, 4(t6)
        mv      a0, gp
        CHECK(a0, 9)

        la      t0, bad                 # STATUS by what the code itself has computed, and by a word of memory
        sw      t0, LC_VECTOR(zero)
        la      t0, 1f
        sw      t0, LC_PC(zero)
        li      t0, ST_IE
        sw      t0, LC_STATUS(zero)
        li      t0, 100000
        sw      t0, LC_TIMER(zero)
        rfe
1:      lw      a2, CLOCK_LO(s0)
        mfst    s1
        andi    s2, s1, ~ST_IE
        mtst    s2
        mfst    s3
        mtst    s1
        mfst    s4
        sw      s1, 0x84(zero)
        TIME(8)
        CHECK(s1, ST_IE)
        CHECK(s2, 0)
        CHECK(s3, 0)
        CHECK(s4, ST_IE)
        lw      a2, CLOCK_LO(s0)
        lw      s5, 0x84(zero)
        mfst    s1
        andi    s1, s1, ~ST_IE
        mtst    s1
        j       1f
1:      mtst    s5
        mfst    s3
        mtst    zero
        mtst    zero
        mfst    s1
        mtst    s5
        mfst    s2
        mtst    zero
        TIME(14)
        CHECK(s3, ST_IE)
        CHECK(s1, 0)
        CHECK(s2, ST_IE)

        la      t0, due                 # interrupts that have become due while they were off, each way to turn them on
        sw      t0, LC_VECTOR(zero)
        li      s6, 2
next:   la      t0, 1f
        sw      t0, LC_PC(zero)
        li      t0, ST_IE
        sw      t0, LC_STATUS(zero)
        li      t0, 6
        sw      t0, LC_TIMER(zero)
        rfe
1:      mfst    s1
        andi    s2, s1, ~ST_IE
        mtst    s2
        nop
        nop
        nop
        nop
        addi    s6, s6, -1
        beqz    s6, 1f
        mtst    s1                      # known to have been the STATUS before
        li      s3, 1
        j       bad
1:      lw      s1, 0x84(zero)          # not known
        mtst    s1
        li      s3, 2
        j       bad
due:    CHECK_WORD(LC_CAUSE, CAUSE_TIMER)
        lw      s3, LC_PC(zero)
        CHECK_WORD(LC_STATUS, ST_IE)
        bnez    s6, next
        mtst    zero

        li      a0, 0                   # code that changes after it has run: the call leads there already
        li      s6, 4
        la      s7, changes
        lw      t3, 4(s7)
        lw      t4, 8(s7)
1:      call    changes
        jalr    ra, 0(s7)
        addi    s6, s6, -1
        sw      t4, 4(s7)
        mv      t1, t3
        mv      t3, t4
        mv      t4, t1
        bnez    s6, 1b
        CHECK(a0, 2 * (1 + 5 + 1 + 5))
        la      s7, 2f                  # ... just behind the store
        lw      t3, 0(s7)
        lw      t4, -8(s7)
        li      a0, 0
        sw      t4, 0(s7)
        j       2f
        addi    a0, a0, 3
        nop
2:      addi    a0, a0, 1
        CHECK(a0, 3)
        sw      t3, 0(s7)
        addi    s8, s8, -1
        bnez    s8, again
        PASS
bad:    li      a0, 1
        CHECK(a0, 0)
leaf:   addi    s9, s9, 1
        ret
leaf_by_t5:
        addi    s9, s9, 1
        jr      t5
leaf_by_t6:
        jr      tp
changes:
        nop
        addi    a0, a0, 1
        addi    a0, a0, 5
        addi    a0, a0, -5
        ret
