/* start.S - one page: a fetch from it misses, the kernel loads its entry, and the fetch succeeds. Then a locked entry, which
 * stays when all others fall out, until it is unlocked. The boot argument is the bit of hi that locks. */
#include "probe.inc"
#define VA 0x00400000
#define LOCKED 0x00500000
#define OTHERS 0x00600000
#define IS(va, cause, what) TRY_VA(ST_U | ST_T | ASID(2), 9, va); CAUSE_IS(cause, what)
#define HERE(va, what) IS(va, CAUSE_BREAK, what)
#define GONE(va, what) IS(va, CAUSE_FETCH_MISS, what)
/* as many entries as the TLB has, from page `first` of OTHERS on; t3 = lo */
#define FILL(first) \
  li t0, DEV_FACTS; lw t1, FACTS_TLB(t0); li t2, OTHERS + ((first) << PAGE_SHIFT) + 2; li t0, PAGE_SIZE; \
  1: tlbw t2, t3; add t2, t2, t0; addi t1, t1, -1; bnez t1, 1b
_start: call    probe_seed
        li      s2, 1
        sll     s2, s2, a0
        li      a0, 0
        TRY_VA(ST_U | ST_T | ASID(1), 9, VA)
        CAUSE_IS(CAUSE_FETCH_MISS, "a jump to a page without an entry")
        MAP(VA, 1, page, TLB_X)
        TRY_VA(ST_U | ST_T | ASID(1), 9, VA)
        CAUSE_IS(CAUSE_BREAK, "a jump to a page after its tlbw")
        CHECK(a0, 1, "instructions executed on that page")

        la      t3, page
        ori     t3, t3, TLB_X
        li      t1, LOCKED | 2
        or      t1, t1, s2
        tlbw    t1, t3
        HERE(LOCKED, "a locked entry")
        FILL(0)
        HERE(LOCKED, "a locked entry after as many others as the TLB has")
        GONE(OTHERS, "the first of these others, for which there was no slot in the end")
        HERE(OTHERS + PAGE_SIZE, "the second of these others")
        li      t1, LOCKED | 2
        tlbw    t1, t3                  # in place, and not locked any more
        HERE(LOCKED, "the entry after it was unlocked")
        FILL(0x400)
        GONE(LOCKED, "the entry that was unlocked, after as many others as the TLB has")
        PASS
        .balign PAGE_SIZE
page:   addi    a0, a0, 1
        break
