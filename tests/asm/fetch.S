/* fetch.S - fetch faults: misaligned PC, miss, protection, bus error. PC and BADVA are the PC, BADINST is 0.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define FAULT(cause, status, va) \
  TRY_VA(status, 9, va); PC_WAS_VA(va); TRAP_WAS(cause, status, 9, va, 0)
_start: FAULT(CAUSE_FETCH_MISALIGNED, 0, 0x1001)
        FAULT(CAUSE_FETCH_MISALIGNED, ST_U, 0x1002)
        FAULT(CAUSE_FETCH_MISALIGNED, ST_U | ST_T | ST_IE, 0x00400003)
        FAULT(CAUSE_FETCH_MISS, ST_T, 0x00400000)
        FAULT(CAUSE_FETCH_MISS, ST_U | ST_T | ST_IE | ASID(9), 0x00400FFC)
        FAULT(CAUSE_FETCH_MISS, ST_U | ST_T | ASID(9), 0xFFFFFFFC)
        MAP(0x00400000, 9, page, TLB_R | TLB_W)
        FAULT(CAUSE_FETCH_PROT, ST_U | ST_T | ASID(9), 0x00400000)
        FAULT(CAUSE_FETCH_PROT, ST_T | ASID(9), 0x00400FFC)
        FAULT(CAUSE_FETCH_MISS, ST_T | ASID(8), 0x00400FFC)
        FAULT(CAUSE_FETCH_BUS, 0, DEV_CONSOLE)
        FAULT(CAUSE_FETCH_BUS, ST_U | ST_IE, DEV_FACTS)
        FAULT(CAUSE_FETCH_BUS, 0, DEV_BASE - 4)
        FAULT(CAUSE_FETCH_BUS, 0, DEV_END)
        FAULT(CAUSE_FETCH_BUS, ST_U, 0xFFFFFFFC)
        MAP_PA(0x00400000, 9, DEV_CONSOLE, TLB_RIGHTS)
        FAULT(CAUSE_FETCH_BUS, ST_U | ST_T | ASID(9), 0x00400000)
        MAP_PA(0x00400000, 9, 0xE0000000, TLB_RIGHTS)  # a frame that is nowhere may be installed
        FAULT(CAUSE_FETCH_BUS, ST_U | ST_T | ASID(9), 0x00400004)

        MAP(0x00400000, 9, page, TLB_X) # from the last word of a page into one that is not there
        TRY_VA(ST_U | ST_T | ST_IE | ASID(9), 9, 0x00400FFC)
        PC_WAS_VA(0x00401000)
        TRAP_WAS(CAUSE_FETCH_MISS, ST_U | ST_T | ST_IE | ASID(9), 8, 0x00401000, 0)

        li      t0, DEV_FACTS           # off the end of RAM
        lw      s0, FACTS_RAM(t0)
        li      t0, WORD_I(PG32_OP_addi, 10, 10, 1)
        sw      t0, -4(s0)
        li      a0, 0
        addi    s11, s0, -4
        TRY_S11(ST_U, 9)
        CHECK(a0, 1)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_BUS)
        CHECK_WORD(LC_TIMER, 8)
        CHECK_WORD(LC_BADINST, 0)
        lw      a0, LC_BADVA(zero)
        CHECK_SAME(a0, s0)
        lw      a0, LC_PC(zero)
        CHECK_SAME(a0, s0)
        PASS
        .balign PAGE_SIZE
page:   .space  PAGE_SIZE - 4
        nop
