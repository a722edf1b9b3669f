/* start.S - one page: a fetch from it misses, the kernel loads its entry, and the fetch succeeds. */
#include "probe.inc"
#define VA 0x00400000
_start: li      a0, 0
        TRY_VA(ST_U | ST_T | ASID(1), 9, VA)
        CAUSE_IS(CAUSE_FETCH_MISS, "a jump to a page without an entry")
        MAP(VA, 1, page, TLB_X)
        TRY_VA(ST_U | ST_T | ASID(1), 9, VA)
        CAUSE_IS(CAUSE_BREAK, "a jump to a page after its tlbw")
        CHECK(a0, 1, "instructions executed on that page")
        PASS
        .balign PAGE_SIZE
page:   addi    a0, a0, 1
        break
