/* rights.S - the eight combinations of rights and the three kinds of access: each right allows its own kind only;
 * without the right the trap is PROT, never MISS. Each page is first used in a way that is allowed, if there is one,
 * so that its entry is in use. */
#include "probe.inc"
#define CODE 0x00400000
#define PAGE 0x00500000
#define YES CAUSE_BREAK, 0
#define NO_R CAUSE_LOAD_PROT, PAGE + 8
#define NO_W CAUSE_STORE_PROT, PAGE + 8
#define NO_X CAUSE_FETCH_PROT, PAGE
#define ACCESS(what, at, cause, badva) \
  TRY_VA(ST_U | ST_T | ASID(2), 9, at); CAUSE_IS(cause, what); BADVA_IS(badva, what)
#define ACCESS_(what, at, ...) ACCESS(what, at, __VA_ARGS__)
#define RIGHTS(rights, name, load, store, fetch) \
  MAP(PAGE, 2, page, rights); li a1, PAGE; \
  ACCESS_("a load from a page with rights " name, CODE, load); \
  ACCESS_("a store to a page with rights " name, CODE + 8, store); \
  ACCESS_("a fetch from a page with rights " name, PAGE, fetch); \
  ACCESS_("a load, after that, from a page with rights " name, CODE, load)
_start: MAP(CODE, 2, code, TLB_X)
        RIGHTS(TLB_R | TLB_W | TLB_X, "R, W and X", YES, YES, YES)
        RIGHTS(0, "none", NO_R, NO_W, NO_X)
        RIGHTS(TLB_R, "R", YES, NO_W, NO_X)
        RIGHTS(TLB_W, "W", NO_R, YES, NO_X)
        RIGHTS(TLB_X, "X", NO_R, NO_W, YES)
        RIGHTS(TLB_R | TLB_W, "R and W", YES, YES, NO_X)
        RIGHTS(TLB_R | TLB_X, "R and X", YES, NO_W, YES)
        RIGHTS(TLB_W | TLB_X, "W and X", NO_R, YES, YES)
        RIGHTS(TLB_R | TLB_W | TLB_X, "all three", YES, YES, YES)
        tlbi    zero, TLBI_ALL          # no entry at all is another thing
        MAP(CODE, 2, code, TLB_X)
        TRY_VA(ST_U | ST_T | ASID(2), 9, CODE)
        CAUSE_IS(CAUSE_LOAD_MISS, "a load from a page without an entry")
        PASS
        .balign PAGE_SIZE
code:   lw      a0, 8(a1)
        break
        sw      a2, 8(a1)
        break
        .balign PAGE_SIZE
page:   break
        .space  PAGE_SIZE - 4
