/* view_mmu.c - the MMU pane: an address on its way through every TLB, where it misses, and the entries of each
 * TLB. */
#include <limits.h>

#include "tools/trapeze/trace/trace.h"
#include "view.h"

/* An address, and the lane that uses it: the lane that trapped, or the lane that runs. */
struct walk {
  uint32_t va, lane, depth, vstatus, status;
  uint64_t event; /* the trap; 0: the lane runs now */
};
#define UNKNOWN (~(uint32_t)0)

static struct walk walk_of(struct debug *d, bool *known) {
  struct place p = model_place(d);
  uint64_t event = d->at_list_stop ? d->list : p.event;
  const struct note n = index_note(d, event);
  struct walk w = {.lane = p.lane, .depth = p.who.depth, .vstatus = p.vstatus, .status = p.regs.status};
  *known = mmu_subject(d, &w.va);
  if (!*known || d->walk_set || n.kind != RECORD_TRAP) return w;
  const struct record *rec = timeline_event(d->t, event);
  if (!rec) return w;
  w.event = event;
  w.lane = n.from, w.depth = d->lanes[n.from].depth;
  w.vstatus = rec->virtual_status, w.status = rec->real_status;
  bool writes = rec->trap.cause == CAUSE_PRIVILEGED; /* tlbw: its operand has the ASID */
  if (writes) w.vstatus = ST_T | (rec->trap.rs1 & TLB_ASID_MASK) << ST_ASID_SHIFT;
  return w;
}

static void level(struct cells *c, int row, const char *name, const struct tlb_model *tlb, uint32_t va,
                  uint32_t asid, const char *to) {
  char r[4];
  int slot = mmu_find(tlb, va, asid);
  int x = cells_printf(c, row, 0, PLAIN, "%-7s a%-2u ", name, asid);
  if (slot < 0) {
    cells_put(c, row, x, MISS, "✗ MISS: no entry");
    return;
  }
  uint32_t lo = tlb->slot[slot].lo;
  x = cells_printf(c, row, x, GOOD, "✓ %s 0x%08x %s", to, (lo & TLB_PFN_MASK) | (va & ~TLB_VPN_MASK),
                   trace_rights(lo, r));
  cells_printf(c, row, x, DIM, " #%llu", (unsigned long long)tlb->slot[slot].event);
}

/* The real ASID of the guest's address space: usually that of the trap. A guest kernel's `tlbw` is for
 * another address space, whose real ASID is that of the newest real entry for the page. */
static uint32_t real_asid(const struct tlb_model *real, const struct walk *w, bool other) {
  uint32_t asid = status_asid(w->status), best = asid;
  uint64_t newest = 0;
  for (unsigned i = 0; other && i < real->entries; i++) {
    const struct tlb_slot *s = &real->slot[i];
    if (!s->valid || ((s->hi ^ w->va) & TLB_VPN_MASK) || s->event <= newest) continue;
    newest = s->event;
    best = s->hi & TLB_ASID_MASK;
  }
  return best;
}

struct newest { /* a walk through a TLB, from the newest entry to the oldest */
  const char *name;
  const struct tlb_model *tlb;
  const struct tlb_slot *last; /* where the walk is; NULL = at the beginning */
};

/* Several entries may have no event of their own: of those, the ones in higher slots come first. */
static bool is_newer(const struct tlb_slot *a, const struct tlb_slot *b) {
  return a->event != b->event ? a->event > b->event : a > b;
}

static const struct tlb_slot *next_newest(const struct newest *n) {
  const struct tlb_slot *best = NULL;
  for (unsigned i = 0; i < n->tlb->entries; i++) {
    const struct tlb_slot *s = &n->tlb->slot[i];
    if (s->valid && (!n->last || is_newer(n->last, s)) && (!best || is_newer(s, best))) best = s;
  }
  return best;
}

/* At most `rows` of the entries that are left. */
static int entries(struct cells *c, int row, struct newest *n, int rows) {
  char r[4];
  const struct tlb_slot *s;
  for (; rows > 0 && (s = next_newest(n)); rows--) {
    n->last = s;
    cells_printf(c, row++, 0, PLAIN, "%4d %05x a%-3u ▶ %05x %s #%llu", (int)(s - n->tlb->slot),
                 s->hi >> PAGE_SHIFT, s->hi & TLB_ASID_MASK, s->lo >> PAGE_SHIFT, trace_rights(s->lo, r),
                 (unsigned long long)s->event);
  }
  return row;
}

/* The newest entries of each TLB, so that all TLBs are seen; and all older ones below them. */
static int both(struct cells *c, int row, struct newest *n, int tlbs) {
  const int rows = (c->window - row) / tlbs - 1;
  for (int i = 0; i < tlbs; i++) {
    cells_printf(c, row++, 0, TITLE, "%s TLB, newest first; next slot %u", n[i].name, n[i].tlb->pointer);
    row = entries(c, row, &n[i], rows > 1 ? rows : 1);
  }
  for (int i = 0; i < tlbs; i++) {
    if (!next_newest(&n[i])) continue;
    if (row == c->window - 1) row++; /* no headline alone at the bottom */
    cells_printf(c, row++, 0, TITLE, "%s TLB, older entries", n[i].name);
    row = entries(c, row, &n[i], INT_MAX);
  }
  return row;
}

/* The virtual STATUS of each level around the lane when it trapped. The recorder knows them only while the
 * lane runs, so the session goes to the trap and back. */
static void middle_levels(struct debug *d, const struct walk *w, uint64_t event, uint32_t *vstatus) {
  struct lane_vm vm;
  uint64_t here = model_position(d);
  for (unsigned l = 1; l < w->depth; l++) vstatus[l] = UNKNOWN;
  if (event) timeline_go(d->t, index_note(d, event).position);
  for (unsigned l = 1; l < w->depth && l <= RECORDER_DEPTH; l++)
    if (recorder_current(timeline_recorder(d->t)) == w->lane &&
        recorder_lane_vm(timeline_recorder(d->t), w->lane, l, &vm))
      vstatus[l] = vm.vstatus;
  if (event) model_return(d, here);
}

static int walk(struct debug *d, struct cells *c, int row, const struct walk *w,
                const struct tlb_model *real) {
  static struct tlb_model guest;
  char name[16];
  uint32_t vstatus[RECORDER_DEPTH + 1];
  bool other = w->depth && w->vstatus != UNKNOWN && !(status_asid(w->status));
  if (w->depth > 1) middle_levels(d, w, w->event, vstatus);
  for (unsigned l = w->depth <= RECORDER_DEPTH ? w->depth : RECORDER_DEPTH; l >= 1; l--) {
    uint32_t status = l == w->depth ? w->vstatus : vstatus[l];
    snprintf(name, sizeof name, w->depth == 1 ? "virtual" : "virt %u", l);
    mmu_tlb(d, w->lane, l, &guest);
    if (status == UNKNOWN)
      cells_printf(c, row++, 0, DIM, "%-7s     not known yet", name);
    else if (!(status & ST_T))
      cells_printf(c, row++, 0, PLAIN, "%-7s     untranslated: gpa 0x%08x", name, w->va);
    else
      level(c, row++, name, &guest, w->va, status_asid(status), "gpa");
  }
  if (!(w->status & ST_T))
    cells_printf(c, row++, 0, PLAIN, "real        untranslated: pa 0x%08x", w->va);
  else
    level(c, row++, "real", real, w->va, real_asid(real, w, other), "pa ");
  return row;
}

void view_mmu(struct debug *d, struct cells *c) {
  static struct tlb_model real, guest;
  bool known;
  struct walk w = walk_of(d, &known);
  mmu_tlb(d, w.lane, 0, &real);
  int row = 0;
  if (known) {
    cells_printf(c, row++, 0, TITLE, "va 0x%08x of %s", w.va, model_lane_name(d, w.lane));
    row = walk(d, c, row, &w, &real);
  } else
    cells_put(c, row++, 0, DIM, "No address to walk; `walk ADDR` sets one.");
  if (w.depth) mmu_tlb(d, w.lane, w.depth, &guest);
  struct newest n[] = {{"real", &real, NULL}, {"virtual", &guest, NULL}};
  both(c, row, n, w.depth ? 2 : 1);
}
