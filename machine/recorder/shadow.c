/* shadow.c - what a VMM does wrong besides its answers to traps: the TLB of the machine around allows more than
 * the virtual TLB of the VM that runs, or the clock that the guest reads is not the guest's own.
 *
 * The machine around a VM of level 1 is the real one. That of a VM in a VM is the VM around it, and its TLB is
 * that one's virtual TLB, which the recorder knows (guest.c). So the VMM of each level is judged by itself: if
 * the VMM of level 1 is wrong, nothing of that is put to the account of the VMM of level 2, and the reverse.
 *
 * For the TLB one must know whose address space each ASID of the machine around stands for. That is learnt
 * whenever a VM is resumed: the ASID from the STATUS of the machine around, its own from its virtual STATUS. */
#include "internal.h"

/* ---- whose space is an ASID? ---- */

/* The spaces of n with a window share one holder of an ASID: what ran under the ASID before is gone. */
static void take_window(struct node *around, struct node *n, uint32_t asid) {
  struct space *before = &around->space[n->window_asid];
  if (n->window_asid != asid && before->node == n && before->window) before->node = NULL;
  n->window_asid = asid;
}

/* Any other space has one ASID at a time: what it ran under before has been given back, and nothing can use what the
 * TLB still holds of that. (An operating system may empty a space so: by another ASID.) */
static void take_space(struct node *around, struct space *s) {
  for (struct space *before = around->space; before < around->space + ASIDS; before++)
    if (before != s && before->node == s->node && before->asid == s->asid && !before->window)
      before->node = NULL;
}

void recorder_shadow_runs(struct node *around, struct node *n, uint32_t status) {
  struct space *s = &around->space[status_asid(status)];
  if (!(status & ST_T)) return;
  const struct space now = {n, n ? status_asid(n->vstatus) : 0, n && n->translated};
  const bool same = s->node == now.node && s->asid == now.asid && s->window == now.window;
  *s = now;
  if (s->window) take_window(around, n, status_asid(status));
  if (n && !(n->vstatus & ST_T)) s->node = NULL; /* untranslated: the VM's pages are its RAM's */
  if (s->node && !s->window && !same) take_space(around, s);
}

/* Is the entry's page one of the VMM's own? */
static bool is_window(const struct space *s, uint32_t hi) { return s->window && hi >= VM_WINDOW_START; }

static const struct space *space_of(const struct node *around, uint32_t hi) {
  return &around->space[hi & TLB_ASID_MASK];
}

/* ---- is the TLB of the machine around within the virtual TLB? ---- */

/* An entry in a slot of the TLB of the machine around n's VM. */
static bool entry_around(const struct recorder *r, const struct node *n, uint32_t slot, uint32_t *hi,
                         uint32_t *lo) {
  if (n->depth > 1) return recorder_guest_slot(n->parent, slot, hi, lo);
  const struct machine_tlb_entry e = machine_tlb_get(r->m, slot);
  *hi = e.hi, *lo = e.lo;
  return e.valid;
}

/* The entry of the machine around for a page of n's space `asid`. */
static struct finding check_entry(const struct node *n, uint32_t asid, uint32_t around_hi,
                                  uint32_t around_lo) {
  const uint32_t hi = (around_hi & TLB_VPN_MASK) | asid;
  uint32_t lo;
  if (!recorder_guest_entry(n, hi, &lo) || !(around_lo & ~lo & TLB_RIGHTS)) return (struct finding){0};
  around_lo &= ~(uint32_t)(PAGE_SIZE - 1) | TLB_RIGHTS;
  if (!(lo & TLB_RIGHTS)) return (struct finding){WRONG_STALE, {hi, around_lo}};
  return (struct finding){WRONG_RIGHTS, {hi | (lo & TLB_RIGHTS) << WRONG_RIGHTS_SHIFT, around_lo}};
}

/* The layer below has written the entry that the trap is about. If that layer is in a VM itself, its tlbw has
 * trapped, and what counts is what became of the tlbw. */
static struct finding check_written(const struct node *n, const struct pending *p) {
  const uint32_t asid = p->trap.insn == PG32_tlbw ? p->trap.rs1 & TLB_ASID_MASK : status_asid(n->vstatus);
  uint32_t lo = p->shadow.lo;
  if (!p->shadow.event) return (struct finding){0};
  const struct space *s = space_of(n->parent, p->shadow.hi);
  if (s->node != n || s->asid != asid || is_window(s, p->shadow.hi)) return (struct finding){0};
  if (n->depth > 1 && !recorder_guest_entry(n->parent, p->shadow.hi, &lo)) return (struct finding){0};
  return check_entry(n, asid, p->shadow.hi, lo);
}

/* Any entry of the machine around for n's space `asid`; for all its spaces with ANY_SPACE. */
#define ANY_SPACE UINT32_MAX
static struct finding check_space(const struct recorder *r, const struct node *n, uint32_t asid) {
  const uint32_t entries = machine_tlb_entries(r->m);
  uint32_t hi, lo;
  for (uint32_t i = 0; i < entries; i++) {
    if (!entry_around(r, n, i, &hi, &lo)) continue;
    const struct space *s = space_of(n->parent, hi);
    if (s->node != n || (asid != ANY_SPACE && s->asid != asid) || is_window(s, hi)) continue;
    const struct finding f = check_entry(n, s->asid, hi, lo);
    if (f.wrong) return f;
  }
  return (struct finding){0};
}

/* After a tlbi the shadow must have lost what the virtual TLB has lost, at the latest when the guest runs in
 * that space. So the whole TLB is looked at after a tlbi only, and from then on while there is something to
 * suspect. */
static struct finding check_stale(const struct recorder *r, struct node *n, const struct pending *p) {
  if (p->trap.insn == PG32_tlbi) n->guest->suspect = true;
  if (!n->guest->suspect) return (struct finding){0};
  n->guest->suspect = check_space(r, n, ANY_SPACE).wrong != WRONG_NOTHING;
  if (!n->guest->suspect || !(n->vstatus & ST_T)) return (struct finding){0};
  return check_space(r, n, status_asid(n->vstatus));
}

/* ---- is the clock the guest's own? ---- */

uint64_t recorder_time_around(const struct recorder *r, const struct node *n) {
  return n->depth > 1 ? n->parent->ticks : r->now.tick;
}

/* A guest's time is part of the time of the machine around since its VM was made, and that of a VM is part of
 * the real machine's. The VM's registers are the machine's. */
static struct finding check_clock(const struct recorder *r, const struct node *n, const struct pending *p,
                                  const struct answer *a) {
  if (a->learn.pa != DEV_CLOCK + CLOCK_LO || a->did != VERDICT_EMULATE || a->due != DUE_EMULATE)
    return (struct finding){0};
  const uint64_t around = recorder_time_around(r, n);
  const bool known = n->depth == 1 || n->parent->ticks_known;
  const uint64_t most = known ? around - n->born_around : r->now.tick - n->born;
  const struct pg32_insn load = pg32_decode(p->trap.badinst);
  if (load.id != PG32_lw || !load.rd || !r->from_reset || most > UINT32_MAX) return (struct finding){0};
  const uint32_t shown = r->now.x[load.rd], trapped = (uint32_t)p->around, now = (uint32_t)around;
  const enum wrong wrong = known && shown - trapped <= now - trapped ? WRONG_HOST_CLOCK : WRONG_CLOCK;
  return shown > most ? (struct finding){wrong, {shown, (uint32_t)most}} : (struct finding){0};
}

/* ---- together ---- */

struct finding recorder_shadow_check(const struct recorder *r, struct node *n, const struct answer *a) {
  const struct pending *p = &n->pending;
  const bool own = p->trap.depth == n->depth; /* the trap is that of this VM's own guest */
  struct finding f = own ? check_clock(r, n, p, a) : (struct finding){0};
  if (f.wrong || !n->guest || n->para) return f;
  f = check_written(n, p);
  return f.wrong ? f : check_stale(r, n, p);
}
