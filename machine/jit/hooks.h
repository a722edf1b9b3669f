/* hooks.h - all that core/ and interp/ know of the JIT: what they tell it, and the flat tables.
 *
 * core/ and interp/ include no other header of jit/. A machine without a JIT has m->jit == NULL; all
 * functions here but jit_new and jit_free are called only where m->jit is not NULL.
 *
 * The flat tables are a host TLB, in which translated code looks up each load, each store and each indirect
 * jump. Their layout is here, with inline functions, because each tlbw changes them: a kernel's TLB-miss
 * handler has only a few instructions, so that a function call for each tlbw could be measured. */
#ifndef JIT_HOOKS_H
#define JIT_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/platform.h"

struct machine;
struct run; /* interp/engine.h */
struct jit;
struct jit_page;

/* ---- life ---- */

/* Gives the machine a JIT; gives_way: one that lets the interpreter run where that is quicker. False, with errno set, if this host has none (ENOTSUP) or memory is short
 * (ENOMEM). */
bool jit_new(struct machine *m, bool gives_way);
bool jit_gives_way(const struct jit *j);
void jit_free(struct machine *m); /* a machine without a JIT is allowed */
/* Executes until run->done, or until the observer wants the engine's other copy. */
void jit_run(struct machine *m, struct run *run);

/* ---- what has changed ---- */

/* The entries of all tables are dropped: the TLB was replaced. */
void jit_drop_all(struct machine *m);
/* Translated code must not store to the physical page any more, until jit_fill_store. */
void jit_drop_stores(struct machine *m, uint32_t page);
/* The same for every page. */
void jit_drop_all_stores(struct machine *m);
/* The core has done a load or a store at `va`, in the present context; translated code may do the next one.
 * addend: host address less va. */
void jit_fill_load(struct machine *m, uint32_t va, uint64_t addend);
void jit_fill_store(struct machine *m, uint32_t va, uint64_t addend);
/* A device or an observer was called: the block that is being executed must be left, as it may rely on what
 * has changed. */
void jit_request_exit(struct jit *j);
/* Bytes [pa, pa + n) of a page that has been translated from are about to be written. */
void jit_before_store(struct machine *m, uint32_t pa, uint32_t n);

/* ---- the flat tables: an entry for each virtual page of each context ----
 * An entry is 0 if translated code must not do the access. Else it is, for loads and stores, the addend that
 * turns a virtual address into the host's; for fetches, the page's blocks (struct jit_page *). A context is
 * "untranslated", or one ASID. A context's tables are three arrays in a row, for loads, stores and fetches:
 * 24 MiB of the host's addresses, which are reserved when the first entry is set. Most of a table is never
 * used: the host gives memory only to those of its pages that are. */
#define TABLE_ENTRIES (1u << (32 - PAGE_SHIFT))
enum { TABLE_LOAD, TABLE_STORE, TABLE_FETCH, TABLES };
#define CONTEXTS (1 + ASIDS)

/* The unit in which memory is counted: a part is one host page of each of a context's three tables. Parts are
 * numbered through all contexts. Tables do not begin where a host page begins, but each at another offset:
 * else the entries of the page where all address spaces begin, say, would be in one line of the host's cache.
 * So a table has a part more than it would fill, and its last part is the next table's first. */
#define TABLE_PAGE_BYTES 4096u
#define TABLE_PART_ENTRIES (TABLE_PAGE_BYTES / (uint32_t)sizeof(uint64_t))
#define CONTEXT_PARTS (TABLE_ENTRIES / TABLE_PART_ENTRIES + 1)

/* The first member of struct jit. */
struct jit_tables {
  uint64_t *table[CONTEXTS]; /* of each context; `nothing` if it has no tables */
  uint64_t *nothing;         /* tables that are 0 everywhere, and cannot be written */
  uint16_t holder[CONTEXTS]; /* the contexts that have tables; the untranslated one is the first */
  uint32_t holders, holders_max;
  uint32_t next_to_go; /* which holder loses its tables when there must not be another one */
  uint8_t *in_use;     /* for each part: may an entry be other than 0? */
  uint32_t *queue;     /* the parts in use, by number: `oldest`, and so on, around the end */
  uint32_t parts_in_use, parts_max, oldest;
};

static inline struct jit_tables *jit_tables(struct jit *j) { return (struct jit_tables *)(void *)j; }

/* Empties all tables, and gives their memory back to the host. */
void jit_tables_empty(struct jit_tables *t);

/* The context of the ASID in `hi`, the first word of a tlbw. */
static inline uint32_t jit_context(uint32_t hi) { return 1 + (hi & TLB_ASID_MASK); }

/* The entry for loads of the page and ASID in `hi`. Those for stores and fetches lie TABLE_ENTRIES and
 * 2 * TABLE_ENTRIES after. */
static inline uint64_t *jit_entry(const struct jit_tables *t, uint32_t hi) {
  return t->table[jit_context(hi)] + (hi >> PAGE_SHIFT);
}

/* The part that the entries for va are in. */
static inline uint32_t jit_part(const struct jit_tables *t, uint32_t context, uint32_t va) {
  const uint32_t offset = (uint32_t)(uintptr_t)t->table[context] % TABLE_PAGE_BYTES / sizeof(uint64_t);
  return context * CONTEXT_PARTS + (offset + (va >> PAGE_SHIFT)) / TABLE_PART_ENTRIES;
}

/* Takes the part for va into use, and gives its context tables if it has none. Memory is bounded: when too
 * many parts are in use, the oldest one is emptied. So are addresses: when no more contexts may have tables,
 * one loses its tables that translated code is not in. */
void jit_tables_use_part(struct machine *m, uint32_t context, uint32_t va);

/* To be called before an entry of a context is set, and before its address is computed. */
static inline void jit_use_part(struct machine *m, const struct jit_tables *t, uint32_t context,
                                uint32_t va) {
  if (__builtin_expect(!t->in_use[jit_part(t, context, va)], 0)) jit_tables_use_part(m, context, va);
}

/* Writes only what is not yet 0: the host gives memory to a page that is written. */
static inline void jit_clear_entry(uint64_t *load_entry, uint32_t kind) {
  uint64_t *entry = load_entry + kind * TABLE_ENTRIES;
  if (*entry) *entry = 0;
}

/* An entry of the TLB is removed. data, fetch: whether the tables may have entries of that kind for it. */
static inline void jit_drop(struct jit_tables *t, uint32_t hi, bool data, bool fetch) {
  uint64_t *entry = jit_entry(t, hi);
  if (data) {
    jit_clear_entry(entry, TABLE_LOAD);
    jit_clear_entry(entry, TABLE_STORE);
  }
  if (fetch) jit_clear_entry(entry, TABLE_FETCH);
}

/* For a new entry of the TLB, which is likely to be used at once: the entry for loads of the page and ASID in
 * `hi`, whose values jit_put then sets. */
static inline uint64_t *jit_fill(struct machine *m, const struct jit_tables *t, uint32_t hi) {
  jit_use_part(m, t, jit_context(hi), hi);
  return jit_entry(t, hi);
}
/* kind: TABLE_...; value: as is said above of an entry. */
static inline void jit_put(uint64_t *load_entry, uint32_t kind, uint64_t value) {
  load_entry[kind * TABLE_ENTRIES] = value;
}

#endif
