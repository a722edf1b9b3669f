/* tables.h - of the host TLB that translated code reads, what each tlbw needs; the rest is in
 * tables.c. */
#ifndef JIT_TABLES_H
#define JIT_TABLES_H

#include "jit.h"

#define JIT_ENTRIES_A_PAGE (4096 / sizeof(uint64_t))

/* Forgets everything, and with that gives the memory back. */
void jit_tables_empty(struct jit *j);

/* The entry for loads; those for stores and fetches are in the tables behind. */
static inline uint64_t *jit_entry(const struct jit *j, uint32_t hi) {
  const size_t table = (size_t)(1 + (hi & TLB_ASID_MASK)) * TABLES * TABLE_ENTRIES;
  return j->tables + table + (hi >> PAGE_SHIFT);
}

/* Before something is put there. Memory is bounded: when too many parts of tables hold something, all begin
 * afresh. A part is a page of each of a context's three tables. */
static inline void jit_touch(struct jit *j, const uint64_t *load_entry) {
  uint8_t *touched = &j->touched[(size_t)(load_entry - j->tables) / JIT_ENTRIES_A_PAGE];
  if (LIKELY(*touched)) return;
  if (j->touched_parts == JIT_TABLE_PAGES / TABLES) jit_tables_empty(j);
  *touched = 1;
  j->touched_parts++;
}

/* Reads first: what has never been written to is not there. */
static inline void jit_forget(uint64_t *load_entry, uint32_t kind) {
  uint64_t *entry = load_entry + kind * TABLE_ENTRIES;
  if (*entry) *entry = 0;
}

/* An entry of the TLB goes. */
static inline void jit_drop(struct jit *j, uint32_t hi, uint8_t used) {
  uint64_t *entry = jit_entry(j, hi);
  if (used & USED_DATA) {
    jit_forget(entry, TABLE_LOAD);
    jit_forget(entry, TABLE_STORE);
  }
  if (used & USED_FETCH) jit_forget(entry, TABLE_FETCH);
}

/* A new entry, likely to be used at once. What the tables then hold of it: USED_... */
static inline uint8_t jit_fill(struct machine *m, uint32_t hi, uint32_t lo) {
  const uint32_t pa = lo & TLB_PFN_MASK, va = hi & TLB_VPN_MASK;
  const uint64_t addend = (uintptr_t)m->ram + pa - va;
  if (pa >= m->ram_bytes) return 0;
  const struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  uint64_t *entry = jit_entry(m->jit, hi);
  jit_touch(m->jit, entry);
  if (lo & TLB_R) entry[TABLE_LOAD * TABLE_ENTRIES] = addend;
  if (lo & TLB_W && page->written && may_store_directly(m, pa)) entry[TABLE_STORE * TABLE_ENTRIES] = addend;
  if (LIKELY(!page->jit || page->jit->vpage != va || !(lo & TLB_X))) return USED_DATA;
  entry[TABLE_FETCH * TABLE_ENTRIES] = (uintptr_t)page->jit;
  return USED_DATA | USED_FETCH;
}

#endif
