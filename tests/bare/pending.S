# pending.S - a guest that knows that it is one, and waits with interrupts off although an event is pending already:
# HCALL_WAIT comes back at once. Ours never waits so.
#include <isa/para.h>

        .globl  _start
_start: li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        li      t0, PARA_INPUT
        sw      t0, PARA_ENABLED(zero)
        la      t0, again
        sw      t0, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        li      t0, -1                  # at reset it is 0, and that ends a wait, too
        sw      t0, LC_TIMER(zero)
        li      a7, HCALL_IRET
        hcall
again:  lw      t0, PARA_PENDING(zero)
        beqz    t0, again
        li      a7, HCALL_WAIT
        hcall
        li      t0, DEV_POWER
        li      t1, 7
        sw      t1, POWER_OFF(t0)
