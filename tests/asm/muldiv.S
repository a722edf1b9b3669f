/* muldiv.S - multiplication and division: signs, high words, and the quotients that do not exist.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define OP(op, x, y, z) li a1, x; li a2, y; op a0, a1, a2; CHECK(a0, z)
#define MIN 0x80000000
#define MAX 0x7FFFFFFF
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   OP(mul, 7, -6, -42)
        OP(mul, 0x10000, 0x10000, 0)
        OP(mul, 0x12345678, 0x9ABCDEF0, 0x242D2080)
        OP(mul, MIN, -1, MIN)
        OP(mulh, 7, -6, -1)
        OP(mulh, MIN, MIN, 0x40000000)
        OP(mulh, MIN, MAX, 0xC0000000)
        OP(mulh, -1, -1, 0)
        OP(mulh, MAX, MAX, 0x3FFFFFFF)
        OP(mulhu, -1, -1, 0xFFFFFFFE)
        OP(mulhu, MIN, MIN, 0x40000000)
        OP(mulhu, MIN, 2, 1)
        OP(mulhu, 0x12345678, 0x9ABCDEF0, 0x0B00EA4E)
        OP(mulhsu, -1, -1, -1)
        OP(mulhsu, 1, -1, 0)
        OP(mulhsu, MIN, -1, 0x80000000)
        OP(mulhsu, -1, 1, -1)
        OP(mulhsu, MAX, -1, 0x7FFFFFFE)
        OP(div, 7, 2, 3)
        OP(div, -7, 2, -3)
        OP(div, 7, -2, -3)
        OP(div, -7, -2, 3)
        OP(div, 7, 0, -1)
        OP(div, -7, 0, -1)
        OP(div, 0, 0, -1)
        OP(div, MIN, -1, MIN)
        OP(div, MIN, 1, MIN)
        OP(divu, 7, 2, 3)
        OP(divu, -7, 2, 0x7FFFFFFC)
        OP(divu, 7, 0, 0xFFFFFFFF)
        OP(divu, MIN, -1, 0)
        OP(rem, 7, 2, 1)
        OP(rem, -7, 2, -1)
        OP(rem, 7, -2, 1)
        OP(rem, -7, -2, -1)
        OP(rem, 7, 0, 7)
        OP(rem, -7, 0, -7)
        OP(rem, MIN, -1, 0)
        OP(remu, 7, 2, 1)
        OP(remu, -7, 2, 1)
        OP(remu, 7, 0, 7)
        OP(remu, MIN, -1, MIN)
        li      a0, 100                         # destination and sources may be one
        li      a1, 7
        rem     a1, a0, a1
        CHECK(a1, 2)
        div     a0, a0, a0
        CHECK(a0, 1)
        break
