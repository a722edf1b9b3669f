/* guest.c - the recorder's own view of a VM: its virtual STATUS and its virtual TLB, and what they call for.
 *
 * Both follow from what the guest's kernel does: each change is a privileged instruction, which traps, or a
 * trap or an rfe, which the low core describes. Hence the recorder knows what a correct VMM must do with a
 * trap without believing what the VMM says. For example, a store misses in the real TLB; the guest has loaded
 * an entry for that page without the right to write; so the guest must see STORE_PROT, whatever the VMM
 * reports. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum {
  VALID = 0x100,
  THERE = 0x8,
  LOCKED = 0x10,
  NO_SLOT = -1
}; /* VALID in hi, the next two in lo: the TLB ignores these bits */

struct guest *recorder_guest_new(const struct recorder *r) {
  struct guest *g = calloc(1, sizeof *g);
  if (!g) return NULL;
  struct machine_config config;
  machine_get_config(r->m, &config);
  g->cpu = config.cpu;
  g->entries = machine_tlb_entries(r->m);
  g->features = machine_cpu_features(r->m);
  g->tlb_known = r->from_reset;
  g->ram_most = UINT32_MAX;
  memset(g->bucket, 0xFF, sizeof g->bucket);
  return g;
}

/* ---- the virtual TLB: behaves as the manual says ---- */

static int16_t *bucket_of(struct guest *g, uint32_t hi) {
  return &g->bucket[((hi >> PAGE_SHIFT) ^ (hi & TLB_ASID_MASK) << 4) % GUEST_BUCKETS];
}

static int find(struct guest *g, uint32_t hi) {
  const uint32_t wanted = (hi & (TLB_VPN_MASK | TLB_ASID_MASK)) | VALID;
  int slot = *bucket_of(g, hi);
  while (slot != NO_SLOT && g->hi[slot] != wanted) slot = g->next[slot];
  return slot;
}

static void clear(struct guest *g, int slot) {
  if (!(g->hi[slot] & VALID)) return;
  int16_t *at = bucket_of(g, g->hi[slot]);
  while (*at != slot) at = &g->next[*at];
  *at = g->next[slot];
  g->hi[slot] = 0;
}

/* As the pointer passes over locked entries (CPU_LOCK). */
static uint32_t unlocked(const struct guest *g) {
  for (uint32_t n = 0; n < g->entries; n++) {
    const uint32_t slot = (g->pointer + n) % g->entries;
    if (!(g->hi[slot] & VALID) || !(g->lo[slot] & LOCKED)) return slot;
  }
  return g->pointer;
}

static void tlb_write(struct guest *g, uint32_t hi, uint32_t lo) {
  int slot = find(g, hi);
  if (slot == NO_SLOT) {
    slot = (int)(g->pointer = unlocked(g));
    g->pointer = g->pointer + 1 == g->entries ? 0 : g->pointer + 1;
    clear(g, slot);
    int16_t *at = bucket_of(g, hi);
    g->hi[slot] = (hi & (TLB_VPN_MASK | TLB_ASID_MASK)) | VALID;
    g->next[slot] = *at;
    *at = (int16_t)slot;
  }
  const unsigned lock = machine_cpu_number(g->cpu, CPU_LOCK);
  const bool locked = lock && hi >> lock & 1;
  g->lo[slot] = (lo & (TLB_PFN_MASK | TLB_RIGHTS)) | THERE | (locked ? LOCKED : 0);
}

/* Is it an entry that a tlbi of all spares (CPU_SPARE)? */
static bool spares(const struct guest *g, int slot) {
  const unsigned asid = machine_cpu_number(g->cpu, CPU_SPARE);
  return asid && (g->hi[slot] & TLB_ASID_MASK) == asid;
}

static void tlb_invalidate(struct guest *g, uint32_t scope, uint32_t hi) {
  if (scope == TLBI_PAGE) {
    const int slot = find(g, hi);
    if (slot != NO_SLOT) clear(g, slot);
    return;
  }
  for (int slot = 0; slot < (int)g->entries; slot++)
    if (scope == TLBI_ALL ? !spares(g, slot) : !((g->hi[slot] ^ hi) & TLB_ASID_MASK)) clear(g, slot);
}

bool recorder_guest_entry(const struct node *n, uint32_t hi, uint32_t *lo) {
  struct guest *g = n->guest;
  if (!g || !g->tlb_known) return false;
  const int slot = find(g, hi);
  *lo = slot == NO_SLOT ? 0 : g->lo[slot] & ~(uint32_t)LOCKED;
  return true;
}

bool recorder_guest_slot(const struct node *n, uint32_t slot, uint32_t *hi, uint32_t *lo) {
  const struct guest *g = n->guest;
  if (!g || !g->tlb_known || slot >= g->entries || !(g->hi[slot] & VALID)) return false;
  *hi = g->hi[slot] & ~(uint32_t)VALID;
  *lo = g->lo[slot] & ~(uint32_t)LOCKED;
  return true;
}

void recorder_guest_emulated(struct node *n, const struct trap_facts *t) {
  struct guest *g = n->guest;
  if (!g) return;
  if (t->insn == PG32_tlbw) tlb_write(g, t->rs1, t->rs2);
  if (t->insn == PG32_tlbi) tlb_invalidate(g, pg32_decode(t->badinst).imm, t->rs1);
}

void recorder_guest_posted(struct recorder *r, uint32_t vmm, uint32_t a, uint32_t b) {
  for (struct node *n = r->nodes; n; n = n->next) {
    if (n->vmm != vmm || n->gone || !n->guest) continue;
    if (a & POSTED_TLBI)
      tlb_invalidate(n->guest, b, a & ~(uint32_t)POSTED_TLBI), n->guest->suspect = true;
    else
      tlb_write(n->guest, a, b);
  }
}

/* ---- what a trap calls for ---- */

struct access { /* of a trap about an address */
  uint32_t right, miss, prot, bus;
};

static bool access_of(uint32_t cause, struct access *a) {
  switch (cause) {
  case CAUSE_FETCH_MISS:
  case CAUSE_FETCH_PROT:
  case CAUSE_FETCH_BUS:
    *a = (struct access){TLB_X, CAUSE_FETCH_MISS, CAUSE_FETCH_PROT, CAUSE_FETCH_BUS};
    return true;
  case CAUSE_LOAD_MISS:
  case CAUSE_LOAD_PROT:
  case CAUSE_LOAD_BUS:
    *a = (struct access){TLB_R, CAUSE_LOAD_MISS, CAUSE_LOAD_PROT, CAUSE_LOAD_BUS};
    return true;
  case CAUSE_STORE_MISS:
  case CAUSE_STORE_PROT:
  case CAUSE_STORE_BUS:
    *a = (struct access){TLB_W, CAUSE_STORE_MISS, CAUSE_STORE_PROT, CAUSE_STORE_BUS};
    return true;
  default: return false;
  }
}

/* On a leaky CPU: does the access reach for the window, and not by base x0? The CPU finds that out when the access
 * has an entry; so after a miss the page may also be filled in first. */
static bool is_denied(const struct guest *g, const struct trap_facts *t, const struct access *a) {
  return g && (g->features & CPU_FEATURE_L) && a->right != TLB_X && t->badva >= CPU_L_WINDOW &&
         pg32_decode(t->badinst).rs1 != 0;
}

/* The virtual TLB allows an access to guest-physical address pa. */
static struct call_for physical(const struct guest *g, const struct trap_facts *t, const struct access *a,
                                uint32_t pa) {
  if (is_denied(g, t, a))
    return (struct call_for){.action = t->cause == a->miss ? DUE_FILL : (uint8_t)a->prot,
                             .or_cause = (uint8_t)a->prot};
  if (pa >= DEV_BASE && a->right == TLB_X) return (struct call_for){.action = (uint8_t)a->bus, .pa = pa};
  if (pa >= DEV_BASE) return (struct call_for){.action = DUE_EMULATE, .or_cause = (uint8_t)a->bus, .pa = pa};
  if (g && pa < g->ram_least) return (struct call_for){.action = DUE_FILL, .pa = pa};
  if (g && pa >= g->ram_most) return (struct call_for){.action = (uint8_t)a->bus, .pa = pa};
  return (struct call_for){.action = DUE_FILL, .or_cause = (uint8_t)a->bus, .pa = pa};
}

static struct call_for about_address(const struct node *n, const struct trap_facts *t,
                                     const struct access *a) {
  uint32_t lo;
  if (!(n->vstatus & ST_T)) return physical(n->guest, t, a, t->badva);
  if (!recorder_guest_entry(n, (t->badva & TLB_VPN_MASK) | status_asid(n->vstatus), &lo))
    return (struct call_for){.action = DUE_UNKNOWN};
  if (!lo) return (struct call_for){.action = (uint8_t)a->miss};
  if (!(lo & a->right)) return (struct call_for){.action = (uint8_t)a->prot};
  return physical(n->guest, t, a, (lo & TLB_PFN_MASK) | (t->badva & (PAGE_SIZE - 1)));
}

struct call_for recorder_guest_due(const struct node *n, const struct trap_facts *t) {
  struct access a;
  if (t->cause == 0) return (struct call_for){.action = DUE_TRANSLATE};
  if (!n->status_known || t->cause == CAUSE_TIMER || t->cause == CAUSE_DEVICE)
    return (struct call_for){.action = DUE_UNKNOWN};
  if (n->para && (n->vstatus & ST_U) && access_of(t->cause, &a)) /* its TLB is the hypervisor's table */
    return (struct call_for){.action = DUE_UNKNOWN};
  if (n->para && !(n->vstatus & ST_U) && t->cause == CAUSE_HCALL)
    return (struct call_for){.action = DUE_EMULATE};
  if (access_of(t->cause, &a)) return about_address(n, t, &a);
  if (t->cause == CAUSE_PRIVILEGED && !(n->vstatus & ST_U)) return (struct call_for){.action = DUE_EMULATE};
  return (struct call_for){.action = (uint8_t)t->cause};
}

/* A correct answer may tell how much RAM the VM has: a page that was filled in is RAM, one that gave a bus
 * error is not. */
void recorder_guest_learn_ram(struct node *n, const struct call_for *due, bool filled) {
  struct guest *g = n->guest;
  const bool or_bus = due->or_cause == CAUSE_FETCH_BUS || due->or_cause >= CAUSE_LOAD_BUS;
  if (!g || due->action != DUE_FILL || !or_bus) return;
  const uint32_t page = due->pa & ~(uint32_t)(PAGE_SIZE - 1);
  if (filled && page >= g->ram_least) g->ram_least = page + PAGE_SIZE;
  if (!filled && page < g->ram_most) g->ram_most = page;
}
