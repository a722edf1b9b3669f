/* miss.S - what the guest's kernel learns about a miss: its kind, its address and its instruction. After the refill
 * the instruction must work as if nothing had happened. From user mode and from kernel mode. */
#include "probe.inc"
#define CODE 0x00400000
#define DATA 0x7FFFE000
#define MISSES(mode, status, what, at, cause, badva, badinst) \
  TRY_VA(status, 9, CODE + (at)); CAUSE_IS(cause, what " in " mode); PC_IS_VA(CODE + (at), what " in " mode); \
  STATUS_IS(status, what " in " mode); TIMER_IS(9, what " in " mode); BADVA_IS(badva, what " in " mode); BADINST_IS(badinst, what " in " mode)
#define EACH(mode, status) \
  tlbi zero, TLBI_ALL; \
  MISSES(mode, status, "a fetch without an entry", 4, CAUSE_FETCH_MISS, CODE + 4, 0); \
  MAP(CODE, 5, code, TLB_X); li a1, DATA; \
  MISSES(mode, status, "a load without an entry", 0, CAUSE_LOAD_MISS, DATA + 0x124, WORD_I(PG32_OP_lw, 10, 11, 0x124)); \
  MISSES(mode, status, "a byte load without an entry", 8, CAUSE_LOAD_MISS, DATA + 0x127, WORD_I(PG32_OP_lbu, 10, 11, 0x127)); \
  MISSES(mode, status, "a store without an entry", 16, CAUSE_STORE_MISS, DATA + 0x128, WORD_I(PG32_OP_sw, 12, 11, 0x128)); \
  MISSES(mode, status, "a halfword store without an entry", 24, CAUSE_STORE_MISS, DATA + 0x12A, WORD_I(PG32_OP_sh, 12, 11, 0x12A)); \
  MAP(DATA, 5, data, TLB_R | TLB_W); li a0, 0; li a2, 0xABCD; \
  TRY_VA(status, 9, CODE + 0); CAUSE_IS(CAUSE_BREAK, "the load after its refill in " mode); CHECK(a0, 0x1234, "the load after its refill in " mode); \
  TIMER_IS(7, "the load after its refill, TIMER loaded with 9, in " mode); \
  TRY_VA(status, 9, CODE + 16); CAUSE_IS(CAUSE_BREAK, "the store after its refill in " mode)
_start: la      s0, data
        li      t0, 0x1234
        sw      t0, 0x124(s0)
        EACH("user mode", ST_U | ST_T | ASID(5))
        EACH("user mode with interrupts", ST_U | ST_IE | ST_T | ASID(5))
        EACH("kernel mode", ST_T | ASID(5))
        lw      t0, 0x128(s0)
        CHECK(t0, 0xABCD, "memory after the store that had missed")
        lw      t0, 0x12C(s0)
        CHECK(t0, 0, "memory behind it")
        PASS
        .balign PAGE_SIZE
code:   lw      a0, 0x124(a1)           # 0
        break
        lbu     a0, 0x127(a1)           # 8
        break
        sw      a2, 0x128(a1)           # 16
        break
        sh      a2, 0x12A(a1)           # 24
        break
        .balign PAGE_SIZE
data:   .space  PAGE_SIZE
