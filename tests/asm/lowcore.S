/* lowcore.S - the low core is RAM: plain loads and stores see it, and the vector is read at each trap.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
_start: la      s0, first
        sw      s0, LC_VECTOR(zero)
        syscall
        CHECK(zero, 1)
first:  lw      a0, LC_VECTOR(zero)
        CHECK_ADDR(a0, first)
        lbu     a0, LC_CAUSE(zero)
        CHECK(a0, CAUSE_SYSCALL)
        lhu     a0, LC_BADINST + 2(zero)
        CHECK(a0, PG32_OP_syscall << 9)
        la      s0, second
        sw      s0, LC_VECTOR(zero)
        syscall                         # at once, another vector
        CHECK(zero, 1)
second: li      a0, 0x99                # nothing else is written by a trap
        sw      a0, 0x1C(zero)
        sw      a0, LC_FREE(zero)
        sw      a0, 0xFFC(zero)
        TRY(ST_U, 0, user)
        CHECK_WORD(0x1C, 0x99)
        CHECK_WORD(LC_FREE, 0x99)
        CHECK_WORD(0xFFC, 0x99)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)   # the user's store went before the trap's
        la      s1, page                # it can be mapped, and is the same page then
        ori     s2, s1, 4
        ori     s3, s1, TLB_X
        tlbw    s2, s3
        MAP_PA(0x00400000, 4, 0, TLB_R | TLB_W)
        li      a1, 0x00400000
        TRY(ST_U | ST_T | ASID(4), 0, peek)
        CHECK(a0, 0x99)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        PASS
        .balign PAGE_SIZE
page:
user:   li      a0, 0x55                # user mode with T=0 may: protection is translation
        sw      a0, LC_CAUSE(zero)
        break
peek:   lw      a0, LC_FREE(a1)
        break
