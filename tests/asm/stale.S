/* stale.S - an entry that works stops working, or works otherwise, at once: replaced in place, invalidated in each
 * scope, or left behind by a change of ASID. Each is used first, so that whoever caches it has cached it.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define VA 0x00400000
/* jumps to VA under the ASID: a0 is what the page there puts into it */
#define USE(asid) li a0, 0; TRY_VA(ST_U | ST_T | ASID(asid), 0, VA)
#define WORKS(asid, found) USE(asid); CHECK_WORD(LC_CAUSE, CAUSE_BREAK); CHECK(a0, found)
#define FAILS(asid, cause) USE(asid); CHECK_WORD(LC_CAUSE, cause); CHECK(a0, 0)
#define BOTH MAP(VA, 1, one, TLB_X); MAP(VA, 2, two, TLB_X); WORKS(1, 1); WORKS(2, 2)
_start: BOTH
        MAP(VA, 1, two, TLB_X)          # replaced: another page, no rights, the first page again
        WORKS(1, 2)
        MAP(VA, 1, two, TLB_R | TLB_W)
        FAILS(1, CAUSE_FETCH_PROT)
        MAP(VA, 1, one, TLB_X)
        WORKS(1, 1)

        BOTH                            # invalidated: a page, an ASID, all
        li      a2, VA | 1
        tlbi    a2, TLBI_PAGE
        FAILS(1, CAUSE_FETCH_MISS)
        WORKS(2, 2)
        BOTH
        li      a2, 2
        tlbi    a2, TLBI_ASID
        FAILS(2, CAUSE_FETCH_MISS)
        WORKS(1, 1)
        BOTH
        tlbi    zero, TLBI_ALL
        FAILS(1, CAUSE_FETCH_MISS)
        FAILS(2, CAUSE_FETCH_MISS)

        # mtst changes the ASID and nothing else: the next instruction comes from the other page
        MAP(VA, 1, three, TLB_X)
        MAP(VA, 2, four, TLB_X)
        li      a1, ST_T | ASID(2)
        li      a0, 0
        TRY_VA(ST_T | ASID(1), 0, VA)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a0, 4)
        PASS
        .balign PAGE_SIZE
one:    li      a0, 1
        break
        .balign PAGE_SIZE
two:    li      a0, 2
        break
        .balign PAGE_SIZE
three:  mtst    a1
        li      a0, 3
        break
        .balign PAGE_SIZE
four:   mtst    a1
        li      a0, 4
        break
