/* checkstop.S - the first instruction of the handler faults, as it would for ever. The machine stops, with status
 * 126. */
#include "probe.inc"
_start: la      s0, handler
        sw      s0, LC_VECTOR(zero)
        syscall
handler: lw     a0, 1(zero)
        PASS
