/* user.S - traps by a program in user mode, untranslated and translated: the guest's kernel gets every one of them,
 * also those by privileged instructions, which must not have had any effect. */
#include "probe.inc"
#define GETS(what, at, status, cause, after, badinst) \
  TRY(status, 50, at); CAUSE_IS(cause, what); STATUS_IS(status, what); PC_IS(at + (after), what); \
  BADVA_IS(0, what); BADINST_IS(badinst, what); TIMER_IS(50 - (after) / 4, what); \
  mfst a6; CHECK(a6, (status) & ST_ASID_MASK, what ": STATUS in the handler: kernel mode, IE=0, T=0, the same ASID")
#define ALL(mode, status) \
  GETS("syscall in " mode, at_syscall, status, CAUSE_SYSCALL, 4, PG32_OP_syscall << 25); \
  GETS("hcall in " mode, at_hcall, status, CAUSE_HCALL, 4, PG32_OP_hcall << 25); \
  GETS("break in " mode, at_break, status, CAUSE_BREAK, 4, PG32_OP_break << 25); \
  GETS("an illegal word in " mode, at_word, status, CAUSE_ILLEGAL, 0, 0x12345678); \
  GETS("mfst in " mode, at_mfst, status, CAUSE_PRIVILEGED, 0, WORD_R(PG32_OP_mfst, 10, 0, 0)); \
  GETS("mtst in " mode, at_mtst, status, CAUSE_PRIVILEGED, 0, WORD_R(PG32_OP_mtst, 0, 11, 0)); \
  GETS("rfe in " mode, at_rfe, status, CAUSE_PRIVILEGED, 0, PG32_OP_rfe << 25); \
  GETS("tlbw in " mode, at_tlbw, status, CAUSE_PRIVILEGED, 0, WORD_R(PG32_OP_tlbw, 0, 12, 13)); \
  GETS("tlbi in " mode, at_tlbi, status, CAUSE_PRIVILEGED, 0, WORD_I(PG32_OP_tlbi, 0, 12, 0)); \
  GETS("wait in " mode, at_wait, status, CAUSE_PRIVILEGED, 0, PG32_OP_wait << 25)
_start: la      a0, page
        ori     a1, a0, 3
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        li      a0, 0x1234
        li      a1, 0
        li      a2, 0x00400003
        li      a3, TLB_RIGHTS
        ALL("user mode", ST_U)
        ALL("user mode with IE", ST_U | ST_IE)
        ALL("user mode with IE, T and ASID 3", ST_U | ST_IE | ST_T | ASID(3))
        CHECK(a0, 0x1234, "a0 after the user's mfst a0: nothing was done")
        li      a0, 0x00400000
        li      a1, ASID(3)
        call    probe_page
        CHECK(a0, CAUSE_FETCH_MISS, "a fetch from the page of the user's tlbw: nothing was done")
        TRY(ST_U | ST_T | ASID(3), 9, at_syscall)
        CAUSE_IS(CAUSE_SYSCALL, "a fetch from a page after the user's tlbi of all: nothing was done")
        TRY(ST_IE | ST_T | ASID(3), 9, at_syscall)
        STATUS_IS(ST_IE | ST_T | ASID(3), "syscall in kernel mode with IE and T")
        PASS
        .balign PAGE_SIZE
page:
at_syscall: syscall
at_hcall: hcall
at_break: break
at_word: .word  0x12345678
at_mfst: mfst   a0
at_mtst: mtst   a1
at_rfe: rfe
at_tlbw: tlbw   a2, a3
at_tlbi: tlbi   a2, 0
at_wait: wait
