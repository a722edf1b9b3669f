/* replace.S - which entry is replaced: makes a random mixture of tlbw and tlbi and keeps a mirror of the TLB in
 * memory; at the end every page must be in the TLB exactly if it is in the mirror. One entry of eight is locked.
 * The boot arguments are the seed, and the bit of hi that locks. */
#include "probe.inc"
#define SPACE 9
#define BASE 0x00400000
_start: call    probe_seed
        mv      s6, a0                  # s6 = random
        addi    t0, t0, 1               # the second word
        li      t3, 10
        li      s8, 0
1:      lbu     t1, 0(t0)
        beqz    t1, 1f
        mul     s8, s8, t3
        add     s8, s8, t1
        addi    s8, s8, -'0'
        addi    t0, t0, 1
        j       1b
1:      li      t1, 1
        sll     s8, t1, s8              # s8 = the bit
        li      t0, DEV_FACTS
        lw      s0, FACTS_TLB(t0)       # s0 = entries
        li      s3, 0                   # s3 = the pointer
        srli    s4, s0, 2
        add     s4, s4, s0              # s4 = pages to choose from: a quarter more than entries
        slli    s5, s0, 1               # s5 = steps to go
2:      NEXT(s6)
        srli    t0, s6, 8
        remu    t0, t0, s4
        slli    t0, t0, PAGE_SHIFT
        li      s7, BASE | SPACE
        add     s7, s7, t0              # s7 = hi
        la      a0, mirror              # is it there?
        mv      a1, s0
        or      a3, s7, s8
3:      lw      a2, 0(a0)
        or      a2, a2, s8
        beq     a2, a3, 4f
        addi    a0, a0, 4
        addi    a1, a1, -1
        bnez    a1, 3b
        li      a0, 0
4:      srli    t0, s6, 29              # one step of eight is a tlbi
        bnez    t0, 5f
        tlbi    s7, TLBI_PAGE
        beqz    a0, 6f
        sw      zero, 0(a0)
        j       6f
5:      srli    t0, s6, 26
        andi    t0, t0, 7
        bnez    t0, 11f
        or      s7, s7, s8
11:     tlbw    s7, zero
        beqz    a0, 12f
        sw      s7, 0(a0)
        j       6f
12:     la      a0, mirror              # at the pointer, or at the first behind it that is not locked
        slli    t0, s3, 2
        add     a0, a0, t0
        addi    s3, s3, 1
        bne     s3, s0, 13f
        li      s3, 0
13:     lw      a2, 0(a0)
        and     a2, a2, s8
        bnez    a2, 12b
        sw      s7, 0(a0)
6:      addi    s5, s5, -1
        bnez    s5, 2b

        li      s7, BASE | SPACE        # every page: in the TLB exactly when in the mirror
7:      la      a0, mirror
        mv      a1, s0
        or      a3, s7, s8
8:      lw      a2, 0(a0)
        or      a2, a2, s8
        li      s6, CAUSE_FETCH_PROT
        beq     a2, a3, 10f
        addi    a0, a0, 4
        addi    a1, a1, -1
        bnez    a1, 8b
        li      s6, CAUSE_FETCH_MISS
10:     xori    a0, s7, SPACE
        li      a1, ASID(SPACE)
        call    probe_page
        CHECK_SAME(a0, s6, "a fetch from a page after many tlbw and tlbi: MISS (4) when its entry has fallen out, else PROT (5)")
        li      t0, PAGE_SIZE
        add     s7, s7, t0
        addi    s4, s4, -1
        bnez    s4, 7b

        # all entries locked, and the pointer back at the first of them
#define IS(hi, cause, what) \
  srli a0, hi, PAGE_SHIFT; slli a0, a0, PAGE_SHIFT; li a1, ASID(SPACE); call probe_page; CHECK(a0, cause, what ": MISS (4) or PROT (5)")
        tlbi    zero, TLBI_ALL
        li      s6, PAGE_SIZE
        sub     s5, s0, s3
        li      s7, BASE | SPACE
14:     tlbw    s7, zero
        add     s7, s7, s6
        addi    s5, s5, -1
        bnez    s5, 14b
        tlbi    zero, TLBI_ALL
        mv      s5, s0
        li      s7, BASE | SPACE
        or      s7, s7, s8
15:     tlbw    s7, zero
        add     s7, s7, s6
        addi    s5, s5, -1
        bnez    s5, 15b
        li      s4, BASE | SPACE        # the first that was locked, and the second
        add     s5, s4, s6
        xor     s7, s7, s8
        tlbw    s7, zero
        IS(s4, CAUSE_FETCH_MISS, "all entries locked, then a tlbw: the entry at the pointer")
        IS(s5, CAUSE_FETCH_PROT, "all entries locked, then a tlbw: the entry behind the pointer")
        IS(s7, CAUSE_FETCH_PROT, "all entries locked, then a tlbw: the new entry")
        add     s3, s7, s6
        tlbw    s3, zero
        IS(s7, CAUSE_FETCH_MISS, "all entries but one locked, then a tlbw: that one")
        IS(s5, CAUSE_FETCH_PROT, "all entries but one locked, then a tlbw: the entry at the pointer")
        IS(s3, CAUSE_FETCH_PROT, "all entries but one locked, then a tlbw: the new entry")
        PASS
        .bss
mirror: .space  4 * 256
