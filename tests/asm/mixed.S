/* mixed.S - data and code in one page: counters that are stored to often, then code that changes often, then both.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define TIMED(name, n) lw s8, CLOCK_LO(s7); call name; lw s9, CLOCK_LO(s7); sub s9, s9, s8; CHECK(s9, n)
_start: li      s7, DEV_CLOCK
        la      s3, counter
        la      s4, next
        li      s1, 60
1:      TIMED(count, 6)
        addi    s1, s1, -1
        bnez    s1, 1b
        CHECK(a0, 60)
        li      s1, 200                 # code that changes each time, with a store between its instructions
        la      s0, changes
        lw      s2, 0(s0)
1:      andi    a1, s1, 0x3F
        add     a1, a1, s2              # li a0, s1 & 0x3F
        TIMED(change, 6)
        andi    a1, s1, 0x3F
        CHECK_SAME(a0, a1)
        andi    a2, s1, 7
        bnez    a2, 2f
        TIMED(count, 6)
2:      addi    s1, s1, -1
        bnez    s1, 1b
        li      s1, 60                  # the counter alone again
1:      TIMED(count, 6)
        addi    s1, s1, -1
        bnez    s1, 1b
        CHECK(a0, 145)
        TIMED(change_next, 7)           # an instruction that is changed by the one in front of it
        CHECK(a0, 9)
        TIMED(change_next, 7)
        CHECK(a0, 9)
        PASS
        .balign PAGE_SIZE
count:  lw      a0, 0(s3)               # s3: counter
        addi    a0, a0, 1
        sw      a0, 0(s3)
        ret
change: sw      a1, 0(s0)
        nop
changes:
        li      a0, 0
        ret
change_next:
        lw      a1, 8(s3)
        sw      a1, 0(s4)
next:   li      a0, 7
        nop
        ret
counter:
        .word   0, 0
        li      a0, 9
