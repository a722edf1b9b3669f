/* mmu.c - TLBs: the real one, and each guest's TLB rebuilt from the events.
 *
 * A guest's TLB is data inside the VMM and its layout is unknown here. But each `tlbw` and `tlbi` of the
 * guest is a trap, whose event has the register values, and the VMM must replace entries as the machine does.
 * So the events tell what the guest's TLB holds. */
#include <stdlib.h>
#include <string.h>

#include "debug.h"

/* ---- memory ---- */

static struct machine_space space_now(const struct debug *d) {
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  return (struct machine_space){(regs.status & ST_T) != 0, status_asid(regs.status)};
}

bool memory_word(struct debug *d, bool physical, uint32_t address, uint32_t *word) {
  bool ok;
  *word = machine_peek_word(d->m, physical ? (struct machine_space){0} : space_now(d), address, &ok);
  return ok;
}

bool mmu_real(struct debug *d, uint32_t va, uint32_t *pa) {
  struct machine_space s = space_now(d);
  for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++)
    if (machine_translate(d->m, va, (enum machine_access)access, s.translated, s.asid, pa) == 0) return true;
  return false;
}

/* ---- TLBs as of now ---- */

int mmu_find(const struct tlb_model *tlb, uint32_t va, uint32_t asid) {
  uint32_t hi = (va & TLB_VPN_MASK) | asid;
  for (unsigned i = 0; i < tlb->entries; i++)
    if (tlb->slot[i].valid && tlb->slot[i].hi == hi) return (int)i;
  return -1;
}

static void write_entry(struct tlb_model *tlb, uint32_t hi, uint32_t lo, uint64_t event) {
  hi &= TLB_VPN_MASK | TLB_ASID_MASK;
  int at = mmu_find(tlb, hi, hi & TLB_ASID_MASK);
  unsigned slot = at >= 0 ? (unsigned)at : tlb->pointer;
  if (at < 0) tlb->pointer = (tlb->pointer + 1) % tlb->entries;
  tlb->slot[slot] = (struct tlb_slot){true, hi, lo & (TLB_PFN_MASK | TLB_RIGHTS), event};
}

static uint32_t scope_mask(uint32_t scope) {
  return scope == TLBI_ALL ? 0 : scope == TLBI_ASID ? TLB_ASID_MASK : TLB_VPN_MASK | TLB_ASID_MASK;
}

static void invalidate(struct tlb_model *tlb, uint32_t hi, uint32_t scope) {
  for (unsigned i = 0; i < tlb->entries; i++)
    if (((tlb->slot[i].hi ^ hi) & scope_mask(scope)) == 0) tlb->slot[i].valid = false;
}

static void apply(struct tlb_model *tlb, struct note n, uint64_t event) {
  if (n.insn == PG32_tlbw) write_entry(tlb, n.hi, n.lo, event);
  if (n.insn == PG32_tlbi) invalidate(tlb, n.hi, n.lo);
}

static void real_tlb(struct debug *d, struct tlb_model *tlb) {
  unsigned unknown = 0;
  tlb->entries = machine_tlb_entries(d->m);
  tlb->pointer = machine_tlb_pointer(d->m);
  for (unsigned i = 0; i < tlb->entries; i++) {
    struct machine_tlb_entry e = machine_tlb_get(d->m, i);
    tlb->slot[i] = (struct tlb_slot){e.valid, e.hi, e.lo, 0};
    unknown += e.valid;
  }
  for (uint64_t n = index_before(d, timeline_position(d->t)); n && unknown; n--) {
    if (!(n = index_last(d, n, 1 << RECORD_TLBW))) break;
    struct tlb_slot *s = &tlb->slot[index_note(d, n).slot];
    if (!s->valid || s->event) continue;
    s->event = n;
    unknown--;
  }
}

/* The kernel lane of the VM of `level` that `lane` runs in: "vm1.2.1/sh" at level 2 -> "vm1.2 kernel". */
static uint32_t kernel_of(const struct debug *d, uint32_t lane, unsigned level) {
  char name[64];
  if (lane >= d->nlanes) return UINT32_MAX;
  snprintf(name, 48, "%s", d->lanes[lane].name);
  char *p = name + strcspn(name, " /.");
  for (; *p == '.' && --level;) p += 1 + strcspn(p + 1, " /.");
  strcpy(p, " kernel");
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (strcmp(d->lanes[i].name, name) == 0) return i;
  return UINT32_MAX;
}

/* Applies the guest's tlbw and tlbi that were emulated before now: a trap whose lane `kernel` was resumed. */
static void guest_tlb(struct debug *d, uint32_t kernel, struct tlb_model *tlb) {
  uint64_t now = index_before(d, timeline_position(d->t)), trap = 0;
  tlb->entries = machine_tlb_entries(d->m);
  for (uint64_t n = 1; n <= now; n++) {
    const struct note note = index_note(d, n);
    if (note.kind == RECORD_TRAP && note.from == kernel) trap = note.cause == CAUSE_PRIVILEGED ? n : 0;
    if (note.kind != RECORD_RESUME || note.to != kernel || !trap) continue;
    apply(tlb, index_note(d, trap), trap);
    trap = 0;
  }
}

void mmu_tlb(struct debug *d, uint32_t lane, unsigned level, struct tlb_model *tlb) {
  memset(tlb, 0, sizeof *tlb);
  if (level == 0)
    real_tlb(d, tlb);
  else
    guest_tlb(d, kernel_of(d, lane, level), tlb);
}

/* An entry that has been replaced in the TLB is still right until the kernel invalidates it. */
static bool by_earlier_entry(struct debug *d, uint32_t hi, uint32_t *pa) {
  for (uint64_t n = index_before(d, timeline_position(d->t)); n; n--) {
    if (!(n = index_last(d, n, 1 << RECORD_TLBW | 1 << RECORD_TLBI))) break;
    const struct note note = index_note(d, n);
    if (note.kind == RECORD_TLBI && ((note.hi ^ hi) & scope_mask(note.lo)) == 0) return false;
    if (note.kind != RECORD_TLBW || ((note.hi ^ hi) & (TLB_VPN_MASK | TLB_ASID_MASK))) continue;
    return *pa = note.lo & TLB_PFN_MASK, true;
  }
  return false;
}

bool mmu_recall(struct debug *d, uint32_t status, uint32_t va, uint32_t *pa) {
  const uint32_t asid = status_asid(status);
  for (int access = ACCESS_FETCH; access <= ACCESS_STORE; access++)
    if (machine_translate(d->m, va, (enum machine_access)access, (status & ST_T) != 0, asid, pa) == 0)
      return true;
  if (by_earlier_entry(d, (va & TLB_VPN_MASK) | asid, pa)) return *pa |= va & ~TLB_VPN_MASK, true;
  return status & ST_T && kernel_tables_translate(d, asid, va, pa);
}

bool mmu_zero(struct debug *d, uint32_t status, uint32_t va) {
  return status & ST_T && kernel_tables_zero(d, status_asid(status), va);
}

/* ---- the address that the current trap is about ---- */

static bool subject_of(struct debug *d, uint64_t event, uint32_t *va) {
  const struct record *rec = timeline_event(d->t, event);
  if (!rec || rec->kind != RECORD_TRAP) return false;
  bool write = rec->trap.cause == CAUSE_PRIVILEGED && pg32_decode(rec->trap.badinst).id == PG32_tlbw;
  if (write)
    *va = rec->trap.rs1 & TLB_VPN_MASK;
  else
    *va = rec->trap.badva;
  return write || (rec->trap.cause >= CAUSE_FETCH_MISS && rec->trap.badva);
}

bool mmu_subject(struct debug *d, uint32_t *va) {
  struct place p = model_place(d);
  if (d->walk_set) return *va = d->walk, true;
  if (d->at_list_stop && subject_of(d, d->list, va)) return true;
  return p.event && subject_of(d, p.event, va);
}
