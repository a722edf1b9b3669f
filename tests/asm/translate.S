/* translate.S - the offset passes through, kernel and user see the same, and each access takes its own page.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define VA 0x00400000
_start: la      a0, page
        ori     a1, a0, 4
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        MAP(VA, 4, data, TLB_R | TLB_W)
        li      a1, VA
        li      a0, 0x1234
        TRY(ST_U | ST_T | ASID(4), 0, copy)     # user mode stores ...
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a2, 0x0BADCAFE)
        la      s0, data
        lw      a4, 0xFFC(s0)
        CHECK(a4, 0x1234)
        li      a0, 0x5678
        TRY(ST_T | ASID(4), 0, copy)            # ... and kernel mode, to the same place
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        lw      a4, 0xFFC(s0)
        CHECK(a4, 0x5678)
        MAP(VA, 4, other, TLB_R | TLB_W)        # another frame, without a tlbi: tlbw replaces in place
        TRY(ST_U | ST_T | ASID(4), 0, copy)
        CHECK(a2, 0x600DCAFE)
        lw      a4, 0xFFC(s0)
        CHECK(a4, 0x5678)
        MAP_PA(VA, 4, DEV_CONSOLE, TLB_R | TLB_W)       # a device is a page like others
        li      a1, VA
        TRY(ST_U | ST_T | ASID(4), 0, status)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a2, 0)
        PASS
        .balign PAGE_SIZE
page:
copy:   lw      a2, 4(a1)
        sw      a0, 0x7FC(a1)
        addi    a3, a1, 0x7FC
        lw      a3, 0(a3)
        sw      a3, 0xFFC(a1)
        break
status: lw      a2, CONSOLE_CTRL(a1)
        break
        .balign PAGE_SIZE
data:   .word   0, 0x0BADCAFE
        .balign PAGE_SIZE
other:  .word   0, 0x600DCAFE
        .balign PAGE_SIZE
