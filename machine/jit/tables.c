/* tables.c - the flat tables: the host TLB that translated code reads (hooks.h).
 *
 * Maintains: an entry of a translated context is derived from a valid entry of the architectural TLB; one for
 * stores leads to a page of RAM without decoded code, blocks, snapshot copy or watch; one for fetches to a
 * live page of blocks. A change of context changes which tables are read, and drops nothing. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "jit.h"

#define BYTES ((size_t)CONTEXTS * TABLES * TABLE_ENTRIES * sizeof(uint64_t))
#define PARTS (BYTES / 4096)

/* Address space; the host gives it memory page by page, when it is first written. */
static void *reserve(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return NULL;
  madvise(p, bytes, MADV_NOHUGEPAGE);
  return p;
}

bool jit_tables_new(struct jit_tables *t) {
  t->entry = reserve(BYTES);
  t->in_use = reserve(PARTS);
  t->parts_max = JIT_TABLE_PAGES / TABLES;
  t->queue = calloc(t->parts_max, sizeof *t->queue);
  return t->entry && t->in_use && t->queue;
}

void jit_tables_free(struct jit_tables *t) {
  if (t->entry) munmap(t->entry, BYTES);
  if (t->in_use) munmap(t->in_use, PARTS);
  free(t->queue);
}

void jit_tables_empty(struct jit_tables *t) {
  if (t->parts_in_use == 0) return;
  madvise(t->entry, BYTES, MADV_DONTNEED);
  madvise(t->in_use, PARTS, MADV_DONTNEED);
  t->parts_in_use = 0;
}

static void empty_part(struct jit_tables *t, uint32_t part) {
  uint64_t *load_entry = t->entry + (size_t)part * TABLE_PART_ENTRIES;
  for (uint32_t kind = 0; kind < TABLES; kind++)
    madvise(load_entry + kind * TABLE_ENTRIES, 4096, MADV_DONTNEED);
  t->in_use[part] = 0;
}

void jit_tables_use_part(struct jit_tables *t, uint32_t part) {
  if (t->parts_in_use == t->parts_max) {
    empty_part(t, t->queue[t->oldest]);
    t->oldest = (t->oldest + 1) % t->parts_max;
    t->parts_in_use--;
  }
  t->queue[(t->oldest + t->parts_in_use++) % t->parts_max] = part;
  t->in_use[part] = 1;
}

/* ---- setting entries ---- */

void jit_fill_entry(struct jit *j, uint32_t status, uint32_t kind, uint32_t va, uint64_t value) {
  uint64_t *entry = jit_table(j, status) + (va >> PAGE_SHIFT);
  jit_use_part(&j->tables, entry);
  entry[kind * TABLE_ENTRIES] = value;
}

void jit_fill_load(struct machine *m, uint32_t va, uint64_t addend) {
  jit_fill_entry(m->jit, m->status, TABLE_LOAD, va, addend);
}

void jit_fill_store(struct machine *m, uint32_t va, uint64_t addend) {
  jit_fill_entry(m->jit, m->status, TABLE_STORE, va, addend);
}

/* ---- dropping entries: in the untranslated context, and wherever the TLB has an entry ---- */

void jit_drop_all(struct machine *m) {
  m->low_core = NULL;
  jit_tables_empty(&m->jit->tables);
}

void jit_drop_stores(struct machine *m, uint32_t page) {
  struct jit *j = m->jit;
  if (page == 0) m->low_core = NULL;
  jit_clear_entry(jit_table(j, 0) + (page >> PAGE_SHIFT), TABLE_STORE);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid && (m->tlb[i].lo & TLB_PFN_MASK) == page)
      jit_clear_entry(jit_entry(&j->tables, m->tlb[i].hi), TABLE_STORE);
}

void jit_drop_all_stores(struct machine *m) {
  struct jit *j = m->jit;
  m->low_core = NULL;
  madvise(jit_table(j, 0) + TABLE_STORE * TABLE_ENTRIES, TABLE_ENTRIES * sizeof(uint64_t), MADV_DONTNEED);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid) jit_clear_entry(jit_entry(&j->tables, m->tlb[i].hi), TABLE_STORE);
}

void jit_drop_fetches(struct machine *m, uint32_t vpage) {
  struct jit *j = m->jit;
  jit_clear_entry(jit_table(j, 0) + (vpage >> PAGE_SHIFT), TABLE_FETCH);
  for (uint32_t i = 0; i < m->tlb_entries; i++)
    if (m->tlb[i].valid && (m->tlb[i].hi & TLB_VPN_MASK) == vpage)
      jit_clear_entry(jit_entry(&j->tables, m->tlb[i].hi), TABLE_FETCH);
}
