/* translation.S - a kernel that does one thing as many thousand times as its first boot argument says (one digit):
 * nothing (-DNOTHING), reading STATUS (-DREAD), interrupts off and on (-DTOGGLE), the same in two units (-DACROSS),
 * another ASID in STATUS (-DOTHER), a return (-DRETURN), an entry of the TLB (-DENTRY), a byte to the console (-DBYTE). */
#include <isa/platform.h>
        .globl  _start
_start: li      t1, DEV_FACTS
        lw      s0, FACTS_ARGS(t1)
        lbu     s0, 0(s0)
        addi    s0, s0, -'0'
        beqz    s0, 3f
        li      t0, 1000
        mul     s0, s0, t0
        li      s4, 1 << ST_ASID_SHIFT
        li      s3, 0
        li      s5, 0x00400004
        li      s2, DEV_CONSOLE
        li      s6, '.'
        la      ra, 2f
        la      t0, 1f
        sw      t0, LC_PC(zero)
        li      t0, ST_IE
        sw      t0, LC_STATUS(zero)
        li      t0, 1 << 30
        sw      t0, LC_TIMER(zero)
        rfe                             // interrupts on; that of the timer never comes
1:
#if defined READ
        mfst    a0
#elif defined TOGGLE
        mfst    s1
        andi    a0, s1, ~ST_IE
        mtst    a0
        mtst    s1
#elif defined ACROSS
        mfst    s1
        andi    a0, s1, ~ST_IE
        mtst    a0
        j       2f
2:      mtst    s1
#elif defined OTHER
        xor     s3, s3, s4
        mtst    s3
#elif defined ENTRY
        tlbw    s5, s5
#elif defined BYTE
        sw      s6, CONSOLE_DATA(s2)
#elif defined RETURN
        ret
#endif
2:      addi    s0, s0, -1
        bnez    s0, 1b
3:      li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)
