/* tlbiwrap.S - an entry that a tlbi has made invalid stays so, and others stay valid, however many tlbis follow: a VMM,
 * and the kernel below, count them in 16 bits.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define PAGE_A 0x00400000
#define PAGE_B 0x80000000
#define ZEROS 0x00080000 /* a page of RAM whose words are 0, which is no instruction */
/* two entries, so that the smallest TLB will do */
#define SET(hi1, hi2) li t1, ZEROS | TLB_X; li t0, hi1; tlbw t0, t1; li t0, hi2; tlbw t0, t1
#define IS(va, asid, cause) li a0, va; li a1, ASID(asid); call probe; CHECK(a0, cause)
#define HERE CAUSE_ILLEGAL
#define GONE CAUSE_FETCH_MISS
#define TIMES(n, asid) li a2, n; li a3, asid; 1: tlbi a3, TLBI_ASID; addi a2, a2, -1; bnez a2, 1b
_start: SET(PAGE_A | 1, PAGE_B | 2)
        TIMES(60000, 1)
        TIMES(6000, 3)
        IS(PAGE_A, 1, GONE)
        IS(PAGE_B, 2, HERE)
        SET(PAGE_A | 1, PAGE_B | 2)
        IS(PAGE_A, 1, HERE)
        IS(PAGE_B, 2, HERE)
        PASS
