/* second.S - falls through the hole of the student's second CPU, whichever of the three it is. */
#include <isa/platform.h>
#define VA 0x00400000
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        .if     {seed.second:0..2} == 0

        li      t1, 0x5555              # mfst leaves it as it was
        mv      a0, t1
        mfst    a0
        sub     a0, a0, t1
        seqz    a0, a0

        .elseif {seed.second:0..2} == 1

        la      t1, page                # without X: a fetch from there traps, and tells whether the entry is there
        ori     t1, t1, TLB_R
        li      t0, VA
        tlbw    t0, t1                  # is lost
        sw      t0, LC_PC(zero)
        li      t0, ST_T
        sw      t0, LC_STATUS(zero)
        rfe

        .else

        la      t0, off
        sw      t0, LC_PC(zero)
        li      a0, 0
        rfe
        li      a0, 1                   # the rfe is lost: the kernel goes on behind it

        .endif
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
handler: lw     a0, LC_CAUSE(zero)
        addi    a0, a0, -CAUSE_FETCH_PROT
        j       off
        .bss
        .balign PAGE_SIZE
page:   .space  PAGE_SIZE
