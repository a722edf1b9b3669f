/* status.S - what mfst shows and mtst does, computed by the unit or not. */
#include "probe.inc"
        .globl  _start
_start: mfst    a0
        CHECK(a0, 0, "STATUS at reset")
        li      a1, ASID(5)
        mtst    a1
        mfst    a0
        CHECK(a0, ASID(5), "STATUS after mtst of another ASID")
        li      a1, -1
        li      a2, ~(ST_T | ST_U | ST_IE)
        and     a1, a1, a2
        mtst    a1
        mfst    a0
        CHECK(a0, ASID(255), "mtst of -1 without T, U and IE: bits that do not exist")
        mtst    zero
        mfst    a0
        CHECK(a0, 0, "STATUS after mtst zero")
        li      a1, ST_U
        la      a3, asks
        sw      a3, LC_PC(zero)
        TRY(ST_U, 0, asks)
        CAUSE_IS(CAUSE_PRIVILEGED, "a load of STATUS in user mode, behind a break of the kernel's own")
        PASS
asks:   tlbi    zero, 0
