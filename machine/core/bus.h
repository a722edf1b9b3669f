/* bus.h - physical memory: RAM, what must be done before RAM is written, and the devices behind it. */
#ifndef MACHINE_BUS_H
#define MACHINE_BUS_H

#include "code.h"
#include "internal.h"
#include "machine/jit/hooks.h"

/* What is known of a page of RAM. */
struct ram_page {
  struct code *code;    /* decoded from it, or NULL */
  struct jit_page *jit; /* translated from it, or NULL */
  struct copy *copy;    /* equals its content, or NULL */
  bool written;         /* since reset: otherwise all zero */
  bool stored_directly; /* some entry of m->store may lead here */
  uint32_t jit_vpage;   /* of `jit`: the virtual page that it was translated for */
};

/* Before [pa, pa + n), inside one page of RAM, is written. */
static inline void ram_touch(struct machine *m, uint32_t pa, uint32_t n) {
  struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  if (UNLIKELY((pa & PAGE_MASK) == m->watched) && m->observer.store) {
    m->observer.store(m->observer.arg, m, pa, n);
    if (m->jit) jit_request_exit(m->jit);
  }
  page->written = true;
  if (UNLIKELY(page->copy != NULL)) {
    machine_copy_release(page->copy);
    page->copy = NULL;
  }
  if (UNLIKELY(page->code != NULL)) machine_code_stored(m, page->code, pa, n);
  if (UNLIKELY(page->jit != NULL)) jit_before_store(m, pa, n);
}

/* May a host TLB have an entry that leads stores to the page at pa past ram_touch? The page must be
 * `written`. */
static inline bool may_store_directly(const struct machine *m, uint32_t pa) {
  const struct ram_page *page = &m->pages[pa >> PAGE_SHIFT];
  return !page->code && !page->jit && !page->copy && (pa & PAGE_MASK) != m->watched;
}

/* pa: aligned, in RAM. */
static inline uint32_t ram_word(const struct machine *m, uint32_t pa) {
  uint32_t value;
  __builtin_memcpy(&value, m->ram + pa, sizeof value);
  return value;
}

/* Copies n bytes into RAM, where there must be room for them. */
void machine_ram_write(struct machine *m, uint32_t pa, const void *from, size_t n);

/* The slow paths of loads and stores of 1, 2 or 4 bytes, under the present STATUS: where the host TLB has no
 * entry. `base` is the number of the register that the address was computed from. They return 0, or the cause of the fault. Beyond RAM a device is called, and with it perhaps an
 * observer; so the caller must expect that anything but registers has changed. */
uint32_t machine_mem_load(struct machine *m, unsigned base, uint32_t va, uint32_t size, uint32_t *value);
uint32_t machine_mem_store(struct machine *m, unsigned base, uint32_t va, uint32_t size, uint32_t value);

/* Makes and frees the devices' states. False if memory is short. */
bool machine_bus_new(struct machine *m, const struct machine_config *config);
void machine_bus_free(struct machine *m);
/* Passes over the states of all devices. */
void machine_bus_stream(struct machine *m, struct stream *s);
/* Does any device interrupt now? */
bool machine_bus_pending(const struct machine *m);
/* The first tick after now at which a device that does not interrupt now will, or NEVER. */
uint64_t machine_bus_next_event(const struct machine *m);

#endif
