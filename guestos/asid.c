/* asid.c - who has which ASID.
 *
 * There are 255 for 250 processes and for the spaces of 8 VMs, of which each may have 257. When all are in
 * use, one is taken from its holder, who gets another when it runs next. */
#include "kernel.h"

/* By ASID, of which 0 is the kernel's own: */
static uint8_t *holders[ASIDS];          /* the variable that it was given to; NULL: free */
static bool used[ASIDS];                 /* the TLB may hold entries of it */
static uint32_t next_asid = 1, held = 0; /* held: how many have a holder */

/* The next ASID in turn that is free; when none is, the next that is not the running process's. */
static uint32_t find(void) {
  for (;;) {
    uint32_t a = next_asid;
    next_asid = next_asid == ASIDS - 1 ? 1 : next_asid + 1;
    if (held < ASIDS - 1 ? holders[a] == NULL : a != low_core->asid) return a;
  }
}

/* Invalidates all entries of free ASIDs: soon the others would be asked for, too. */
static void drop_free(void) {
  charge(4500); /* instructions, about, beside the pass through the TLB */
  uint8_t stale[ASIDS] = {0};
  for (uint32_t a = 1; a < ASIDS; a++)
    if (used[a] && !holders[a]) {
      stale[a] = 1;
      used[a] = false;
    }
  tlb_drop_asids(stale);
}

/* All are in use: some holders lose theirs, so that there need not soon be another pass through the TLB. */
static void take_some(uint32_t first) {
  for (uint32_t a = first; a < ASIDS && a < first + 32; a++)
    if (a != low_core->asid) asid_put(holders[a]);
}

void asid_get(uint8_t *holder) {
  uint32_t a = find();
  if (holders[a]) take_some(a);
  if (used[a]) drop_free();
  used[a] = true;
  holders[a] = holder;
  held++;
  *holder = a;
}

void asid_put(uint8_t *holder) {
  if (*holder == 0) return;
  holders[*holder] = NULL;
  held--;
  *holder = 0;
}

void asids_put(uint8_t *holder, uint32_t n) {
  for (uint32_t *four = (uint32_t *)holder, *end = four + n / 4; four < end; four++) /* most are 0 */
    for (int i = 0; i < 4 && *four; i++) asid_put((uint8_t *)four + i);
}
