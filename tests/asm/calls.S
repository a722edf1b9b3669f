/* calls.S - syscall, hcall and break: they retire, then trap, in every mode, and the six words say so.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define CALL(insn, cause, status) \
  TRY(status, 5, at_##insn); PC_WAS(at_##insn + 4); TRAP_WAS(cause, status, 4, 0, PG32_OP_##insn << 25)
#define ALL(status) CALL(syscall, CAUSE_SYSCALL, status); CALL(hcall, CAUSE_HCALL, status); CALL(break, CAUSE_BREAK, status)
_start: ALL(0)
        ALL(ST_IE)
        ALL(ST_U)
        ALL(ST_U | ST_IE)
        ALL(ST_U | ST_IE | ASID(0xA5))
        mfst    a0                      # after the trap: kernel mode, IE=0, T=0, the same ASID
        CHECK(a0, ASID(0xA5))
        la      a0, page                # translated, the page onto itself
        ori     a1, a0, 3
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        ALL(ST_T | ASID(3))
        ALL(ST_U | ST_T | ST_IE | ASID(3))
        mfst    a0
        CHECK(a0, ASID(3))
        TRY(ST_U, 0, at_syscall)        # a TIMER at 0 stays there
        TRAP_WAS(CAUSE_SYSCALL, ST_U, 0, 0, PG32_OP_syscall << 25)
        TRY(ST_IE, 1, at_syscall)       # the call itself brings TIMER to 0: the call wins, the interrupt waits
        TRAP_WAS(CAUSE_SYSCALL, ST_IE, 0, 0, PG32_OP_syscall << 25)
        la      s11, 1f
        sw      s11, LC_VECTOR(zero)
        rfe
1:      TRAP_WAS(CAUSE_TIMER, ST_IE, 0, 0, 0)
        PC_WAS(at_syscall + 4)
        li      a0, 0x11                # registers are untouched, all the way
        li      a7, 0x77
        li      ra, 0x22
        li      sp, 0x33
        li      t6, 0x44
        TRY(ST_U, 5, at_syscall)
        CHECK(a0, 0x11)
        CHECK(a7, 0x77)
        CHECK(ra, 0x22)
        CHECK(sp, 0x33)
        CHECK(t6, 0x44)
        PASS
        .balign PAGE_SIZE
page:
at_syscall:
        syscall
        nop
at_hcall:
        hcall
        nop
at_break:
        break
        nop
