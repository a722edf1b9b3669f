/* checkstop3.S - a vector that faults stops the machine after an interrupt as well.
 *
 * expect: status 126
 * depths: 0 1 */
#include "check.inc"
_start: li      t0, 0x00400000 | 2
        sw      t0, LC_VECTOR(zero)
        li      t0, ST_IE
        mtst    t0
        PASS
