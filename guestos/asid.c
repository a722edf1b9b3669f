/* asid.c - who has which ASID.
 *
 * There are 255 for 250 processes and for the spaces of 8 VMs, of which each may have 257. When all are in
 * use, one is taken from its holder, who gets another when it runs next. */
#include "kernel.h"

/* By ASID, of which 0 is the kernel's own: */
static uint8_t *holders[ASIDS]; /* the variable that it was given to; NULL: free */
static bool used[ASIDS];        /* the TLB may hold entries of it */
static uint32_t next_asid = 1;

/* The next ASID in turn that is free; if may_take, also one of another holder, but not that of the running
 * process. 0: there is none. */
static uint32_t find(bool may_take) {
  for (uint32_t i = 1; i < ASIDS; i++) {
    uint32_t a = next_asid;
    next_asid = next_asid == ASIDS - 1 ? 1 : next_asid + 1;
    if (holders[a] == NULL || (may_take && a != low_core->asid)) return a;
  }
  return 0;
}

/* Invalidates all entries of free ASIDs. To go through the TLB for one of them costs as much. */
static void drop_free(void) {
  uint8_t stale[ASIDS] = {0};
  for (uint32_t a = 1; a < ASIDS; a++)
    if (used[a] && !holders[a]) {
      stale[a] = 1;
      used[a] = false;
    }
  tlb_drop_asids(stale);
}

void asid_get(uint8_t *holder) {
  uint32_t a = find(false);
  if (a == 0) {
    a = find(true);
    *holders[a] = 0;
    holders[a] = NULL;
  }
  if (used[a]) drop_free();
  used[a] = true;
  holders[a] = holder;
  *holder = a;
}

void asid_put(uint8_t *holder) {
  if (*holder == 0) return;
  holders[*holder] = NULL;
  *holder = 0;
}
