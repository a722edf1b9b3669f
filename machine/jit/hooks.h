/* hooks.h - what core/ and interp/ tell the JIT, and all that they know of it.
 *
 * core/ and interp/ include this header and no other of jit/. A machine without a JIT has m->jit == NULL; but
 * for jit_new and jit_free, these functions are called only where m->jit is not NULL.
 *
 * The second half is the layout of the flat tables, in which translated code looks up each load, store and
 * indirect jump. It is here, inline, because each tlbw changes them: a kernel's TLB-miss handler is a few
 * instructions long, so a function call for each tlbw can be measured. */
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

/* Gives the machine a JIT. False, with errno set, if this host has none (ENOTSUP) or memory is short
 * (ENOMEM). */
bool jit_new(struct machine *m);
void jit_free(struct machine *m); /* a machine without a JIT is allowed */
/* Executes until run->done, or until the observer wants the engine's other copy. */
void jit_run(struct machine *m, struct run *run);

/* ---- what has changed ---- */

/* No translation holds any more: all entries of all tables go. */
void jit_drop_all(struct machine *m);
/* Stores to the physical page must not be done by translated code any more, until one is remembered again. */
void jit_drop_stores(struct machine *m, uint32_t page);
/* The same for every page. */
void jit_flush_stores(struct machine *m);
/* A load or a store at `va`, in the present context, was done by the core: translated code may do the next
 * one. addend: host address less va. */
void jit_remember_load(struct machine *m, uint32_t va, uint64_t addend);
void jit_remember_store(struct machine *m, uint32_t va, uint64_t addend);
/* A device or an observer was called: what translated code holds in host registers may be old. */
void jit_unsettle(struct jit *j);
/* Before bytes [pa, pa + n) of a page that has been translated from are written. */
void jit_stored(struct machine *m, uint32_t pa, uint32_t n);

/* ---- the flat tables: an entry for each virtual page of each context ----
 * An entry is 0, or for loads and stores the addend that turns a virtual address into the host's, for fetches
 * the page's blocks (struct jit_page *). A context is "untranslated", or one ASID. */
#define TABLE_ENTRIES (1u << (32 - PAGE_SHIFT))
enum { TABLE_LOAD, TABLE_STORE, TABLE_FETCH, TABLES };
#define CONTEXTS (1 + ASIDS)

#define JIT_ENTRIES_A_PAGE (4096 / sizeof(uint64_t))

/* The first member of struct jit. */
struct jit_tables {
  uint64_t *entry;
  uint8_t
      *touched; /* for each part: may it hold something? A part is a host page of a context's three tables */
  uint32_t touched_parts, touched_most;
};

static inline struct jit_tables *jit_tables(struct jit *j) { return (struct jit_tables *)(void *)j; }

/* Empties all tables, and gives their memory back to the host. */
void jit_tables_empty(struct jit_tables *t);

/* The entry for loads of the page and ASID in `hi`, the first word of a tlbw. Those for stores and fetches
 * lie TABLE_ENTRIES and 2 * TABLE_ENTRIES behind. */
static inline uint64_t *jit_entry(const struct jit_tables *t, uint32_t hi) {
  const size_t table = (size_t)(1 + (hi & TLB_ASID_MASK)) * TABLES * TABLE_ENTRIES;
  return t->entry + table + (hi >> PAGE_SHIFT);
}

/* Before something is put there. Memory is bounded: when too many parts hold something, all tables are
 * emptied. */
static inline void jit_touch(struct jit_tables *t, const uint64_t *load_entry) {
  uint8_t *touched = &t->touched[(size_t)(load_entry - t->entry) / JIT_ENTRIES_A_PAGE];
  if (__builtin_expect(*touched, 1)) return;
  if (t->touched_parts == t->touched_most) jit_tables_empty(t);
  *touched = 1;
  t->touched_parts++;
}

/* Reads first: a host page that was never written to has no memory, and should not get it now. */
static inline void jit_forget(uint64_t *load_entry, uint32_t kind) {
  uint64_t *entry = load_entry + kind * TABLE_ENTRIES;
  if (*entry) *entry = 0;
}

/* An entry of the TLB goes. */
static inline void jit_drop(struct jit_tables *t, uint32_t hi, bool data, bool fetch) {
  uint64_t *entry = jit_entry(t, hi);
  if (data) {
    jit_forget(entry, TABLE_LOAD);
    jit_forget(entry, TABLE_STORE);
  }
  if (fetch) jit_forget(entry, TABLE_FETCH);
}

/* The entries of a page and ASID, for loads, to be put into. */
static inline uint64_t *jit_fill(struct jit_tables *t, uint32_t hi) {
  uint64_t *entry = jit_entry(t, hi);
  jit_touch(t, entry);
  return entry;
}
/* value: see above. */
static inline void jit_put(uint64_t *load_entry, uint32_t kind, uint64_t value) {
  load_entry[kind * TABLE_ENTRIES] = value;
}

#endif
