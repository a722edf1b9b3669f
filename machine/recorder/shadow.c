/* shadow.c - what a VMM does wrong besides its answers to traps: the machine's TLB allows more than the
 * virtual TLB of the VM that runs, or the clock that the guest reads is not the guest's own.
 *
 * For the TLB one must know whose address space each real ASID stands for. That is learnt whenever a VM is
 * resumed: its real ASID from the machine's STATUS, its own from its virtual STATUS. Only VMs of level 1 are
 * looked at, because the TLB of a deeper VM's machine is data of the VMM around it. */
#include "internal.h"

/* ---- whose space is a real ASID? ---- */

void recorder_shadow_runs(struct recorder *r, struct node *n, uint32_t real_status) {
  struct space *s = &r->space[status_asid(real_status)];
  if (!(real_status & ST_T) || (n && n->depth != 1)) return;
  *s = (struct space){n, n ? status_asid(n->vstatus) : 0};
  if (n && !(n->vstatus & ST_T)) s->node = NULL; /* untranslated: the VM's pages are its RAM's */
}

static bool stands_for(const struct recorder *r, uint32_t real_hi, const struct node *n, uint32_t asid) {
  const struct space *s = &r->space[real_hi & TLB_ASID_MASK];
  return s->node == n && s->asid == asid;
}

/* ---- is the machine's TLB within the virtual TLB? ---- */

/* The real entry for a page of n's space `asid`. */
static struct finding check_entry(const struct node *n, uint32_t asid, uint32_t real_hi, uint32_t real_lo) {
  const uint32_t hi = (real_hi & TLB_VPN_MASK) | asid;
  uint32_t lo;
  if (!recorder_guest_entry(n, hi, &lo) || !(real_lo & ~lo & TLB_RIGHTS)) return (struct finding){0};
  if (!(lo & TLB_RIGHTS)) return (struct finding){WRONG_STALE, {hi, real_lo}};
  return (struct finding){WRONG_RIGHTS, {hi | (lo & TLB_RIGHTS) << WRONG_RIGHTS_SHIFT, real_lo}};
}

/* The layer below has written the entry that the trap is about. */
static struct finding check_written(const struct recorder *r, const struct node *n, const struct pending *p) {
  const uint32_t asid = p->trap.insn == PG32_tlbw ? p->trap.rs1 & TLB_ASID_MASK : status_asid(n->vstatus);
  if (!p->shadow.event || !stands_for(r, p->shadow.hi, n, asid)) return (struct finding){0};
  return check_entry(n, asid, p->shadow.hi, p->shadow.lo);
}

/* Any entry of the machine's TLB for n's space `asid`; for all its spaces with ANY_SPACE. */
#define ANY_SPACE UINT32_MAX
static struct finding check_space(const struct recorder *r, const struct node *n, uint32_t asid) {
  const uint32_t entries = machine_tlb_entries(r->m);
  for (uint32_t i = 0; i < entries; i++) {
    const struct machine_tlb_entry e = machine_tlb_get(r->m, i);
    const struct space *s = &r->space[e.hi & TLB_ASID_MASK];
    if (!e.valid || s->node != n || (asid != ANY_SPACE && s->asid != asid)) continue;
    const struct finding f = check_entry(n, s->asid, e.hi, e.lo);
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

/* A guest's time is part of the machine's time since the VM was made.
 * The VM's registers are the machine's. */
static struct finding check_clock(const struct recorder *r, const struct node *n, const struct pending *p,
                                  const struct answer *a) {
  if (a->learn.pa != DEV_CLOCK + CLOCK_LO || a->did != VERDICT_EMULATE || a->due != DUE_EMULATE)
    return (struct finding){0};
  const uint64_t most = r->now.tick - n->born;
  const struct pg32_insn load = pg32_decode(p->trap.badinst);
  if (load.id != PG32_lw || !load.rd || !r->from_reset || most > UINT32_MAX) return (struct finding){0};
  const uint32_t shown = r->now.x[load.rd], trapped = (uint32_t)p->trap.tick, now = (uint32_t)r->now.tick;
  const enum wrong wrong = shown - trapped <= now - trapped ? WRONG_HOST_CLOCK : WRONG_CLOCK;
  return shown > most ? (struct finding){wrong, {shown, (uint32_t)most}} : (struct finding){0};
}

/* ---- together ---- */

struct finding recorder_shadow_check(const struct recorder *r, struct node *n, const struct answer *a) {
  const struct pending *p = &n->pending;
  const bool own = p->trap.depth == n->depth; /* the trap is that of this VM's own guest */
  struct finding f = own ? check_clock(r, n, p, a) : (struct finding){0};
  if (f.wrong || n->depth != 1 || !n->guest) return f;
  f = check_written(r, n, p);
  return f.wrong ? f : check_stale(r, n, p);
}
