/* asid.S - one page under two ASIDs is two pages; 0 and 255 are ASIDs like others; ignored bits are ignored.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define VA 0x00400000
#define RUN(asid, found) li a0, 0; TRY_VA(ST_U | ST_T | ASID(asid), 0, VA); CHECK_WORD(LC_CAUSE, CAUSE_BREAK); CHECK(a0, found)
_start: MAP(VA, 1, one, TLB_X)
        MAP(VA, 2, two, TLB_X)
        RUN(1, 1)
        RUN(2, 2)
        RUN(1, 1)
        TRY_VA(ST_T | ASID(3), 0, VA)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISS)
        MAP(VA, 1, two, TLB_X)          # in place
        RUN(1, 2)
        RUN(2, 2)
        tlbi    zero, TLBI_ALL
        MAP(VA, 0, one, TLB_X)
        MAP(VA, 255, two, TLB_X)
        RUN(0, 1)
        RUN(255, 2)
        tlbi    zero, TLBI_ALL
        MAP(VA | 0xF00, 5, one, TLB_X | 0xFF8)
        RUN(5, 1)
        PASS
        .balign PAGE_SIZE
one:    li      a0, 1
        break
        .balign PAGE_SIZE
two:    li      a0, 2
        break
