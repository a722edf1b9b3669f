# hostile.S - a guest that keeps its VMM and the host's kernel as busy as it can: interrupts off, an exit with almost
# every instruction, lies about who it is, a TLB that changes all the time. It never ends.
#include <isa/platform.h>

        .globl  _start
_start: li      s0, DEV_CONSOLE
        li      s1, DEV_CLOCK
        li      s2, 0x00400000
        la      t0, again
        sw      t0, LC_VECTOR(zero)
again:  mtst    zero
        mark    MARK_PROC, s2, s1
        mark    MARK_IDLE, zero, zero
        tlbw    s2, s2
        tlbi    s2, TLBI_ASID
        lw      a0, CLOCK_LO(s1)
        lw      a0, CONSOLE_STATUS(s0)
        sb      a0, CONSOLE_DATA(s0)    # a bus error, reflected to `again` ...
        j       again
