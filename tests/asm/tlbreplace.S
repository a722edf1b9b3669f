/* tlbreplace.S - replacement is what software can mirror: in place on a match, else at the pointer, which then moves.
 *
 * expect: status 0
 * depths: 0 1 2
 *
 * First by hand, then a random mixture of tlbw and tlbi beside a mirror in memory; at the end every page is probed. */
#include "check.inc"
#define ASID_ 9
#define BASE 0x00400000
#define PRESENT(reg, cause) mv a0, reg; li a1, ASID(ASID_); call probe; CHECK(a0, cause)
_start: li      t0, DEV_FACTS
        lw      s0, FACTS_TLB(t0)       # s0 = entries
        li      s1, BASE | ASID_        # fill it; the pointer is back at 0
        mv      s2, s0
1:      tlbw    s1, zero
        li      t0, PAGE_SIZE
        add     s1, s1, t0
        addi    s2, s2, -1
        bnez    s2, 1b
        li      s2, BASE
        PRESENT(s2, CAUSE_FETCH_PROT)
        li      s2, BASE + PAGE_SIZE
        PRESENT(s2, CAUSE_FETCH_PROT)
        tlbw    s1, zero                # one more: page 0 goes
        li      s2, BASE
        PRESENT(s2, CAUSE_FETCH_MISS)
        xori    s2, s1, ASID_
        PRESENT(s2, CAUSE_FETCH_PROT)
        li      s2, BASE + PAGE_SIZE
        PRESENT(s2, CAUSE_FETCH_PROT)
        tlbw    s1, zero                # again: in place, page 1 stays
        tlbw    s1, zero
        PRESENT(s2, CAUSE_FETCH_PROT)
        tlbi    s1, TLBI_PAGE           # a hole does not attract: one at slot 0 ...
        li      s3, 0x70000000 | ASID_
        tlbw    s3, zero                # ... and this one still goes to slot 1, where page 1 was
        li      s2, BASE + PAGE_SIZE
        PRESENT(s2, CAUSE_FETCH_MISS)
        li      s2, 0x70000000
        PRESENT(s2, CAUSE_FETCH_PROT)

        # the mirror: word i of it is the hi of slot i, 0 when invalid; s3 = pointer
        tlbi    zero, TLBI_ALL
        li      s3, 2                   # entries + 2 new pages have been installed
        remu    s3, s3, s0
        srli    s4, s0, 1
        add     s4, s4, s0              # s4 = pages to choose from: half as many again
        slli    s5, s0, 2               # s5 = steps to go
        li      s6, 12345               # s6 = random
2:      li      t0, 1103515245
        mul     s6, s6, t0
        li      t0, 12345
        add     s6, s6, t0
        srli    t0, s6, 8
        remu    t0, t0, s4
        slli    t0, t0, PAGE_SHIFT
        li      s7, BASE | ASID_
        add     s7, s7, t0              # s7 = hi
        la      a0, mirror              # is it there?
        mv      a1, s0
3:      lw      a2, 0(a0)
        beq     a2, s7, 4f
        addi    a0, a0, 4
        addi    a1, a1, -1
        bnez    a1, 3b
        li      a0, 0
4:      srli    t0, s6, 28              # one step of four is a tlbi
        sltiu   t0, t0, 4
        beqz    t0, 5f
        tlbi    s7, TLBI_PAGE
        beqz    a0, 6f
        sw      zero, 0(a0)
        j       6f
5:      tlbw    s7, zero
        bnez    a0, 6f
        la      a0, mirror
        slli    t0, s3, 2
        add     a0, a0, t0
        sw      s7, 0(a0)
        addi    s3, s3, 1
        bne     s3, s0, 6f
        li      s3, 0
6:      addi    s5, s5, -1
        bnez    s5, 2b

        li      s7, BASE | ASID_        # every page: in the TLB exactly when in the mirror
7:      la      a0, mirror
        mv      a1, s0
8:      lw      a2, 0(a0)
        li      s6, CAUSE_FETCH_PROT
        beq     a2, s7, 10f
        addi    a0, a0, 4
        addi    a1, a1, -1
        bnez    a1, 8b
        li      s6, CAUSE_FETCH_MISS
10:     xori    a0, s7, ASID_
        li      a1, ASID(ASID_)
        call    probe
        CHECK_SAME(a0, s6)
        li      t0, PAGE_SIZE
        add     s7, s7, t0
        addi    s4, s4, -1
        bnez    s4, 7b
        PASS
        .bss
mirror: .space  4 * 256
