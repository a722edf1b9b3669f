/* branch.S - every branch, taken and not, forwards and backwards, over signed and unsigned borders.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
/* a0 tells whether the branch was taken */
#define BR(op, x, y, taken) li a1, x; li a2, y; li a0, 1; op a1, a2, 1f; li a0, 0; 1: CHECK(a0, taken)
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   BR(beq, 5, 5, 1)
        BR(beq, 5, 6, 0)
        BR(beq, 0x80000000, 0, 0)
        BR(bne, 5, 5, 0)
        BR(bne, 5, 6, 1)
        BR(bne, 0x80000000, 0, 1)
        BR(blt, 4, 5, 1)
        BR(blt, 5, 5, 0)
        BR(blt, 5, 4, 0)
        BR(blt, -1, 0, 1)
        BR(blt, 0x80000000, 0x7FFFFFFF, 1)
        BR(blt, 0x7FFFFFFF, 0x80000000, 0)
        BR(bge, 4, 5, 0)
        BR(bge, 5, 5, 1)
        BR(bge, 5, 4, 1)
        BR(bge, -1, 0, 0)
        BR(bge, 0x80000000, 0x7FFFFFFF, 0)
        BR(bge, 0x7FFFFFFF, 0x80000000, 1)
        BR(bltu, 4, 5, 1)
        BR(bltu, 5, 5, 0)
        BR(bltu, 5, 4, 0)
        BR(bltu, -1, 0, 0)
        BR(bltu, 0x80000000, 0x7FFFFFFF, 0)
        BR(bltu, 0x7FFFFFFF, 0x80000000, 1)
        BR(bgeu, 4, 5, 0)
        BR(bgeu, 5, 5, 1)
        BR(bgeu, 5, 4, 1)
        BR(bgeu, -1, 0, 1)
        BR(bgeu, 0x80000000, 0x7FFFFFFF, 1)
        BR(bgeu, 0x7FFFFFFF, 0x80000000, 0)
        li      a0, 0                           # backwards: sum of 1 .. 10
        li      a1, 10
1:      add     a0, a0, a1
        addi    a1, a1, -1
        bne     a1, zero, 1b
        CHECK(a0, 55)
        break
