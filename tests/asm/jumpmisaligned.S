/* jumpmisaligned.S - a jalr to a misaligned target faults at the jump: nothing is written, nothing retires.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      a1, target
        li      ra, 0x55
        TRY(ST_U | ST_IE, 9, jump)
        PC_WAS(jump)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISALIGNED)
        CHECK_WORD(LC_STATUS, ST_U | ST_IE)
        CHECK_WORD(LC_TIMER, 9)
        CHECK_WORD(LC_BADINST, WORD_I(PG32_OP_jalr, 1, 11, 2))
        lw      a0, LC_BADVA(zero)
        addi    a2, a1, 2
        CHECK_SAME(a0, a2)
        CHECK(ra, 0x55)
        TRY(ST_U, 9, odd)               # bit 0 is dropped before anyone looks: BADVA is the target
        PC_WAS(odd)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISALIGNED)
        lw      a0, LC_BADVA(zero)
        CHECK_SAME(a0, a2)
        li      a1, 0x00400000          # a target that is aligned but nowhere faults there, after the jump
        TRY(ST_U | ST_T | ASID(1), 9, jump)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISS)
        la      a2, page
        ori     a3, a2, 1
        ori     a4, a2, TLB_X
        tlbw    a3, a4
        TRY(ST_U | ST_T | ASID(1), 9, far)
        PC_WAS_VA(0x00400000)
        TRAP_WAS(CAUSE_FETCH_MISS, ST_U | ST_T | ASID(1), 8, 0x00400000, 0)
        CHECK_ADDR(ra, far + 4)
        TRY(ST_U | ST_T | ASID(1), 9, jump) # misaligned comes before the miss
        PC_WAS(jump)
        TRAP_WAS(CAUSE_FETCH_MISALIGNED, ST_U | ST_T | ASID(1), 9, 0x00400002, WORD_I(PG32_OP_jalr, 1, 11, 2))
        PASS
        .balign PAGE_SIZE
page:
jump:   jalr    ra, 2(a1)
odd:    jalr    ra, 3(a1)
far:    jalr    ra, 0(a1)
target: break
