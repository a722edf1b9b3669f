/* translation.S - a kernel that does one thing as many thousand times as its first boot argument says (one digit):
 * nothing (-DNOTHING), reading STATUS (-DREAD), interrupts off and on (-DTOGGLE), another ASID in STATUS (-DOTHER). */
#include <isa/platform.h>
        .globl  _start
_start: li      t1, DEV_FACTS
        lw      s0, FACTS_ARGS(t1)
        lbu     s0, 0(s0)
        addi    s0, s0, -'0'
        li      t0, 1000
        mul     s0, s0, t0
        li      s4, 1 << ST_ASID_SHIFT
        li      s3, 0
1:
#if defined READ
        mfst    a0
#elif defined TOGGLE
        mfst    a0
        andi    a0, a0, ~ST_IE
        mtst    a0
        mtst    a0
#elif defined OTHER
        xor     s3, s3, s4
        mtst    s3
#endif
        addi    s0, s0, -1
        bnez    s0, 1b
        li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
