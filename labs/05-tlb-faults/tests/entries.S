/* entries.S - a new entry works at once, with its rights and in its ASID. An entry with the same VPN and ASID is
 * replaced in place, and the old one is gone even if it has been used. */
#include "probe.inc"
#define VA 0x00400000
#define OTHER 0x7FFFF000
/* jumps to VA under the ASID: a0 is what the page there puts into it */
#define USE(asid) li a0, 0; TRY_VA(ST_U | ST_T | ASID(asid), 0, VA)
#define WORKS(asid, found, what) USE(asid); CAUSE_IS(CAUSE_BREAK, what); CHECK(a0, found, what ": which page was executed")
#define FAILS(asid, cause, what) USE(asid); CAUSE_IS(cause, what); CHECK(a0, 0, what ": which page was executed")
_start: FAILS(1, CAUSE_FETCH_MISS, "a jump to a page before any tlbw")
        MAP(VA, 1, one, TLB_X)
        WORKS(1, 1, "a jump to a page right after its tlbw")
        FAILS(2, CAUSE_FETCH_MISS, "the same page in another ASID")
        MAP(VA, 2, two, TLB_X)
        WORKS(2, 2, "the page in ASID 2")
        WORKS(1, 1, "the page in ASID 1, after a tlbw for ASID 2")

        MAP(VA, 1, two, TLB_X)
        WORKS(1, 2, "after a tlbw that replaces a used entry in place by another frame")
        MAP(VA, 1, two, TLB_R | TLB_W)
        FAILS(1, CAUSE_FETCH_PROT, "after a tlbw that takes away X from a used entry")
        MAP(VA, 1, one, TLB_RIGHTS)
        WORKS(1, 1, "after a tlbw that gives the rights back")
        MAP(VA, 1, one, 0)
        FAILS(1, CAUSE_FETCH_PROT, "after a tlbw without rights: PROT, not MISS")
        WORKS(2, 2, "the page in ASID 2, after all that in ASID 1")

        # the register numbers are fields of the word, not the same each time
        la      s3, two
        ori     s3, s3, TLB_X
        li      t6, VA | 1
        tlbw    t6, s3
        WORKS(1, 2, "tlbw t6, s3")
        # bits 8 to 11 of hi and 3 to 11 of lo are ignored
        la      s3, one
        li      t0, 0xFF8 | TLB_X
        or      s3, s3, t0
        li      t6, VA | 0xF00 | 1
        tlbw    t6, s3
        WORKS(1, 1, "tlbw with all the ignored bits set")
        li      t6, VA | 0xA00 | 1      # it is the same entry: this takes its rights away
        tlbw    t6, zero
        FAILS(1, CAUSE_FETCH_PROT, "after a tlbw without rights, with other ignored bits")

        # all 256 ASIDs, each for itself: a page without rights is PROT in its own, and MISS in those one bit away
        li      s4, 255
every:  tlbi    zero, TLBI_ALL
        li      t0, VA
        or      t0, t0, s4
        tlbw    t0, zero
        li      s5, 0x100               # the bit that is changed; at first one that is not there
one_bit: andi   t0, s5, 0xFF
        xor     t0, t0, s4
        slli    a1, t0, ST_ASID_SHIFT
        li      a0, VA
        call    probe_page
        andi    t0, s5, 0x100
        beqz    t0, 1f
        CHECK(a0, CAUSE_FETCH_PROT, "an entry without rights, in its ASID: PROT (5) or MISS (4)")
        j       2f
1:      CHECK(a0, CAUSE_FETCH_MISS, "an entry without rights, in an ASID that differs in one bit: PROT (5) or MISS (4)")
2:      srli    s5, s5, 1
        bnez    s5, one_bit
        addi    s4, s4, -1
        bgez    s4, every

        # data: loads and stores through entries with some of the rights
#define DATA(rights) MAP(OTHER, 3, data, rights); MAP(VA, 3, access, TLB_X); li a1, OTHER; li a2, 0x600D
        la      s0, data
        li      t0, 0x1234
        sw      t0, 8(s0)
        DATA(TLB_R)
        TRY_VA(ST_T | ASID(3), 0, VA)
        CAUSE_IS(CAUSE_STORE_PROT, "a load, then a store, on a page with R alone")
        CHECK(a0, 0x1234, "the load from a page with R alone")
        DATA(TLB_R | TLB_W)
        TRY_VA(ST_T | ASID(3), 0, VA)
        CAUSE_IS(CAUSE_BREAK, "a load, then a store, on a page with R and W")
        lw      t0, 8(s0)
        CHECK(t0, 0x600D, "memory after the store through the TLB")
        DATA(TLB_W)
        TRY_VA(ST_T | ASID(3), 0, VA)
        CAUSE_IS(CAUSE_LOAD_PROT, "a load on a page with W alone")
        PASS
        .balign PAGE_SIZE
one:    li      a0, 1
        break
        .balign PAGE_SIZE
two:    li      a0, 2
        break
        .balign PAGE_SIZE
access: lw      a0, 8(a1)
        sw      a2, 8(a1)
        break
        .balign PAGE_SIZE
data:   .space  PAGE_SIZE
