/* loss.S - changes STATUS with mtst, then has a trap save it, and says whether the change was lost: x86 had such an
 * instruction in POPF. It does not read STATUS itself. */
#include <isa/platform.h>
#define CHANGED (0x12 << ST_ASID_SHIFT)
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        li      t0, CHANGED
        mtst    t0
        syscall
handler:
        lw      t1, LC_STATUS(zero)
        sub     t0, t1, t0
        snez    t0, t0
        li      t2, DEV_POWER
        sw      t0, POWER_OFF(t2)
