/* tlb.c - the architectural TLB, and dropping the entries of the host TLBs derived from it.
 *
 * Invariants: no two valid entries have the same VPN and ASID; each valid entry is in the chain of its
 * bucket; an entry of a host TLB for a translated context is derived from a valid entry, so that whoever
 * changes an entry drops the derived ones first. Which entry is replaced depends on earlier tlbw instructions
 * only. */
#include <string.h>

#include "bus.h"
#include "tlb.h"

#define TLB_HI_MASK (TLB_VPN_MASK | TLB_ASID_MASK)
#define TLB_LO_MASK (TLB_PFN_MASK | TLB_RIGHTS)

static inline void chain(struct machine *m, uint32_t b, uint32_t slot) {
  m->tlb_next[slot] = m->tlb_head[b];
  m->tlb_head[b] = (int16_t)slot;
}

static inline void unchain(struct machine *m, uint32_t slot) {
  int16_t *link = &m->tlb_head[tlb_bucket(m->tlb[slot].hi)];
  while (*link != (int16_t)slot) link = &m->tlb_next[*link];
  *link = m->tlb_next[slot];
}

/* ---- host TLB ---- */

/* Drops what m->fetch, load and store hold of the entry. */
static void drop_hashed(struct machine *m, uint32_t hi) {
  const uint32_t context = CONTEXT_VALID | CONTEXT_T | (hi & TLB_ASID_MASK) << 2;
  const uint64_t tag = host_tag(hi, context);
  const uint32_t i = host_index(hi, context);
  if (m->fetch[i].tag == tag) m->fetch[i].tag = 0;
  if (m->load[i].tag == tag) m->load[i].tag = 0;
  if (m->store[i].tag == tag) m->store[i].tag = 0;
}

/* Before an entry goes or changes. Inlined by force, because this is half of a tlbw. */
static inline __attribute__((always_inline)) void drop_stemming(struct machine *m, uint32_t slot) {
  const uint8_t used = m->tlb_used[slot];
  if (used & (USED_DATA | USED_FETCH) && m->jit)
    jit_drop(jit_tables(m->jit), m->tlb[slot].hi, used & USED_DATA, used & USED_FETCH);
  if (used & USED_HASHED) drop_hashed(m, m->tlb[slot].hi);
}

/* Puts a new entry into the JIT's tables at once, because it is likely to be used next. Returns what they
 * hold of it then: USED_... */
static inline uint8_t fill_jit(struct machine *m, uint32_t hi, uint32_t lo) {
  const uint32_t pa = lo & TLB_PFN_MASK, va = hi & TLB_VPN_MASK;
  const uint64_t addend = (uintptr_t)m->ram + pa - va;
  if (pa >= m->ram_bytes) return 0;
  if (va >= CPU_L_WINDOW && m->cpu == CPU_LEAKY) return 0; /* see in_window in bus.c */
  const struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  uint64_t *entry = jit_fill(m, jit_tables(m->jit), hi);
  if (lo & TLB_R) jit_put(entry, TABLE_LOAD, addend);
  if (lo & TLB_W && page->written && may_store_directly(m, pa)) jit_put(entry, TABLE_STORE, addend);
  if (LIKELY(!page->jit || page->jit_vpage != va || !(lo & TLB_X))) return USED_DATA;
  jit_put(entry, TABLE_FETCH, (uintptr_t)page->jit);
  return USED_DATA | USED_FETCH;
}

void machine_tlb_use(struct machine *m, uint32_t status, uint32_t va, uint8_t use) {
  const int slot = tlb_find(m, (va & TLB_VPN_MASK) | status_asid(status));
  if (status & ST_T && slot >= 0) m->tlb_used[slot] |= use;
}

void machine_host_tlb_flush(struct machine *m) {
  memset(m->fetch, 0, sizeof m->fetch);
  memset(m->load, 0, sizeof m->load);
  memset(m->store, 0, sizeof m->store);
  if (m->jit) jit_drop_all(m);
}

void machine_host_tlb_flush_stores(struct machine *m) {
  memset(m->store, 0, sizeof m->store);
  if (m->jit) jit_drop_all_stores(m);
}

void machine_host_tlb_drop_stores(struct machine *m, uint32_t page) {
  if (m->jit) jit_drop_stores(m, page);
  if (page >= m->ram_bytes || !m->pages[page >> PAGE_SHIFT].stored_directly) return;
  const uintptr_t host = (uintptr_t)m->ram + page;
  for (int i = 0; i < HOST_ENTRIES; i++)
    if (m->store[i].addend + (uint32_t)m->store[i].tag == host) m->store[i].tag = 0;
  m->pages[page >> PAGE_SHIFT].stored_directly = false;
}

/* ---- architectural TLB ---- */

static inline void discard(struct machine *m, uint32_t slot) {
  if (!m->tlb[slot].valid) return;
  drop_stemming(m, slot);
  unchain(m, slot);
  m->tlb[slot] = (struct machine_tlb_entry){0};
}

/* The first slot from `slot` on that holds no locked entry; `slot` if all are locked. */
static uint32_t unlocked(const struct machine *m, uint32_t slot) {
  for (uint32_t n = 0; n < m->tlb_entries; n++) {
    const uint32_t at = (slot + n) % m->tlb_entries;
    if (!m->tlb[at].valid || !(m->tlb[at].lo & TLB_LOCKED)) return at;
  }
  return slot;
}

/* Makes room for a new entry, in its slot, which is in no chain then. */
static inline uint32_t make_room(struct machine *m) {
  uint32_t slot = m->tlb_pointer;
  if (UNLIKELY(m->cpu != CPU_PG32) && machine_cpu_number(m->cpu, CPU_LOCK)) slot = unlocked(m, slot);
  m->tlb_pointer = slot + 1 < m->tlb_entries ? slot + 1 : 0;
  if (m->tlb[slot].valid) {
    drop_stemming(m, slot);
    unchain(m, slot);
  }
  return slot;
}

void machine_tlb_write(struct machine *m, uint32_t hi, uint32_t lo) {
  const unsigned lock = machine_cpu_number(m->cpu, CPU_LOCK);
  const bool locked = lock && hi >> lock & 1;
  hi &= TLB_HI_MASK;
  lo &= TLB_LO_MASK;
  const uint32_t b = tlb_bucket(hi);
  const int same = tlb_find_in(m, b, hi);
  uint32_t slot = (uint32_t)same;
  if (same >= 0) {
    drop_stemming(m, slot);
  } else {
    slot = make_room(m);
    chain(m, b, slot);
  }
  m->tlb[slot] = (struct machine_tlb_entry){hi, lo | (locked ? TLB_LOCKED : 0), true};
  m->tlb_used[slot] = m->jit ? fill_jit(m, hi, lo) : 0;
  if (m->observer.tlbw) m->observer.tlbw(m->observer.arg, m, slot, hi, lo);
}

static bool spared(const struct machine *m, uint32_t slot) {
  const unsigned asid = machine_cpu_number(m->cpu, CPU_SPARE);
  return asid && (m->tlb[slot].hi & TLB_ASID_MASK) == asid;
}

void machine_tlb_invalidate(struct machine *m, uint32_t hi, uint32_t scope) {
  static const uint32_t compared[] = {[TLBI_ALL] = 0, [TLBI_ASID] = TLB_ASID_MASK, [TLBI_PAGE] = TLB_HI_MASK};
  if (scope == TLBI_PAGE) {
    const int slot = tlb_find(m, hi & TLB_HI_MASK);
    if (slot >= 0) discard(m, (uint32_t)slot);
  } else {
    for (uint32_t slot = 0; slot < m->tlb_entries; slot++)
      if (((m->tlb[slot].hi ^ hi) & compared[scope]) == 0 && !(scope == TLBI_ALL && spared(m, slot)))
        discard(m, slot);
  }
  if (m->observer.tlbi) m->observer.tlbi(m->observer.arg, m, hi, scope);
}

void machine_tlb_rebuild(struct machine *m) {
  memset(m->tlb_head, -1, sizeof m->tlb_head);
  for (uint32_t slot = 0; slot < m->tlb_entries; slot++)
    if (m->tlb[slot].valid) chain(m, tlb_bucket(m->tlb[slot].hi), slot);
  machine_host_tlb_flush(m);
}

void machine_tlb_reset(struct machine *m) {
  memset(m->tlb, 0, sizeof m->tlb);
  m->tlb_pointer = 0;
  machine_tlb_rebuild(m);
}

uint32_t machine_tlb_look_up(const struct machine *m, uint32_t va, uint32_t asid, uint32_t *pa) {
  const int slot = tlb_find(m, (va & TLB_VPN_MASK) | (asid & TLB_ASID_MASK));
  if (slot < 0) return 0;
  *pa = (m->tlb[slot].lo & TLB_PFN_MASK) | (va & ~TLB_VPN_MASK);
  return TLB_FOUND | (m->tlb[slot].lo & TLB_RIGHTS);
}

uint32_t machine_translate(const struct machine *m, uint32_t va, enum machine_access access, bool t,
                           uint32_t asid, uint32_t *pa) {
  static const struct {
    uint32_t right, miss, prot;
  } rule[] = {[ACCESS_FETCH] = {TLB_X, CAUSE_FETCH_MISS, CAUSE_FETCH_PROT},
              [ACCESS_LOAD] = {TLB_R, CAUSE_LOAD_MISS, CAUSE_LOAD_PROT},
              [ACCESS_STORE] = {TLB_W, CAUSE_STORE_MISS, CAUSE_STORE_PROT}};
  *pa = va;
  if (!t) return CAUSE_NONE;
  const uint32_t rights = machine_tlb_look_up(m, va, asid, pa);
  if (!rights) return rule[access].miss;
  return rights & rule[access].right ? CAUSE_NONE : rule[access].prot;
}

uint32_t machine_tlb_entries(const struct machine *m) { return m->tlb_entries; }
uint32_t machine_tlb_pointer(const struct machine *m) { return m->tlb_pointer; }

struct machine_tlb_entry machine_tlb_get(const struct machine *m, uint32_t slot) {
  return slot < m->tlb_entries ? m->tlb[slot] : (struct machine_tlb_entry){0};
}
