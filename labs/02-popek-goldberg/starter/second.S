/* second.S - must behave differently in a VM on pg32-hole={seed.second:2|4|7}; everywhere else it must behave the same. */
#include <isa/platform.h>
        .globl  _start
_start: li      a0, 0                   # TODO
        li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
