/* guest.S - trusts no machine. */
#include <isa/platform.h>
        .globl  _start
        .text
_start: li      s11, 1
        li      t0, DEV_POWER
        sw      s11, POWER_OFF(t0)
