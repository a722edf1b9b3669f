/* tables.c - the flat tables: the host TLB that translated code reads (hooks.h).
 *
 * Maintains: an entry of a translated context is derived from a valid entry of the architectural TLB; one for
 * stores leads to a page of RAM without decoded code, blocks, snapshot copy or watch; one for fetches to a
 * live page of blocks. A change of context changes which tables are read, and drops nothing. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "jit.h"

#define TABLES_BYTES (TABLES * TABLE_ENTRIES * sizeof(uint64_t) + TABLE_PAGE_BYTES)
#define CACHE_LINE 64u /* of most hosts; at others, tables are spread less well */

/* Where the host pages of tables begin. */
static void *pages_of(uint64_t *table) { return (uint8_t *)table - (uintptr_t)table % TABLE_PAGE_BYTES; }

/* Address space for tables, the n-th; the host gives it memory page by page, when it is first written. */
static uint64_t *reserve(int protection, uint32_t n) {
  uint8_t *p = mmap(NULL, TABLES_BYTES, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return NULL;
#ifdef MADV_NOHUGEPAGE
  madvise(p, TABLES_BYTES, MADV_NOHUGEPAGE);
#endif
  return (uint64_t *)(void *)(p + n * CACHE_LINE % TABLE_PAGE_BYTES);
}

static void unreserve(uint64_t *table) { munmap(pages_of(table), TABLES_BYTES); }

/* The untranslated context, and two more, so that there is always one that translated code is not in. */
enum { HOLDERS_MIN = 3 };
_Static_assert(JIT_CONTEXTS >= HOLDERS_MIN, "contexts that have tables");

/* How many contexts may have tables: where the process has a limit of addresses, a quarter of them at most. */
static uint32_t most_holders(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return JIT_CONTEXTS;
  const uint64_t n = limit.rlim_cur / 4 / TABLES_BYTES;
  return n < HOLDERS_MIN ? HOLDERS_MIN : n < JIT_CONTEXTS ? (uint32_t)n : JIT_CONTEXTS;
}

static bool give_new(struct jit_tables *t, uint32_t context) {
  uint64_t *table = t->holders < t->holders_max ? reserve(PROT_READ | PROT_WRITE, t->holders) : NULL;
  if (!table) return false;
  t->table[context] = table;
  t->holder[t->holders++] = (uint16_t)context;
  return true;
}

bool jit_tables_new(struct jit_tables *t) {
  t->nothing = reserve(PROT_READ, 0);
  for (uint32_t c = 0; c < CONTEXTS; c++) t->table[c] = t->nothing;
  t->in_use = calloc(CONTEXTS, CONTEXT_PARTS);
  t->parts_max = JIT_TABLE_PAGES / TABLES;
  t->queue = calloc(t->parts_max, sizeof *t->queue);
  t->next_to_go = 1;
  t->holders_max = most_holders();
  bool good = t->nothing && t->in_use && t->queue;
  for (uint32_t c = 0; c < HOLDERS_MIN; c++) good = good && give_new(t, c);
  return good;
}

void jit_tables_free(struct jit_tables *t) {
  for (uint32_t i = 0; i < t->holders; i++) unreserve(t->table[t->holder[i]]);
  if (t->nothing) unreserve(t->nothing);
  free(t->in_use);
  free(t->queue);
}

/* ---- parts: which pages of tables have memory ---- */

static uint32_t *queued(const struct jit_tables *t, uint32_t i) {
  return &t->queue[(t->oldest + i) % t->parts_max];
}

void jit_tables_empty(struct jit_tables *t) {
  if (t->parts_in_use == 0) return;
  for (uint32_t i = 0; i < t->parts_in_use; i++) t->in_use[*queued(t, i)] = 0;
  for (uint32_t i = 0; i < t->holders; i++)
    madvise(pages_of(t->table[t->holder[i]]), TABLES_BYTES, MADV_DONTNEED);
  t->parts_in_use = 0;
}

static void empty_part(struct jit_tables *t, uint32_t part) {
  uint64_t *load_entries = pages_of(t->table[part / CONTEXT_PARTS]);
  load_entries += part % CONTEXT_PARTS * TABLE_PART_ENTRIES;
  for (uint32_t kind = 0; kind < TABLES; kind++) {
    uint64_t *entries = load_entries + kind * TABLE_ENTRIES;
    if (madvise(entries, TABLE_PAGE_BYTES, MADV_DONTNEED))
      memset(entries, 0, TABLE_PAGE_BYTES); /* larger pages */
  }
  t->in_use[part] = 0;
}

/* Afterwards the context's tables are 0 everywhere. */
static void empty_context(struct jit_tables *t, uint32_t context) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < t->parts_in_use; i++) {
    const uint32_t part = *queued(t, i);
    if (part / CONTEXT_PARTS == context)
      empty_part(t, part);
    else
      *queued(t, kept++) = part;
  }
  t->parts_in_use = kept;
}

/* ---- which contexts have tables ---- */

/* Gives the context the tables of another one. Translated code may still read `present`. */
static void give_others(struct jit_tables *t, uint32_t context, const uint64_t *present) {
  uint16_t *holder;
  do {
    holder = &t->holder[t->next_to_go];
    t->next_to_go = t->next_to_go + 1 < t->holders ? t->next_to_go + 1 : 1;
  } while (t->table[*holder] == present);
  empty_context(t, *holder);
  t->table[context] = t->table[*holder];
  t->table[*holder] = t->nothing;
  *holder = (uint16_t)context;
}

void jit_tables_use_part(struct machine *m, uint32_t context, uint32_t va) {
  struct jit_tables *t = &m->jit->tables;
  if (t->table[context] == t->nothing && !give_new(t, context)) give_others(t, context, m->table);
  const uint32_t part = jit_part(t, context, va);
  if (t->parts_in_use == t->parts_max) {
    empty_part(t, t->queue[t->oldest]);
    t->oldest = (t->oldest + 1) % t->parts_max;
    t->parts_in_use--;
  }
  *queued(t, t->parts_in_use++) = part;
  t->in_use[part] = 1;
}

/* ---- setting entries ---- */

void jit_fill_entry(struct machine *m, uint32_t kind, uint32_t va, uint64_t value) {
  struct jit_tables *t = &m->jit->tables;
  jit_use_part(m, t, jit_context_of(m->status), va);
  m->table = jit_table(m->jit, m->status);
  m->table[kind * TABLE_ENTRIES + (va >> PAGE_SHIFT)] = value;
}

void jit_fill_load(struct machine *m, uint32_t va, uint64_t addend) {
  jit_fill_entry(m, TABLE_LOAD, va, addend);
}

void jit_fill_store(struct machine *m, uint32_t va, uint64_t addend) {
  jit_fill_entry(m, TABLE_STORE, va, addend);
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
