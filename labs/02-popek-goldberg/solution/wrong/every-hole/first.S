/* Tries one hole after the other, in kernel mode. */
#include <isa/platform.h>
        .globl  _start
_start: la      t0, 1f
        sw      t0, LC_VECTOR(zero)
        li      a0, 5
        mfst    a0                      # 0, unless it shows another STATUS or does nothing
        bnez    a0, off
        li      a0, 7 << ST_ASID_SHIFT
        mtst    a0
        break
1:      lw      a0, LC_STATUS(zero)
        srli    a0, a0, ST_ASID_SHIFT
        addi    a0, a0, -7
        bnez    a0, off
        la      t0, 2f
        sw      t0, LC_VECTOR(zero)
        li      t0, 0x00400000
        li      t1, 0x2000 | TLB_R
        ori     t2, t0, 7
        tlbw    t2, t1
        sw      t0, LC_PC(zero)
        li      t0, ST_T | 7 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        rfe
        li      a0, 1                   # an rfe that does nothing
        j       off
2:      lw      a0, LC_CAUSE(zero)
        addi    a0, a0, -CAUSE_FETCH_PROT
        bnez    a0, off
        la      t0, 3f
        sw      t0, LC_VECTOR(zero)
        tlbi    zero, TLBI_ALL
        rfe
3:      lw      a0, LC_CAUSE(zero)
        addi    a0, a0, -CAUSE_FETCH_MISS
        bnez    a0, off
        la      t0, 4f
        sw      t0, LC_PC(zero)
        li      t0, 100000
        sw      t0, LC_TIMER(zero)
        sw      zero, LC_STATUS(zero)
        rfe
4:      li      t0, DEV_CLOCK
        lw      t1, CLOCK_LO(t0)
        wait
        lw      t2, CLOCK_LO(t0)
        sub     a0, t2, t1
        sltiu   a0, a0, 1000
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
