/* words.S - what a trap leaves in the low core, where it leads to, and what STATUS is then. All traps come from
 * kernel mode, without rfe. */
#include "probe.inc"
/* Executes one instruction; the trap must say `cause` and PC = its address + `after`. */
#define HIT(what, cause, after, badva, badinst, ...) \
  li s9, -1; sw s9, LC_PC(zero); sw s9, LC_STATUS(zero); sw s9, LC_CAUSE(zero); sw s9, LC_BADVA(zero); \
  sw s9, LC_BADINST(zero); la s9, 9f; sw s9, LC_VECTOR(zero); la s8, 7f; \
  7: __VA_ARGS__; CHECK(zero, 1, what " did not trap"); \
  9: CAUSE_IS(cause, what); addi s8, s8, after; lw s9, LC_PC(zero); CHECK_SAME(s9, s8, what ": the saved PC, E[0x00]"); \
  STATUS_IS(ASID(0x21), what); BADVA_IS(badva, what); BADINST_IS(badinst, what)
_start: li      a0, ASID(0x21)
        mtst    a0
        HIT("syscall", CAUSE_SYSCALL, 4, 0, PG32_OP_syscall << 25, syscall)
        mfst    a0
        CHECK(a0, ASID(0x21), "STATUS in the handler: kernel mode, IE=0, T=0, the same ASID")
        HIT("hcall", CAUSE_HCALL, 4, 0, PG32_OP_hcall << 25, hcall)
        HIT("break", CAUSE_BREAK, 4, 0, PG32_OP_break << 25, break)
        HIT("an illegal word", CAUSE_ILLEGAL, 0, 0, 0x12345678, .word 0x12345678)
        HIT("the word 0", CAUSE_ILLEGAL, 0, 0, 0, .word 0)
        HIT("a misaligned load", CAUSE_LOAD_MISALIGNED, 0, 0x101, WORD_I(PG32_OP_lw, 10, 0, 0x101), lw a0, 0x101(zero))
        HIT("a misaligned store", CAUSE_STORE_MISALIGNED, 0, 0x103, WORD_I(PG32_OP_sh, 10, 0, 0x103), sh a0, 0x103(zero))
        HIT("a misaligned jump", CAUSE_FETCH_MISALIGNED, 0, 0x102, WORD_I(PG32_OP_jalr, 1, 0, 0x102), jalr ra, 0x102(zero))
        HIT("a privileged instruction with a stray bit", CAUSE_ILLEGAL, 0, 0, PG32_OP_rfe << 25 | 1, .word PG32_OP_rfe << 25 | 1)

        # the vector is read at each trap
        la      s0, first
        sw      s0, LC_VECTOR(zero)
        syscall
        CHECK(zero, 1, "a trap led nowhere")
second: li      a1, 2
        j       3f
first:  la      s0, second
        sw      s0, LC_VECTOR(zero)
        li      a1, 1
        syscall
        CHECK(zero, 1, "a trap led nowhere")
3:      CHECK(a1, 2, "which of two vectors was taken, the second having been stored in between")

        # a trap writes six words and no more
        li      a0, 0x77
        sw      a0, 0x1C(zero)
        sw      a0, LC_FREE(zero)
        HIT("syscall", CAUSE_SYSCALL, 4, 0, PG32_OP_syscall << 25, syscall)
        CHECK_WORD(0x1C, 0x77, "E[0x1C], which no trap writes")
        CHECK_WORD(LC_FREE, 0x77, "E[0x40], which no trap writes")

        # a trap in a handler, after an instruction, is a trap like any other
        la      s0, handler
        sw      s0, LC_VECTOR(zero)
        li      a2, 0
        syscall
handler: addi   a2, a2, 1
        li      a3, 3
        beq     a2, a3, 4f
fault:  lw      a0, 1(zero)
4:      PC_IS(fault, "a fault in a handler")
        CAUSE_IS(CAUSE_LOAD_MISALIGNED, "a fault in a handler")
        PASS
