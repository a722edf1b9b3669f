/* status.S - mfst and mtst: which bits STATUS has, which registers the fields mean, and from when on the new STATUS
 * holds. Uses no other privileged instruction. */
#include "probe.inc"
#define READS(reg) mfst reg; CHECK(reg, ASID(0x5A), "mfst " #reg " after mtst a0 with ASID 0x5a")
#define WRITES(reg, n) li reg, ASID(n); mtst reg; mfst a1; CHECK(a1, ASID(n), "mtst " #reg ", then mfst a1")
#define VECTOR(label) la s0, label; sw s0, LC_VECTOR(zero)
_start: li      a0, -1
        mfst    a0
        CHECK(a0, 0, "mfst a0 right after reset")
        li      a0, 0xFFFFFFFF - ST_U - ST_IE - ST_T
        mtst    a0
        mfst    a1
        CHECK(a1, ASID(0xFF), "mfst after mtst with every bit but U, IE and T: bits that are not there read 0")
        CHECK(a0, 0xFFFFFFF8, "mtst a0: the register it reads")
        li      a0, ASID(0x5A)
        mtst    a0
        READS(ra)
        READS(sp)
        READS(s0)
        READS(t6)
        mfst    zero
        CHECK(zero, 0, "mfst zero: register 0 stays 0")
        WRITES(ra, 1)
        WRITES(s0, 2)
        WRITES(t6, 0x80)
        mtst    zero
        mfst    a1
        CHECK(a1, 0, "register 0 after mfst zero (it stays 0): mtst zero, then mfst a1")

        VECTOR(1f)                      # user mode, from the next instruction on
        li      a0, ST_U | ASID(5)
        mtst    a0
drop:   mfst    a0
1:      CAUSE_IS(CAUSE_PRIVILEGED, "mfst right after mtst has set U")
        PC_IS(drop, "mfst right after mtst has set U")
        STATUS_IS(ST_U | ASID(5), "mfst right after mtst has set U")

        VECTOR(2f)                      # translation, from the next fetch on: nothing is mapped
        li      a0, ST_T | ASID(6)
        mtst    a0
lost:   nop
2:      CAUSE_IS(CAUSE_FETCH_MISS, "the instruction after mtst has set T, with no page mapped")
        PC_IS(lost, "the instruction after mtst has set T")
        STATUS_IS(ST_T | ASID(6), "the instruction after mtst has set T")

        VECTOR(3f)                      # interrupts: TIMER is 0 since reset, so one comes at once
        li      a0, ST_IE
        li      s1, 0
        mtst    a0
open:   addi    s1, s1, 1
3:      CHECK(s1, 0, "instructions between mtst with IE, TIMER being 0, and the interrupt")
        CAUSE_IS(CAUSE_TIMER, "mtst with IE, TIMER being 0")
        PC_IS(open, "mtst with IE, TIMER being 0")
        STATUS_IS(ST_IE, "mtst with IE, TIMER being 0")
        mfst    a1
        CHECK(a1, 0, "mfst in the handler of an interrupt")
        PASS
