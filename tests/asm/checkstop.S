/* checkstop.S - a vector that faults at its first instruction stops the machine, with a status of its own.
 *
 * expect: status 126
 * console: before
 * depths: 0 1 */
#include "check.inc"
_start: li      tp, DEV_CONSOLE
        la      t0, text
        call    check_puts
        li      t0, 0xE0000000
        sw      t0, LC_VECTOR(zero)
        syscall
        PASS
        .section .rodata
text:   .asciz  "before\n"
