/* bus.c - physical memory: RAM, the devices behind it, and looking at both from outside.
 *
 * Every write to RAM passes ram_touch or a store entry of the host TLB; the latter exists only for pages
 * without decoded code, without a snapshot copy and unwatched, so nothing can go stale. */
#include <assert.h>
#include <string.h>

#include "internal.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "RAM is kept in the guest's byte order");

const struct device *const machine_devices[DEVICES] = {&machine_console_device, &machine_block_device,
                                                       &machine_clock_device, &machine_power_device,
                                                       &machine_facts_device};
_Static_assert(DEV_BASE + DEVICES * PAGE_SIZE == DEV_END, "one page a device");

/* ---- RAM ---- */

void machine_ram_store_word(struct machine *m, uint32_t pa, uint32_t value) {
  ram_touch(m, pa, sizeof value);
  memcpy(m->ram + pa, &value, sizeof value);
}

static size_t left_in_page(uint32_t addr, size_t n) {
  const size_t room = PAGE_SIZE - addr % PAGE_SIZE;
  return n < room ? n : room;
}

void machine_ram_write(struct machine *m, uint32_t pa, const void *from, size_t n) {
  assert((uint64_t)pa + n <= m->ram_bytes);
  for (const uint8_t *bytes = from; n > 0;) {
    const size_t part = left_in_page(pa, n);
    ram_touch(m, pa, (uint32_t)part);
    memcpy(m->ram + pa, bytes, part);
    pa += (uint32_t)part, bytes += part, n -= part;
  }
}

/* ---- devices ---- */

static const struct device *device_at(uint32_t pa) {
  return pa >= DEV_BASE && pa < DEV_END ? machine_devices[(pa - DEV_BASE) >> PAGE_SHIFT] : NULL;
}

static void observe_access(struct machine *m, uint32_t pa, uint32_t value, bool store) {
  const struct machine_device_access access = {m->pc, pa, value, store};
  if (m->observer.device) m->observer.device(m->observer.arg, m, &access);
}

static bool device_load(struct machine *m, uint32_t pa, uint32_t size, uint32_t *value) {
  const struct device *device = device_at(pa);
  m->quiet = 0;
  if (!device || size != 4 || !device->load(m, pa % PAGE_SIZE, value)) return false;
  if (m->jit) jit_request_exit(m->jit);
  observe_access(m, pa, *value, false);
  return true;
}

static bool device_store(struct machine *m, uint32_t pa, uint32_t size, uint32_t value) {
  const struct device *device = device_at(pa);
  m->quiet = 0;
  if (!device || size != 4 || !device->store(m, pa % PAGE_SIZE, value)) return false;
  if (m->jit) jit_request_exit(m->jit);
  observe_access(m, pa, value, true);
  return true;
}

bool machine_bus_pending(const struct machine *m) {
  for (int i = 0; i < DEVICES; i++)
    if (machine_devices[i]->pending && machine_devices[i]->pending(m)) return true;
  return false;
}

uint64_t machine_bus_next_event(const struct machine *m) {
  uint64_t next = NEVER;
  for (int i = 0; i < DEVICES; i++) {
    const uint64_t event = machine_devices[i]->next_event ? machine_devices[i]->next_event(m) : NEVER;
    if (event < next) next = event;
  }
  return next;
}

/* ---- loads and stores that the host TLB does not know ---- */

static uint32_t xlate(const struct machine *m, uint32_t va, enum machine_access access, uint32_t *pa) {
  return machine_translate(m, va, access, m->status & ST_T, status_asid(m->status), pa);
}

static void remember(struct machine *m, struct host_entry *ways, uint32_t va, uint32_t pa) {
  const uint32_t context = context_of(m->status);
  machine_tlb_use(m, m->status, va, USED_HASHED | USED_DATA);
  struct host_entry *e = &ways[host_index(va, context)];
  e->tag = host_tag(va, context);
  e->addend = (uintptr_t)m->ram + pa - va;
}

uint32_t machine_mem_load(struct machine *m, uint32_t va, uint32_t size, uint32_t *value) {
  uint32_t pa;
  if (va & (size - 1)) return CAUSE_LOAD_MISALIGNED;
  const uint32_t cause = xlate(m, va, ACCESS_LOAD, &pa);
  if (cause) return cause;
  if (pa >= m->ram_bytes) return device_load(m, pa, size, value) ? 0 : CAUSE_LOAD_BUS;
  *value = 0;
  memcpy(value, m->ram + pa, size);
  remember(m, m->load, va, pa);
  if (m->jit) jit_fill_load(m, va, (uintptr_t)m->ram + pa - va);
  return 0;
}

uint32_t machine_mem_store(struct machine *m, uint32_t va, uint32_t size, uint32_t value) {
  uint32_t pa;
  if (va & (size - 1)) return CAUSE_STORE_MISALIGNED;
  const uint32_t cause = xlate(m, va, ACCESS_STORE, &pa);
  if (cause) return cause;
  if (pa >= m->ram_bytes) return device_store(m, pa, size, value) ? 0 : CAUSE_STORE_BUS;
  ram_touch(m, pa, size);
  memcpy(m->ram + pa, &value, size);
  if (!may_store_directly(m, pa)) return 0;
  m->pages[pa >> PAGE_SHIFT].reached = true;
  remember(m, m->store, va, pa);
  if (m->jit) jit_fill_store(m, va, (uintptr_t)m->ram + pa - va);
  return 0;
}

/* ---- from outside ---- */

uint32_t machine_ram_bytes(const struct machine *m) { return m->ram_bytes; }

const void *machine_ram(const struct machine *m, uint32_t pa, uint32_t n) {
  return pa <= m->ram_bytes && n <= m->ram_bytes - pa ? m->ram + pa : NULL;
}

/* The physical address behind `addr` whatever the rights; false if it is not mapped or not RAM. */
static bool reach(const struct machine *m, struct machine_space space, uint32_t addr, uint32_t *pa) {
  *pa = addr;
  if (space.translated && !machine_tlb_look_up(m, addr, space.asid, pa)) return false;
  return *pa < m->ram_bytes;
}

size_t machine_peek(const struct machine *m, struct machine_space space, uint32_t addr, void *buf, size_t n) {
  size_t done = 0;
  uint32_t pa;
  while (done < n && reach(m, space, addr + (uint32_t)done, &pa)) {
    const size_t part = left_in_page(pa, n - done);
    memcpy((uint8_t *)buf + done, m->ram + pa, part);
    done += part;
  }
  return done;
}

size_t machine_poke(struct machine *m, struct machine_space space, uint32_t addr, const void *buf, size_t n) {
  size_t done = 0;
  uint32_t pa;
  while (done < n && reach(m, space, addr + (uint32_t)done, &pa)) {
    const size_t part = left_in_page(pa, n - done);
    machine_ram_write(m, pa, (const uint8_t *)buf + done, part);
    done += part;
  }
  return done;
}

uint32_t machine_peek_word(const struct machine *m, struct machine_space space, uint32_t addr, bool *ok) {
  uint32_t value = 0;
  const bool whole = machine_peek(m, space, addr, &value, sizeof value) == sizeof value;
  if (ok) *ok = whole;
  return whole ? value : 0;
}
