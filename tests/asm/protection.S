/* protection.S - the eight rights against the three accesses, in user and in kernel mode alike.
 *
 * expect: status 0
 * depths: 0 1 */
#include "check.inc"
#define VA 0x00400000
/* with the right, `break` is reached; without it, the fault */
#define OUTCOME(right, fault) (right) * CAUSE_BREAK + (1 - (right)) * fault
#define TRY_EACH(status, rights) \
  TRY(status, 0, load);  CHECK_WORD(LC_CAUSE, OUTCOME((rights) & 1, CAUSE_LOAD_PROT)); \
  TRY(status, 0, store); CHECK_WORD(LC_CAUSE, OUTCOME((rights) >> 1 & 1, CAUSE_STORE_PROT)); \
  TRY_VA(status, 0, VA); CHECK_WORD(LC_CAUSE, OUTCOME((rights) >> 2 & 1, CAUSE_FETCH_PROT))
#define RIGHTS(rights) MAP(VA, 4, data, rights); \
  TRY_EACH(ST_T | ASID(4), rights); TRY_EACH(ST_U | ST_T | ASID(4), rights)
_start: la      a0, page
        ori     a1, a0, 4
        ori     a2, a0, TLB_X
        tlbw    a1, a2
        li      a1, VA
        RIGHTS(0)
        RIGHTS(1)
        RIGHTS(2)
        RIGHTS(3)
        RIGHTS(4)
        RIGHTS(5)
        RIGHTS(6)
        RIGHTS(7)
        PASS
        .balign PAGE_SIZE
page:
load:   lw      a0, 4(a1)
        break
store:  sw      a0, 4(a1)
        break
        .balign PAGE_SIZE
data:   break
        .word   0
        .balign PAGE_SIZE
