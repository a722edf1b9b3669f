/* ramedge.S - the last bytes of RAM work in every width; the next address is a bus error.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define BUS(insn, cause) TRY(ST_U, 9, at_##insn); CHECK_WORD(LC_CAUSE, cause); lw a2, LC_BADVA(zero); CHECK_SAME(a2, a1)
_start: li      t0, DEV_FACTS
        lw      a1, FACTS_RAM(t0)
        li      a0, 0x81828384
        sw      a0, -4(a1)
        lw      a2, -4(a1)
        CHECK_SAME(a2, a0)
        lbu     a2, -1(a1)
        CHECK(a2, 0x81)
        lhu     a2, -2(a1)
        CHECK(a2, 0x8182)
        sb      zero, -1(a1)
        lw      a2, -4(a1)
        CHECK(a2, 0x00828384)
        BUS(lb, CAUSE_LOAD_BUS)
        BUS(lh, CAUSE_LOAD_BUS)
        BUS(lw, CAUSE_LOAD_BUS)
        BUS(sb, CAUSE_STORE_BUS)
        BUS(sh, CAUSE_STORE_BUS)
        BUS(sw, CAUSE_STORE_BUS)
        la      s0, page                # translated: the page behind RAM may be installed, not used
        ori     s1, s0, 4
        ori     s2, s0, TLB_X
        tlbw    s1, s2
        ori     s2, a1, TLB_R | TLB_W
        li      s1, 0x00400000 | 4
        tlbw    s1, s2
        li      a1, 0x00400000
        TRY(ST_U | ST_T | ASID(4), 9, at_lw)
        TRAP_WAS(CAUSE_LOAD_BUS, ST_U | ST_T | ASID(4), 9, 0x00400000, WORD_I(PG32_OP_lw, 12, 11, 0))
        PASS
        .balign PAGE_SIZE
page:
at_lb:  lb      a2, 0(a1)
at_lh:  lh      a2, 0(a1)
at_lw:  lw      a2, 0(a1)
at_sb:  sb      a2, 0(a1)
at_sh:  sh      a2, 0(a1)
at_sw:  sw      a2, 0(a1)
