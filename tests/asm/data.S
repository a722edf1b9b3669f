/* data.S - loads and stores that fault: misaligned, miss, protection, bus error, each width, each word of the trap.
 *
 * expect: status 0
 * depths: 0 1 2
 *
 * The faulting instruction leaves its register and the memory alone and does not retire. */
#include "check.inc"
#define U ST_U | ST_IE | ST_T | ASID(4)
#define FAULT(insn, cause, status, addr, word) \
  li a1, addr; li a0, 0x77; TRY(status, 9, at_##insn); PC_WAS(at_##insn); \
  TRAP_WAS(cause, status, 9, addr, word); CHECK(a0, 0x77)
#define LB WORD_I(PG32_OP_lb, 10, 11, 0)
#define LH WORD_I(PG32_OP_lh, 10, 11, 0)
#define LW WORD_I(PG32_OP_lw, 10, 11, 0)
#define LBU WORD_I(PG32_OP_lbu, 10, 11, 0)
#define LHU WORD_I(PG32_OP_lhu, 10, 11, 0)
#define SB WORD_I(PG32_OP_sb, 10, 11, 0)
#define SH WORD_I(PG32_OP_sh, 10, 11, 0)
#define SW WORD_I(PG32_OP_sw, 10, 11, 0)
#define EACH(status, addr, load, store) \
  FAULT(lb, load, status, addr, LB);   FAULT(lh, load, status, addr, LH);  FAULT(lw, load, status, addr, LW); \
  FAULT(lbu, load, status, addr, LBU); FAULT(lhu, load, status, addr, LHU); \
  FAULT(sb, store, status, addr, SB);  FAULT(sh, store, status, addr, SH); FAULT(sw, store, status, addr, SW)
_start: la      a0, page
        ori     a1, a0, 4
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        FAULT(lh, CAUSE_LOAD_MISALIGNED, 0, 0x2001, LH)
        FAULT(lhu, CAUSE_LOAD_MISALIGNED, ST_U, 0x2003, LHU)
        FAULT(lw, CAUSE_LOAD_MISALIGNED, 0, 0x2001, LW)
        FAULT(lw, CAUSE_LOAD_MISALIGNED, ST_U, 0x2002, LW)
        FAULT(lw, CAUSE_LOAD_MISALIGNED, U, 0x00400FFE, LW)
        FAULT(sh, CAUSE_STORE_MISALIGNED, 0, 0x00300001, SH)
        FAULT(sw, CAUSE_STORE_MISALIGNED, U, 0x00400FFF, SW)
        FAULT(sw, CAUSE_STORE_MISALIGNED, 0, 0x00300002, SW)
        EACH(U, 0x00400010, CAUSE_LOAD_MISS, CAUSE_STORE_MISS)
        EACH(ST_T | ASID(4), 0x80000010, CAUSE_LOAD_MISS, CAUSE_STORE_MISS)
        MAP(0x00400000, 4, data, TLB_X)
        EACH(U, 0x00400FFC, CAUSE_LOAD_PROT, CAUSE_STORE_PROT)
        MAP(0x00400000, 4, data, 0)     # valid, without rights
        EACH(ST_T | ASID(4), 0x00400000, CAUSE_LOAD_PROT, CAUSE_STORE_PROT)
        MAP(0x00400000, 4, data, TLB_W | TLB_X)
        FAULT(lw, CAUSE_LOAD_PROT, U, 0x00400000, LW)
        MAP(0x00400000, 4, data, TLB_R | TLB_X)
        FAULT(sb, CAUSE_STORE_PROT, U, 0x00400003, SB)
        EACH(ST_U, 0xE0000000, CAUSE_LOAD_BUS, CAUSE_STORE_BUS)
        EACH(0, 0xFFFFFFFC, CAUSE_LOAD_BUS, CAUSE_STORE_BUS)
        EACH(0, DEV_END, CAUSE_LOAD_BUS, CAUSE_STORE_BUS)
        MAP_PA(0x00400000, 4, 0xEFFFF000, TLB_R | TLB_W)
        EACH(U, 0x00400FFC, CAUSE_LOAD_BUS, CAUSE_STORE_BUS)
        la      s0, data                # no store has got through
        lw      a0, 0(s0)
        CHECK(a0, 0x5A5A5A5A)
        li      a0, 0x12345678          # BADVA is what the instruction computed, wrapped
        li      a1, 8
        TRY(ST_U, 9, at_far)
        TRAP_WAS(CAUSE_LOAD_BUS, ST_U, 9, 0xFFFFC008, WORD_I(PG32_OP_lw, 10, 11, -16384))
        CHECK(a0, 0x12345678)
        PASS
        .balign PAGE_SIZE
page:
at_lb:  lb      a0, 0(a1)
at_lh:  lh      a0, 0(a1)
at_lw:  lw      a0, 0(a1)
at_lbu: lbu     a0, 0(a1)
at_lhu: lhu     a0, 0(a1)
at_sb:  sb      a0, 0(a1)
at_sh:  sh      a0, 0(a1)
at_sw:  sw      a0, 0(a1)
at_far: lw      a0, -16384(a1)
        .balign PAGE_SIZE
data:   .word   0x5A5A5A5A
        .balign PAGE_SIZE
