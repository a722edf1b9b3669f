/* jit_tables.c - the host TLB that translated code reads: flat tables, touched lazily, one set a context.
 *
 * Invariant: an entry of a translated context stems from a valid entry of the architectural TLB, one for
 * stores leads to a page without decoded code, snapshot copy or watch, one for fetches to a live page of
 * blocks. A change of context changes which table is read, and drops nothing. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "jit.h"

#define BYTES ((size_t)CONTEXTS * TABLES * TABLE_ENTRIES * sizeof(uint64_t))
#define ENTRIES_A_PAGE (4096 / sizeof(uint64_t))
#define PARTS (BYTES / 4096)

static void *reserve(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return NULL;
  madvise(p, bytes, MADV_NOHUGEPAGE);
  return p;
}

bool jit_tables_new(struct jit *j) {
  j->tables = reserve(BYTES);
  j->touched = reserve(PARTS);
  return j->tables && j->touched;
}

void jit_tables_free(struct jit *j) {
  if (j->tables) munmap(j->tables, BYTES);
  if (j->touched) munmap(j->touched, PARTS);
}

static void drop_all(struct jit *j) {
  if (j->touched_parts == 0) return;
  madvise(j->tables, BYTES, MADV_DONTNEED);
  madvise(j->touched, PARTS, MADV_DONTNEED);
  j->touched_parts = 0;
}

/* Memory is bounded: when too many parts of tables hold something, all begin afresh. A part is a page each of
 * a context's three tables. */
static inline void touch(struct jit *j, const uint64_t *load_entry) {
  uint8_t *touched = &j->touched[(size_t)(load_entry - j->tables) / ENTRIES_A_PAGE];
  if (LIKELY(*touched)) return;
  if (j->touched_parts == JIT_TABLE_PAGES / TABLES) drop_all(j);
  *touched = 1;
  j->touched_parts++;
}

void jit_remember(struct jit *j, uint32_t status, uint32_t kind, uint32_t va, uint64_t value) {
  uint64_t *entry = jit_table(j, status) + (va >> PAGE_SHIFT);
  touch(j, entry);
  entry[kind * TABLE_ENTRIES] = value;
}

void jit_remember_load(struct machine *m, uint32_t va, uint64_t addend) {
  jit_remember(m->jit, m->status, TABLE_LOAD, va, addend);
}

void jit_remember_store(struct machine *m, uint32_t va, uint64_t addend) {
  jit_remember(m->jit, m->status, TABLE_STORE, va, addend);
}

static inline void forget(uint64_t *table, uint32_t kind, uint32_t va) {
  uint64_t *entry = table + kind * TABLE_ENTRIES + (va >> PAGE_SHIFT);
  if (*entry) *entry = 0;
}

static uint64_t *table_of(const struct jit *j, const struct machine_tlb_entry *e) {
  return jit_table(j, ST_T | (e->hi & TLB_ASID_MASK) << ST_ASID_SHIFT);
}

void jit_drop(struct jit *j, const struct machine_tlb_entry *e, uint8_t used) {
  uint64_t *table = table_of(j, e);
  if (used & USED_DATA) forget(table, TABLE_LOAD, e->hi), forget(table, TABLE_STORE, e->hi);
  if (used & USED_FETCH) forget(table, TABLE_FETCH, e->hi);
}

void jit_fill(struct machine *m, uint32_t slot) {
  const struct machine_tlb_entry *e = &m->tlb[slot];
  const uint32_t pa = e->lo & TLB_PFN_MASK, va = e->hi & TLB_VPN_MASK;
  const uint64_t addend = (uintptr_t)m->ram + pa - va;
  if (pa >= m->ram_bytes) return;
  uint64_t *entry = table_of(m->jit, e) + (va >> PAGE_SHIFT);
  touch(m->jit, entry);
  m->tlb_used[slot] |= USED_DATA;
  if (e->lo & TLB_R) entry[TABLE_LOAD * TABLE_ENTRIES] = addend;
  if (e->lo & TLB_W && m->pages[pa >> PAGE_SHIFT].written && may_store_directly(m, pa))
    entry[TABLE_STORE * TABLE_ENTRIES] = addend;
}

void jit_drop_all(struct machine *m) {
  m->low_core = NULL;
  drop_all(m->jit);
}

void jit_drop_stores(struct machine *m, uint32_t page) {
  struct jit *j = m->jit;
  if (page == 0) m->low_core = NULL;
  forget(jit_table(j, 0), TABLE_STORE, page);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid && (m->tlb[i].lo & TLB_PFN_MASK) == page)
      forget(table_of(j, &m->tlb[i]), TABLE_STORE, m->tlb[i].hi);
}

void jit_flush_stores(struct machine *m) {
  struct jit *j = m->jit;
  m->low_core = NULL;
  madvise(jit_table(j, 0) + TABLE_STORE * TABLE_ENTRIES, TABLE_ENTRIES * sizeof(uint64_t), MADV_DONTNEED);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid) forget(table_of(j, &m->tlb[i]), TABLE_STORE, m->tlb[i].hi);
}

void jit_drop_fetches(struct machine *m, uint32_t vpage) {
  struct jit *j = m->jit;
  forget(jit_table(j, 0), TABLE_FETCH, vpage);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid && (m->tlb[i].hi & TLB_VPN_MASK) == vpage)
      forget(table_of(j, &m->tlb[i]), TABLE_FETCH, vpage);
}
