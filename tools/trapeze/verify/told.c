/* told.c - what a paravirtual guest has told its hypervisor: a hash table of entries by ASID and page. An entry that has
 * been taken back stays in the table, without rights; ASIDs have generations, so that all entries of one go at once. */
#include <stdlib.h>
#include <string.h>

#include "isa/para.h"
#include "safety.h"

#define ASIDS 256
#define FIRST_PLACES 256

struct entry {
  uint32_t page, generation; /* VPN | ASID; 0 as the generation: this place is empty */
  uint32_t lo;
};

struct told {
  uint32_t generation[ASIDS], generations; /* by ASID; the last one given */
  uint32_t places, used;                   /* places: a power of two */
  struct entry *entry;
};

static struct entry *place_of(const struct told *t, uint32_t page, uint32_t generation) {
  uint32_t i = (page >> PAGE_SHIFT ^ page * 31 ^ generation * 0x9E3779B1u) & (t->places - 1);
  while (t->entry[i].generation && (t->entry[i].page != page || t->entry[i].generation != generation))
    i = (i + 1) & (t->places - 1);
  return &t->entry[i];
}

/* Makes place for as many entries again as there are, and forgets those that hold no more. */
static void grow(struct told *t) {
  struct entry *old = t->entry;
  const uint32_t places = t->places;
  t->places = 2 * places, t->used = 0;
  t->entry = must(calloc(t->places, sizeof *t->entry));
  for (struct entry *e = old; e < old + places; e++) {
    if (!(e->lo & TLB_RIGHTS) || e->generation != t->generation[e->page & TLB_ASID_MASK]) continue;
    *place_of(t, e->page, e->generation) = *e;
    t->used++;
  }
  free(old);
}

static void put(struct told *t, uint32_t page, uint32_t lo) {
  if (t->used > t->places / 2) grow(t);
  struct entry *e = place_of(t, page, t->generation[page & TLB_ASID_MASK]);
  t->used += e->generation == 0;
  *e = (struct entry){page, t->generation[page & TLB_ASID_MASK], lo};
}

static struct told *told_new(void) {
  struct told *t = must(calloc(1, sizeof *t));
  t->places = FIRST_PLACES;
  t->entry = must(calloc(t->places, sizeof *t->entry));
  for (uint32_t a = 0; a < ASIDS; a++) t->generation[a] = ++t->generations;
  return t;
}

/* False: the hypervisor refuses the operation. */
static bool carry_out(struct told *t, uint32_t hi, uint32_t lo, uint32_t bytes) {
  const uint32_t page = hi & (TLB_VPN_MASK | TLB_ASID_MASK);
  switch (hi & PARA_OP_MASK) {
  case PARA_OP_ENTRY:
    if ((lo & TLB_PFN_MASK) >= bytes) return false;
    put(t, page, lo & (TLB_PFN_MASK | TLB_RIGHTS));
    return true;
  case PARA_OP_PAGE: put(t, page, 0); return true;
  case PARA_OP_ASID: t->generation[hi & TLB_ASID_MASK] = ++t->generations; return true;
  case PARA_OP_ALL:
    for (uint32_t a = 0; a < ASIDS; a++) t->generation[a] = ++t->generations;
    return true;
  default: return false;
  }
}

void told_queue(struct told **t, const struct para_page *page, uint32_t bytes) {
  if (!*t) *t = told_new();
  if (page->nops > PARA_OPS_MAX) return;
  for (uint32_t i = 0; i < page->nops; i++)
    if (!carry_out(*t, page->op[i].hi, page->op[i].lo, bytes)) return;
}

uint32_t told_entry(const struct told *t, uint32_t asid, uint32_t vpn) {
  return t ? place_of(t, vpn | asid, t->generation[asid])->lo : 0;
}

void told_free(struct told *t) {
  if (t) free(t->entry);
  free(t);
}
