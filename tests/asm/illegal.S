/* illegal.S - undefined opcodes and stray bits are illegal instructions in both modes; they do not retire.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      s0, words
1:      lw      a0, 0(s0)
        la      t0, spot
        sw      a0, 0(t0)
        TRY(ST_IE, 5, spot)
        PC_WAS(spot)
        CHECK_WORD(LC_CAUSE, CAUSE_ILLEGAL)
        CHECK_WORD(LC_STATUS, ST_IE)
        CHECK_WORD(LC_TIMER, 5)
        CHECK_WORD(LC_BADVA, 0)
        lw      a1, LC_BADINST(zero)
        CHECK_SAME(a1, a0)
        TRY(ST_U | ST_IE, 5, spot)
        PC_WAS(spot)
        CHECK_WORD(LC_CAUSE, CAUSE_ILLEGAL)
        CHECK_WORD(LC_STATUS, ST_U | ST_IE)
        CHECK_WORD(LC_TIMER, 5)
        CHECK_WORD(LC_BADVA, 0)
        lw      a1, LC_BADINST(zero)
        CHECK_SAME(a1, a0)
        addi    s0, s0, 4
        la      t0, words_end
        bne     s0, t0, 1b
        PASS
spot:   .word   0
        break
        .balign 4
# Opcodes without a row in isa/pg32.def. A new instruction that takes one of them takes it out of this list.
words:  .word   0, 1, 0xFFFFFFFF, 0x7FFFFFFF
        .word   0x01 << 25, 0x0F << 25, 0x1A << 25, 0x1F << 25, 0x28 << 25, 0x2F << 25, 0x39 << 25, 0x3B << 25
        .word   0x3E << 25, 0x3F << 25, 0x45 << 25, 0x47 << 25, 0x4B << 25, 0x4F << 25, 0x56 << 25, 0x57 << 25
        .word   0x5A << 25, 0x5B << 25, 0x5E << 25, 0x5F << 25, 0x63 << 25, 0x6F << 25, 0x76 << 25, 0x7F << 25
        # format R: each of the ten low bits is reserved
        .word   WORD_R(PG32_OP_add, 10, 11, 12) | 1, WORD_R(PG32_OP_add, 10, 11, 12) | 1 << 9, WORD_R(PG32_OP_remu, 0, 0, 0) | 1 << 5
        # fields that are not used
        .word   WORD_R(PG32_OP_syscall, 1, 0, 0), WORD_R(PG32_OP_syscall, 0, 1, 0), WORD_R(PG32_OP_syscall, 0, 0, 1), PG32_OP_syscall << 25 | 1
        .word   WORD_R(PG32_OP_break, 31, 0, 0), WORD_R(PG32_OP_hcall, 0, 16, 0), WORD_R(PG32_OP_fence, 0, 0, 1), PG32_OP_fence << 25 | 0xFF
        .word   WORD_R(PG32_OP_mfst, 10, 1, 0), WORD_R(PG32_OP_mfst, 10, 0, 1), PG32_OP_mfst << 25 | 10 << 20 | 1
        .word   WORD_R(PG32_OP_mtst, 1, 10, 0), WORD_R(PG32_OP_mtst, 0, 10, 1)
        .word   WORD_R(PG32_OP_rfe, 1, 0, 0), WORD_R(PG32_OP_wait, 0, 0, 1), PG32_OP_rfe << 25 | 1
        .word   WORD_R(PG32_OP_tlbw, 1, 10, 11), WORD_R(PG32_OP_tlbw, 0, 10, 11) | 1
        .word   WORD_I(PG32_OP_tlbi, 1, 10, 0), WORD_I(PG32_OP_tlbi, 0, 10, 3), WORD_I(PG32_OP_tlbi, 0, 10, 0x4000)
        # shift amounts above 31
        .word   WORD_I(PG32_OP_slli, 10, 11, 32), WORD_I(PG32_OP_srli, 10, 11, 0x4000), WORD_I(PG32_OP_srai, 10, 11, -1)
words_end:
