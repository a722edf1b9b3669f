/* timer.S - E[0x08]=n lets exactly n instructions retire; TIMER sticks at 0; it runs on through a trap.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define U ST_U | ST_IE | ST_T | ASID(4)
/* runs n instructions of `count`, which adds 1 to a0 with each */
#define COUNT(status, n) \
  li a0, 0; TRY(status, n, count); CHECK(a0, n); TRAP_WAS(CAUSE_TIMER, status, 0, 0, 0); PC_WAS(count + 4 * n)
#define EACH(n) COUNT(ST_IE, n); COUNT(ST_IE | ST_U, n); COUNT(U, n)
_start: la      a0, page
        ori     a1, a0, 4
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        EACH(0)
        EACH(1)
        EACH(2)
        EACH(3)
        EACH(4)
        EACH(5)
        EACH(17)
        EACH(40)
        li      a0, 0                   # a long one, in a loop of two instructions
        TRY(ST_IE | ST_U, 100001, loop)
        CHECK(a0, 50001)
        PC_WAS(loop + 4)
        TRAP_WAS(CAUSE_TIMER, ST_IE | ST_U, 0, 0, 0)

        li      a0, 0                   # with IE=0 nothing happens at 0, and TIMER stays there
        TRY(ST_U, 3, count)
        CHECK(a0, 40)
        TRAP_WAS(CAUSE_BREAK, ST_U, 0, 0, PG32_OP_break << 25)
        li      a0, 0                   # what is left is saved
        TRY(ST_U | ST_IE, 100, count)
        TRAP_WAS(CAUSE_BREAK, ST_U | ST_IE, 59, 0, PG32_OP_break << 25)

        TRY(ST_U | ST_IE, 100, call)    # it goes on falling in the handler
        la      s11, 1f                 # two instructions
        sw      s11, LC_VECTOR(zero)
        break                           # 99 - 4
1:      CHECK_WORD(LC_TIMER, 95)
        CHECK_WORD(LC_STATUS, 0)

        la      s0, 2f                  # mtst turns interrupts on with TIMER at 0: before the next instruction
        sw      s0, LC_VECTOR(zero)
        li      a0, ST_IE
        sw      zero, LC_TIMER(zero)
        sw      zero, LC_STATUS(zero)
        la      s0, on
        sw      s0, LC_PC(zero)
        li      a1, 0
        rfe
on:     mtst    a0
        addi    a1, a1, 1
2:      CHECK(a1, 0)
        TRAP_WAS(CAUSE_TIMER, ST_IE, 0, 0, 0)
        PC_WAS(on + 4)

        # every instruction of a routine, one at a time: the whole is as if nothing had happened
        li      a0, 0
        la      s0, count
        li      s1, 0
3:      mv      s11, s0
        TRY_S11(U, 1)
        lw      s0, LC_PC(zero)
        lw      t0, LC_CAUSE(zero)
        addi    s1, s1, 1
        li      t1, CAUSE_TIMER
        beq     t0, t1, 3b
        CHECK(t0, CAUSE_BREAK)
        CHECK(a0, 40)
        CHECK(s1, 41)
        PASS
        .balign PAGE_SIZE
page:
count:  .rept   40
        addi    a0, a0, 1
        .endr
        break
loop:   addi    a0, a0, 1
        j       loop
call:   syscall
