/* tlbi.S - tlbi has three scopes: all entries, those of one ASID, one page of one ASID. The entries have been used
 * before, so that caches of them must forget them, too. No other entry goes, and the pointer stays. The boot argument is the
 * ASID that tlbi of all spares. */
#include "probe.inc"
#define A 0x00400000
#define B 0x80000000
#define USE(va, asid) li a0, 0; TRY_VA(ST_U | ST_T | ASID(asid), 0, va)
#define HERE(va, asid, what) USE(va, asid); CAUSE_IS(CAUSE_BREAK, what); CHECK(a0, 1, what)
#define GONE(va, asid, what) USE(va, asid); CAUSE_IS(CAUSE_FETCH_MISS, what); CHECK(a0, 0, what)
/* four entries, all used */
#define FOUR MAP(A, 1, page, TLB_X); MAP(B, 1, page, TLB_X); MAP(A, 2, page, TLB_X); MAP(B, 2, page, TLB_X); \
  HERE(A, 1, "a new entry"); HERE(B, 1, "a new entry"); HERE(A, 2, "a new entry"); HERE(B, 2, "a new entry")
/* one entry of the spared ASID, in s2; a0 = 1 and CAUSE_BREAK when it is there */
#define SPARED_MAP(va) la a1, page; ori a1, a1, TLB_X; li a0, va; or a0, a0, s2; tlbw a0, a1
#define SPARED_TRY(va) \
  li a0, va; sw a0, LC_PC(zero); slli a0, s2, ST_ASID_SHIFT; ori a0, a0, ST_U | ST_T; sw a0, LC_STATUS(zero); \
  la a0, 9f; sw a0, LC_VECTOR(zero); li a0, 0; rfe; 9:
#define SPARED_HERE(va, what) SPARED_TRY(va); CAUSE_IS(CAUSE_BREAK, what); CHECK(a0, 1, what)
#define SPARED_GONE(va, what) SPARED_TRY(va); CAUSE_IS(CAUSE_FETCH_MISS, what); CHECK(a0, 0, what)
_start: call    probe_seed
        mv      s2, a0
        FOUR
        li      a2, A | 0xF00 | 1       # bits 8 to 11 do not matter
        tlbi    a2, TLBI_PAGE
        GONE(A, 1, "page A in ASID 1 after tlbi of that page")
        HERE(B, 1, "page B in ASID 1 after tlbi of page A in ASID 1")
        HERE(A, 2, "page A in ASID 2 after tlbi of page A in ASID 1")
        HERE(B, 2, "page B in ASID 2 after tlbi of page A in ASID 1")
        tlbi    a2, TLBI_PAGE
        HERE(B, 2, "page B in ASID 2 after tlbi of a page that is not there")
        li      a2, A | 3
        tlbi    a2, TLBI_PAGE
        HERE(A, 2, "page A in ASID 2 after tlbi of page A in ASID 3")

        FOUR
        li      t6, 0xFFFFFF00 | 1      # the page bits do not matter
        tlbi    t6, TLBI_ASID
        GONE(A, 1, "page A in ASID 1 after tlbi of ASID 1")
        GONE(B, 1, "page B in ASID 1 after tlbi of ASID 1")
        HERE(A, 2, "page A in ASID 2 after tlbi of ASID 1")
        HERE(B, 2, "page B in ASID 2 after tlbi of ASID 1")

        FOUR
        li      a2, 0x12345678          # the register does not matter
        tlbi    a2, TLBI_ALL
        GONE(A, 1, "page A in ASID 1 after tlbi of all")
        GONE(B, 1, "page B in ASID 1 after tlbi of all")
        GONE(A, 2, "page A in ASID 2 after tlbi of all")
        GONE(B, 2, "page B in ASID 2 after tlbi of all")

        FOUR                            # and it can come back
        tlbi    zero, TLBI_ASID
        HERE(A, 1, "page A in ASID 1 after tlbi of ASID 0, which has no entries")

        # the same with entries that grant nothing, which no cache can hold: PROT while they are there, MISS afterwards
#define BARE(hi1, hi2) tlbi zero, TLBI_ALL; li t0, hi1; tlbw t0, zero; li t0, hi2; tlbw t0, zero
#define IS(va, asid, cause, what) li a0, va; li a1, ASID(asid); call probe_page; CHECK(a0, cause, what ": PROT (5) or MISS (4)")
        BARE(A | 1, A | 2)
        li      a2, 1
        tlbi    a2, TLBI_ASID
        IS(A, 1, CAUSE_FETCH_MISS, "an entry without rights after tlbi of its ASID")
        IS(A, 2, CAUSE_FETCH_PROT, "an entry without rights after tlbi of another ASID")
        BARE(A | 1, B | 1)
        li      a2, A | 1
        tlbi    a2, TLBI_PAGE
        IS(A, 1, CAUSE_FETCH_MISS, "an entry without rights after tlbi of its page")
        IS(B, 1, CAUSE_FETCH_PROT, "an entry without rights after tlbi of another page")
        tlbi    zero, TLBI_ALL
        IS(B, 1, CAUSE_FETCH_MISS, "an entry without rights after tlbi of all")

        # the ASID that your CPU spares
        FOUR
        SPARED_MAP(A)
        SPARED_MAP(B)
        SPARED_HERE(A, "a new entry of the spared ASID")
        tlbi    zero, TLBI_ALL
        GONE(A, 1, "page A in ASID 1 after tlbi of all")
        GONE(B, 2, "page B in ASID 2 after tlbi of all")
        SPARED_HERE(A, "page A in the spared ASID, used before, after tlbi of all")
        SPARED_HERE(B, "page B in the spared ASID, not used before, after tlbi of all")
        ori     a2, s2, 0
        li      a3, A
        or      a2, a2, a3
        tlbi    a2, TLBI_PAGE
        SPARED_GONE(A, "page A in the spared ASID after tlbi of that page")
        SPARED_HERE(B, "page B in the spared ASID after tlbi of page A")
        tlbi    s2, TLBI_ASID
        SPARED_GONE(B, "page B in the spared ASID after tlbi of that ASID")

        # in every slot: as many entries as the TLB has
        li      t0, DEV_FACTS
        lw      s3, FACTS_TLB(t0)
        li      s4, A | 1
        li      s5, PAGE_SIZE
        mv      s6, s3
1:      tlbw    s4, zero
        add     s4, s4, s5
        addi    s6, s6, -1
        bnez    s6, 1b
        tlbi    zero, TLBI_ALL
2:      sub     s4, s4, s5
        xori    a0, s4, 1
        li      a1, ASID(1)
        call    probe_page
        CHECK(a0, CAUSE_FETCH_MISS, "as many entries as the TLB has, after tlbi of all: MISS (4) or PROT (5)")
        addi    s3, s3, -1
        bnez    s3, 2b
        PASS
        .balign PAGE_SIZE
page:   li      a0, 1
        break
