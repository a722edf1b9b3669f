/* tlbi.S - the three scopes: all, one ASID, one page of one ASID.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define PAGE_A 0x00400000
#define PAGE_B 0x80000000
/* two entries, so that the smallest TLB will do */
#define SET(hi1, hi2) li t0, hi1; tlbw t0, zero; li t0, hi2; tlbw t0, zero
#define IS(va, asid, cause) li a0, va; li a1, ASID(asid); call probe; CHECK(a0, cause)
#define HERE CAUSE_FETCH_PROT
#define GONE CAUSE_FETCH_MISS
_start: SET(PAGE_A | 1, PAGE_B | 2)
        IS(PAGE_A, 1, HERE)
        IS(PAGE_B, 2, HERE)
        li      a2, 0x12345678
        tlbi    a2, TLBI_ALL            # all: the register does not matter
        IS(PAGE_A, 1, GONE)
        IS(PAGE_B, 2, GONE)

        SET(PAGE_A | 1, PAGE_A | 2)     # an ASID: the page bits do not matter
        li      a2, 0xFFFFFF00 | 1
        tlbi    a2, TLBI_ASID
        IS(PAGE_A, 1, GONE)
        IS(PAGE_A, 2, HERE)
        SET(PAGE_A | 2, PAGE_B | 2)
        li      a2, 2
        tlbi    a2, TLBI_ASID
        IS(PAGE_A, 2, GONE)
        IS(PAGE_B, 2, GONE)

        SET(PAGE_A | 1, PAGE_A | 2)     # a page: both must match; bits 8 .. 11 do not matter
        li      a2, PAGE_A | 3
        tlbi    a2, TLBI_PAGE
        li      a2, PAGE_B | 1
        tlbi    a2, TLBI_PAGE
        IS(PAGE_A, 1, HERE)
        IS(PAGE_A, 2, HERE)
        li      a2, PAGE_A | 0xF00 | 1
        tlbi    a2, TLBI_PAGE
        IS(PAGE_A, 1, GONE)
        IS(PAGE_A, 2, HERE)
        SET(PAGE_A | 2, PAGE_B | 2)
        li      a2, PAGE_B | 2
        tlbi    a2, TLBI_PAGE
        IS(PAGE_A, 2, HERE)
        IS(PAGE_B, 2, GONE)
        tlbi    zero, TLBI_ALL
        IS(PAGE_A, 2, GONE)
        PASS
