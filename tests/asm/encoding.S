/* encoding.S - words as the manual draws them are what the assembler makes, and do what the manual says.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define IS(word, ...) la a0, 1f; lw a0, 0(a0); CHECK(a0, word); j 2f; 1: __VA_ARGS__; 2:
_start: IS(0x60A50001, addi a0, a0, 1)          # the two that chapter 2 takes apart
        IS(0xA202FFFE, bne t0, zero, . - 8)
        IS(WORD_R(PG32_OP_add, 10, 11, 12), add a0, a1, a2)
        IS(WORD_I(PG32_OP_sw, 12, 11, 8), sw a2, 8(a1))
        IS(WORD_I(PG32_OP_lw, 12, 11, -8), lw a2, -8(a1))
        IS(WORD_I(PG32_OP_srai, 10, 11, 31), srai a0, a1, 31)
        IS(PG32_OP_lui << 25 | 10 << 20 | 0x12345, lui a0, 0x12345)
        IS(PG32_OP_jal << 25 | 10 << 20 | 0xFFFFF, jal a0, . - 4)
        IS(WORD_I(PG32_OP_jalr, 10, 11, 8), jalr a0, 8(a1))
        IS(WORD_I(PG32_OP_beq, 12, 11, 2), beq a1, a2, . + 8)
        IS(WORD_I(PG32_OP_mark, 12, 11, 5), mark 5, a1, a2)
        IS(WORD_R(PG32_OP_mfst, 10, 0, 0), mfst a0)
        IS(WORD_R(PG32_OP_mtst, 0, 11, 0), mtst a1)
        IS(WORD_R(PG32_OP_tlbw, 0, 11, 12), tlbw a1, a2)
        IS(WORD_I(PG32_OP_tlbi, 0, 11, 2), tlbi a1, 2)
        IS(PG32_OP_rfe << 25, rfe)
        IS(PG32_OP_wait << 25, wait)
        IS(PG32_OP_syscall << 25, syscall)
        IS(PG32_OP_hcall << 25, hcall)
        IS(PG32_OP_break << 25, break)
        IS(PG32_OP_fence << 25, fence)
        IS(WORD_I(PG32_OP_addi, 0, 0, 0), nop)
        IS(0, unimp)
        li      a0, 41
        .word   0x60A50001
        CHECK(a0, 42)
        PASS
