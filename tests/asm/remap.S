/* remap.S - a direct jump, a branch, and code that runs on over the end of its page lead to the page that the TLB has now:
 * another frame after tlbw, a miss after tlbi. The jumps have run before, so a translator may have chained them.
 *
 * expect: status 0
 * depths: 0 1 2 */
#include "check.inc"
#define HERE 0x00400000 /* jumps to ... */
#define THERE (HERE + PAGE_SIZE)
#define GO(status, at) TRY_VA((status) | ST_T | ASID(4), 0, HERE + (at)); CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
#define ALL(status, n) \
  li a0, 0; GO(status, 0); CHECK(a0, n); GO(status, 8); CHECK(a0, 2 * (n)); \
  GO(status, PAGE_SIZE - 4); CHECK(a0, 3 * (n)); GO(status, 16); CHECK(a0, 4 * (n))
#define MISSES(status, at, pc) \
  TRY_VA((status) | ST_T | ASID(4), 0, HERE + (at)); CHECK_WORD(LC_CAUSE, CAUSE_FETCH_MISS); PC_WAS_VA(pc)
_start: li      s0, 20
again:  MAP(HERE, 4, here, TLB_RIGHTS)
        MAP(THERE, 4, one, TLB_RIGHTS)
        ALL(0, 1)
        ALL(ST_U, 1)
        ALL(0, 1)
        MAP(THERE, 4, two, TLB_RIGHTS)
        ALL(0, 5)
        ALL(ST_U, 5)
        li      s1, THERE | 4
        tlbi    s1, TLBI_PAGE
        MISSES(0, 0, THERE)
        MISSES(ST_U, 8, THERE)
        MISSES(0, PAGE_SIZE - 4, THERE)
        MISSES(ST_U, 16, THERE)
        MAP(THERE, 4, one, TLB_R)               # no right to execute
        TRY_VA(ST_T | ASID(4), 0, HERE)
        CHECK_WORD(LC_CAUSE, CAUSE_FETCH_PROT)
        MAP(THERE, 4, one, TLB_RIGHTS)
        ALL(0, 1)
        addi    s0, s0, -1
        bnez    s0, again
        PASS

        .balign PAGE_SIZE
here:   j       there
        nop
        beqz    zero, there
        nop
        lui     t0, THERE >> 12                 # 16: an indirect jump
        jr      t0
        .org    here + PAGE_SIZE - 4
        nop                                     # and on over the end
there:
one:    addi    a0, a0, 1
        break
        .balign PAGE_SIZE
two:    addi    a0, a0, 5
        break
