/* rfe.S - rfe loads PC, STATUS and TIMER from the physical low core, and changes nothing but the old PSW there. */
#include "probe.inc"
#define VA 0x00400000
#define T ST_T | ASID(4)
#define EVERY(status, what) TRY(status, 9, stop); CAUSE_IS(CAUSE_BREAK, what); STATUS_IS(status, what); \
  TIMER_IS(8, what ", TIMER loaded with 9, then one instruction"); PC_IS(stop + 4, what)
_start: la      s0, 1f
        sw      s0, LC_PC(zero)
        li      s0, 0xFFFFFFFF - ST_U - ST_IE - ST_T
        sw      s0, LC_STATUS(zero)
        rfe
1:      mfst    a0
        CHECK(a0, ASID(0xFF), "mfst after rfe has loaded every bit but U, IE and T: bits that are not there stay 0")
        CHECK_WORD(LC_STATUS, 0, "E[0x04] after rfe: from E[4N + 4], where nothing was")
        EVERY(0, "rfe with STATUS = 0")
        EVERY(ST_U, "rfe with STATUS = U")
        EVERY(ST_IE, "rfe with STATUS = IE")
        EVERY(ST_U | ST_IE, "rfe with STATUS = U, IE")
        EVERY(ST_U | ASID(200), "rfe with STATUS = U, ASID 200")

        # translated, nothing mapped: the fetch misses, in the ASID that was loaded
        TRY_VA(T, 7, VA)
        CAUSE_IS(CAUSE_FETCH_MISS, "rfe with STATUS = T to a page not mapped")
        PC_IS_VA(VA, "rfe with STATUS = T to a page not mapped")
        STATUS_IS(T, "rfe with STATUS = T to a page not mapped")
        TIMER_IS(7, "rfe with STATUS = T to a page not mapped, TIMER loaded with 7")
        TRY_VA(ST_U | ST_IE | T, 1, VA)
        STATUS_IS(ST_U | ST_IE | T, "rfe with STATUS = U, IE, T to a page not mapped")
        CAUSE_IS(CAUSE_FETCH_MISS, "rfe with STATUS = U, IE, T to a page not mapped, TIMER loaded with 1")

        # TIMER is exact: n lets n instructions retire
#define COUNT(n) li a0, 0; TRY(ST_U | ST_IE, n, count); CHECK(a0, n, "instructions after rfe with E[0x08] = " #n); \
  CAUSE_IS(CAUSE_TIMER, "rfe with E[0x08] = " #n)
        COUNT(0)
        COUNT(1)
        COUNT(2)
        COUNT(7)

        # no register changes on the way
        li      t0, 0x11223344
        li      a7, 0x55667788
        li      t6, 0x99AABBCC
        TRY(ST_U, 9, stop)
        CHECK(t0, 0x11223344, "t0 after rfe")
        CHECK(a7, 0x55667788, "a7 after rfe")
        CHECK(t6, 0x99AABBCC, "t6 after rfe")
        PASS
stop:   break
count:  .rept   8
        addi    a0, a0, 1
        .endr
        break
