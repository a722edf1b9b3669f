/* priority.S - when several causes hold at one boundary the lowest number is the trap.
 *
 * expect: status 0
 * depths: 0 1 2
 *
 * The device that is pending is the console, whose line has hung up. */
#include "check.inc"
#define U ST_U | ST_IE | ST_T | ASID(4)
#define AT(cause, status, timer, va, badva) \
  TRY_VA(status, timer, va); PC_WAS_VA(va); TRAP_WAS(cause, status, timer, badva, 0)
#define NOWHERE 0x00400000
_start: la      a0, page
        ori     a1, a0, 4
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        # timer before all fetch faults and all instructions; TIMER at 1 is not yet 0
        AT(CAUSE_TIMER, U, 0, NOWHERE + 2, 0)
        AT(CAUSE_TIMER, U, 0, NOWHERE, 0)
        AT(CAUSE_TIMER, ST_IE, 0, DEV_CONSOLE, 0)
        AT(CAUSE_FETCH_MISS, U, 1, NOWHERE, NOWHERE)
        TRY(ST_IE | ST_U, 0, at_illegal)
        TRAP_WAS(CAUSE_TIMER, ST_IE | ST_U, 0, 0, 0)
        TRY(ST_IE | ST_U, 1, at_illegal)
        TRAP_WAS(CAUSE_ILLEGAL, ST_IE | ST_U, 1, 0, 0)
        TRY(ST_IE, 0, at_syscall)
        TRAP_WAS(CAUSE_TIMER, ST_IE, 0, 0, 0)
        PC_WAS(at_syscall)
        TRY(ST_U, 0, at_syscall)        # with IE=0 there are no interrupts
        TRAP_WAS(CAUSE_SYSCALL, ST_U, 0, 0, PG32_OP_syscall << 25)

        # misaligned, then miss, then protection, then bus
        AT(CAUSE_FETCH_MISALIGNED, U, 9, NOWHERE + 2, NOWHERE + 2)
        AT(CAUSE_FETCH_MISALIGNED, 0, 9, DEV_CONSOLE + 1, DEV_CONSOLE + 1)
        MAP_PA(NOWHERE, 4, 0xE0000000, TLB_R | TLB_W)
        AT(CAUSE_FETCH_MISALIGNED, U, 9, NOWHERE + 2, NOWHERE + 2)
        AT(CAUSE_FETCH_PROT, U, 9, NOWHERE, NOWHERE)
        li      a1, NOWHERE + 1         # the same for data
        MAP_PA(NOWHERE, 4, 0xE0000000, 0)
        TRY(U, 9, at_load)
        TRAP_WAS(CAUSE_LOAD_MISALIGNED, U, 9, NOWHERE + 1, WORD_I(PG32_OP_lw, 10, 11, 0))
        TRY(U, 9, at_store)
        TRAP_WAS(CAUSE_STORE_MISALIGNED, U, 9, NOWHERE + 1, WORD_I(PG32_OP_sw, 10, 11, 0))
        li      a1, NOWHERE
        TRY(U, 9, at_load)
        TRAP_WAS(CAUSE_LOAD_PROT, U, 9, NOWHERE, WORD_I(PG32_OP_lw, 10, 11, 0))
        TRY(U, 9, at_store)
        TRAP_WAS(CAUSE_STORE_PROT, U, 9, NOWHERE, WORD_I(PG32_OP_sw, 10, 11, 0))
        li      a1, DEV_CONSOLE + 2
        TRY(ST_U, 9, at_load)
        TRAP_WAS(CAUSE_LOAD_MISALIGNED, ST_U, 9, DEV_CONSOLE + 2, WORD_I(PG32_OP_lw, 10, 11, 0))
        li      a1, NOWHERE + 0x1002
        TRY(U, 9, at_store)
        TRAP_WAS(CAUSE_STORE_MISALIGNED, U, 9, NOWHERE + 0x1002, WORD_I(PG32_OP_sw, 10, 11, 0))

        # illegal before privileged
        TRY(ST_U, 9, at_stray)
        TRAP_WAS(CAUSE_ILLEGAL, ST_U, 9, 0, WORD_R(PG32_OP_mfst, 10, 1, 0))
        TRY(ST_U, 9, at_privileged)
        TRAP_WAS(CAUSE_PRIVILEGED, ST_U, 9, 0, WORD_R(PG32_OP_mfst, 10, 0, 0))

        # a device behind the timer and before all else
        li      s0, DEV_CONSOLE
1:      lw      a0, CONSOLE_STATUS(s0)
        andi    a0, a0, CONSOLE_HANGUP
        beqz    a0, 1b
        li      a0, CONSOLE_RX_IE
        sw      a0, CONSOLE_CTRL(s0)
        AT(CAUSE_DEVICE, U, 9, NOWHERE + 2, 0)
        AT(CAUSE_DEVICE, U, 9, NOWHERE + 0x1000, 0)
        AT(CAUSE_DEVICE, ST_IE, 9, DEV_CONSOLE, 0)
        AT(CAUSE_TIMER, U, 0, NOWHERE + 2, 0)
        TRY(ST_IE | ST_U, 9, at_illegal)
        TRAP_WAS(CAUSE_DEVICE, ST_IE | ST_U, 9, 0, 0)
        TRY(ST_IE, 1, at_syscall)
        TRAP_WAS(CAUSE_DEVICE, ST_IE, 1, 0, 0)
        TRY(ST_U, 9, at_illegal)
        TRAP_WAS(CAUSE_ILLEGAL, ST_U, 9, 0, 0)
        sw      zero, CONSOLE_CTRL(s0)
        TRY(ST_U | ST_IE, 9, at_illegal)
        TRAP_WAS(CAUSE_ILLEGAL, ST_U | ST_IE, 9, 0, 0)
        PASS
        .balign PAGE_SIZE
page:
at_illegal:     .word   0
at_syscall:     syscall
at_load:        lw      a0, 0(a1)
at_store:       sw      a0, 0(a1)
at_stray:       .word   WORD_R(PG32_OP_mfst, 10, 1, 0)
at_privileged:  mfst    a0
