/* alu.S - arithmetic of register with register.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define OP(op, x, y, z) li a1, x; li a2, y; op a0, a1, a2; CHECK(a0, z)
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   OP(add, 0, 0, 0)
        OP(add, 1, 2, 3)
        OP(add, 0x7FFFFFFF, 1, 0x80000000)
        OP(add, 0xFFFFFFFF, 1, 0)
        OP(add, 0x80000000, 0x80000000, 0)
        OP(sub, 5, 7, -2)
        OP(sub, 0, 0x80000000, 0x80000000)
        OP(sub, 0x80000000, 1, 0x7FFFFFFF)
        OP(sll, 1, 31, 0x80000000)
        OP(sll, 0x12345678, 0, 0x12345678)
        OP(sll, 0x12345678, 4, 0x23456780)
        OP(sll, 1, 32, 1)                       # only five bits of rs2 count
        OP(sll, 1, 0xFFFFFFE1, 2)
        OP(srl, 0x80000000, 31, 1)
        OP(srl, 0x80000000, 1, 0x40000000)
        OP(srl, 0xFFFFFFFF, 33, 0x7FFFFFFF)
        OP(sra, 0x80000000, 31, -1)
        OP(sra, 0x80000000, 1, 0xC0000000)
        OP(sra, 0x7FFFFFFF, 30, 1)
        OP(sra, 0x80000001, 32, 0x80000001)
        OP(slt, -1, 0, 1)
        OP(slt, 0, -1, 0)
        OP(slt, 0x80000000, 0x7FFFFFFF, 1)
        OP(slt, 5, 5, 0)
        OP(sltu, -1, 0, 0)
        OP(sltu, 0, -1, 1)
        OP(sltu, 0x7FFFFFFF, 0x80000000, 1)
        OP(sltu, 5, 5, 0)
        OP(xor, 0xFF00FF00, 0x0FF00FF0, 0xF0F0F0F0)
        OP(or, 0xFF00FF00, 0x0FF00FF0, 0xFFF0FFF0)
        OP(and, 0xFF00FF00, 0x0FF00FF0, 0x0F000F00)
        li      a0, 21                          # destination and sources may be one
        add     a0, a0, a0
        CHECK(a0, 42)
        sub     a0, a0, a0
        CHECK(a0, 0)
        li      a1, 3
        li      a0, 10
        sub     a1, a0, a1
        CHECK(a1, 7)
        break
