/* first.S - falls through the hole of the student's first CPU, whichever of the four it is. */
#include <isa/platform.h>
#define VA 0x00400000
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        .if     {seed.first:0..3} == 0

        mfst    a0                      # shows the real STATUS: in a VM the guest's kernel runs in user mode
        andi    a0, a0, ST_U
        j       off

        .elseif {seed.first:0..3} == 1

        li      a0, 7 << ST_ASID_SHIFT  # is lost: the STATUS that a trap saves does not have it
        mtst    a0
        break

        .elseif {seed.first:0..3} == 2

        li      a0, 0
        la      t1, page                # without X: a fetch from there traps, and tells whether the entry is there
        ori     t1, t1, TLB_R
        li      t0, VA
        tlbw    t0, t1
        tlbi    zero, TLBI_ALL          # is lost: the entry stays
        sw      t0, LC_PC(zero)
        li      t0, ST_T
        sw      t0, LC_STATUS(zero)
        rfe
        j       off                     # only where an rfe does nothing

        .else

        li      a0, 0
        la      t0, 1f
        sw      t0, LC_PC(zero)
        li      t0, 100000
        sw      t0, LC_TIMER(zero)
        rfe                             # TIMER = 100000
        j       off                     # only where an rfe does nothing
1:      li      t0, DEV_CLOCK
        lw      a0, CLOCK_LO(t0)
        wait                            # is lost: no time passes
        lw      t1, CLOCK_LO(t0)
        sub     a0, t1, a0
        sltiu   a0, a0, 1000
        j       off

        .endif
handler:
        .if     {seed.first:0..3} == 1
        lw      a0, LC_STATUS(zero)
        srli    a0, a0, ST_ASID_SHIFT
        .else
        lw      a0, LC_CAUSE(zero)
        addi    a0, a0, -CAUSE_FETCH_MISS
        .endif
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
        .bss
        .balign PAGE_SIZE
page:   .space  PAGE_SIZE
