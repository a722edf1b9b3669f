/* adapt.c - instructions that exit often are translated again, with a callout (callout.c).
 *
 * The first times, such an instruction traps, and the VMM does its work. After OFTEN exits at one address its units are
 * dropped, and the next ones have the callout. If the instruction then goes on to exit, because its address is another
 * one now, it is translated for that address, or as it stands; but each change takes twice as many exits as the one
 * before, so that an instruction that is never at rest costs little (hysteresis). A habit is a hint: whatever it says, the
 * sequence made by it does what the instruction does. */
#include "translate.h"

enum { OFTEN = 16, OFTEN_AT_MOST = 1 << 14 };

static struct habit *habit_of(struct translator *t, uint32_t pa) { return &t->habit[pa / 4 % HABITS]; }

/* Can the instruction be done by a callout, at that address? (The guest runs untranslated.) */
static bool has_callout(uint32_t insn, uint32_t va) {
  switch (insn_op(insn)) {
  case PG32_OP_tlbw:
  case PG32_OP_tlbi: return true;
  case PG32_OP_sw: return va == DEV_CONSOLE + CONSOLE_DATA;
  case PG32_OP_lw: return (va & ~3u) == va && va >= DEV_FACTS && va <= DEV_FACTS + FACTS_CPU;
  default: return false;
  }
}

const struct habit *adapt__habit(struct translator *t, uint32_t pa, uint32_t insn) {
  const struct habit *h = habit_of(t, pa);
  return h->pa == pa && h->adapted && has_callout(insn, h->va) ? h : NULL;
}

void adapt__exit(struct translator *t, uint32_t pa, uint32_t insn, uint32_t va) {
  struct habit *h = habit_of(t, pa);
  bool callout = has_callout(insn, va);
  if (h->pa != pa) {
    if (h->adapted || !callout) return;
    *h = (struct habit){.pa = pa, .va = va, .often = OFTEN};
  }
  if (h->adapted ? va == h->va : !callout) return; /* a callout without room; nothing to be done */
  if (va != h->seen) h->seen = va, h->exits = 0;
  if (++h->exits < h->often) return;
  h->exits = 0;
  if (h->often < OFTEN_AT_MOST) h->often *= 2;
  h->va = va;
  h->adapted = callout;
  cache__drop(t, pa, 4, callout ? DROP_CALLOUT : DROP_PLAIN);
}

/* ---- pages ----
 *
 * A store to a traced page traps. Where a kernel has data beside its code that is too dear, and the page's units are made
 * anew without a trace: in front of each instruction they compare the guest's word with the one that they stand for. If
 * code that changes often is found in this manner, there is a trace again. */

static struct page_habit *page_habit_of(struct translator *t, uint32_t pa) {
  return &t->page_habit[(pa >> PAGE_SHIFT) % PAGE_HABITS];
}

/* (Code that runs mapped may be code that cannot be loaded.) */
bool adapt__checked(struct translator *t, uint32_t pa, uint32_t key) {
  const struct page_habit *h = page_habit_of(t, pa);
  return h->checked && h->page == (pa & TLB_PFN_MASK) && !(key & (ST_T | ST_U));
}

void adapt__page(struct translator *t, uint32_t pa, bool changed) {
  struct page_habit *h = page_habit_of(t, pa);
  uint32_t page = pa & TLB_PFN_MASK;
  if (h->page != page || !h->often) {
    if (h->checked) return;
    *h = (struct page_habit){.page = page, .often = OFTEN};
  }
  if (h->checked != changed || ++h->events < h->often) return;
  h->events = 0;
  if (h->often < OFTEN_AT_MOST) h->often *= 2;
  h->checked = !changed;
  cache__drop(t, page, PAGE_SIZE, changed ? DROP_TRACED : DROP_CHECKED);
}
