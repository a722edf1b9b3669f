/* alui.S - arithmetic with an immediate, lui, auipc, and the sizes of li.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define OP(op, x, y, z) li a1, x; op a0, a1, y; CHECK(a0, z)
_start: la      a0, body
        j       all_modes
        .balign PAGE_SIZE
body:   OP(addi, 5, 6, 11)
        OP(addi, 0, -16384, -16384)             # the ends of 15 bits
        OP(addi, 0, 16383, 16383)
        OP(addi, 0x7FFFFFFF, 1, 0x80000000)
        OP(addi, 0x80000000, -1, 0x7FFFFFFF)
        OP(slti, -5, -4, 1)
        OP(slti, -4, -4, 0)
        OP(slti, 0x80000000, -16384, 1)
        OP(slti, 0x7FFFFFFF, -1, 0)
        OP(sltiu, 0, -1, 1)                     # the immediate is sign-extended, then unsigned
        OP(sltiu, 0xFFFFBFFF, -16384, 1)
        OP(sltiu, 0xFFFFC000, -16384, 0)
        OP(sltiu, 1, 1, 0)
        OP(sltiu, 0, 1, 1)
        OP(xori, 0x00FF00FF, -1, 0xFF00FF00)
        OP(xori, 0xF0, 0x0FF, 0x0F)
        OP(ori, 0x80000000, -16384, 0xFFFFC000)
        OP(ori, 0x100, 0x3FFF, 0x3FFF)
        OP(andi, 0xFFFFFFFF, -16384, 0xFFFFC000)
        OP(andi, 0xFFFFFFFF, 0x3FFF, 0x3FFF)
        OP(slli, 1, 31, 0x80000000)
        OP(slli, 0x80000001, 0, 0x80000001)
        OP(slli, 0x80000001, 1, 2)
        OP(srli, 0x80000000, 31, 1)
        OP(srli, 0xFFFFFFFF, 16, 0xFFFF)
        OP(srai, 0x80000000, 31, -1)
        OP(srai, 0x80000000, 4, 0xF8000000)
        OP(srai, 0x40000000, 4, 0x04000000)
        lui     a0, 0xFFFFF
        CHECK(a0, 0xFFFFF000)
        lui     a0, 1
        CHECK(a0, 0x1000)
        lui     a0, 0
        CHECK(a0, 0)
here:   auipc   a0, 0
        CHECK_ADDR(a0, here)
        auipc   a1, 0xFFFFF                     # one page back
there:  addi    a1, a1, 4
        li      a2, 4096
        add     a1, a1, a2
        CHECK_ADDR(a1, there)
        jal     ra, 1f                          # li: one word inside 15 bits, two outside
1:      li      a0, 16383
        jal     a1, 2f
2:      sub     a1, a1, ra
        CHECK(a1, 8)
        jal     ra, 3f
3:      li      a0, 16385
        jal     a1, 4f
4:      sub     a1, a1, ra
        CHECK(a1, 12)
        break
