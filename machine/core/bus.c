/* bus.c - physical memory: RAM, the devices behind it, and looking at both from outside.
 *
 * A write to RAM goes through ram_touch or through an entry for stores of a host TLB. Such an entry exists
 * only for a page without decoded or translated code, without a copy in a snapshot, and unwatched; so no
 * write goes unnoticed by those who must know of it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "tlb.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "RAM is kept in the guest's byte order");

static const struct device *const devices[DEVICES] = {
#define DEVICE_ROW(name) &machine_##name##_device,
    MACHINE_DEVICES(DEVICE_ROW)};
_Static_assert(DEV_BASE + DEVICES * PAGE_SIZE == DEV_END, "one page a device");

/* ---- RAM ---- */

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
  return pa >= DEV_BASE && pa < DEV_END ? devices[(pa - DEV_BASE) >> PAGE_SHIFT] : NULL;
}

static void observe_access(struct machine *m, uint32_t pa, uint32_t value, bool store) {
  const struct machine_device_access access = {m->pc, pa, value, store};
  if (m->observer.device) m->observer.device(m->observer.arg, m, &access);
}

bool machine_bus_new(struct machine *m, const struct machine_config *config) {
  for (int i = 0; i < DEVICES; i++) {
    const struct device *d = devices[i];
    m->device_state[i] = calloc(1, d->state_bytes ? d->state_bytes : 1);
    if (!m->device_state[i] || (d->init && !d->init(m->device_state[i], config))) return false;
  }
  return true;
}

void machine_bus_free(struct machine *m) {
  for (int i = 0; i < DEVICES; i++) {
    if (m->device_state[i] && devices[i]->free) devices[i]->free(m->device_state[i]);
    free(m->device_state[i]);
  }
}

static uint32_t device_index(const struct device *device) { return (device->base - DEV_BASE) >> PAGE_SHIFT; }

void *machine_device_state(const struct machine *m, const struct device *device) {
  return m->device_state[device_index(device)];
}

void machine_device_changed(struct machine *m) { m->next_device_event = 0; }

static bool device_load(struct machine *m, uint32_t pa, uint32_t size, uint32_t *value) {
  const struct device *d = device_at(pa);
  m->next_device_event = 0;
  if (!d || size != 4 || !d->load) return false;
  if (!d->load(m, machine_device_state(m, d), pa % PAGE_SIZE, value)) return false;
  if (m->jit) jit_request_exit(m->jit);
  observe_access(m, pa, *value, false);
  return true;
}

static bool device_store(struct machine *m, uint32_t pa, uint32_t size, uint32_t value) {
  const struct device *d = device_at(pa);
  m->next_device_event = 0;
  if (!d || size != 4 || !d->store) return false;
  if (!d->store(m, machine_device_state(m, d), pa % PAGE_SIZE, value)) return false;
  if (m->jit) jit_request_exit(m->jit);
  observe_access(m, pa, value, true);
  return true;
}

void machine_bus_stream(struct machine *m, struct stream *s) {
  for (int i = 0; i < DEVICES; i++)
    if (devices[i]->stream) devices[i]->stream(m, m->device_state[i], s);
  if (s->mode == STREAM_RESTORE) machine_device_changed(m);
}

bool machine_bus_pending(const struct machine *m) {
  for (int i = 0; i < DEVICES; i++)
    if (devices[i]->pending && devices[i]->pending(m, m->device_state[i])) return true;
  return false;
}

uint64_t machine_bus_next_event(const struct machine *m) {
  uint64_t next = NEVER;
  for (int i = 0; i < DEVICES; i++) {
    const struct device *d = devices[i];
    const uint64_t event = d->next_event ? d->next_event(m, m->device_state[i]) : NEVER;
    if (event < next) next = event;
  }
  return next;
}

/* ---- the slow paths of loads and stores ---- */

static uint32_t xlate(const struct machine *m, uint32_t va, enum machine_access access, uint32_t *pa) {
  return machine_translate(m, va, access, m->status & ST_T, status_asid(m->status), pa);
}

/* Is the address in the window of a leaky CPU, which loads and stores reach through base x0 alone? The window
 * never goes into a host TLB, because a look-up there does not know the base. */
static inline bool in_window(const struct machine *m, uint32_t va) {
  return va >= CPU_L_WINDOW && m->cpu == CPU_LEAKY;
}

/* Puts the translation into the host TLB: `entries` is m->load or m->store. */
static void remember(struct machine *m, struct host_entry *entries, uint32_t va, uint32_t pa) {
  const uint32_t context = context_of(m->status);
  machine_tlb_use(m, m->status, va, USED_HASHED | USED_DATA);
  struct host_entry *e = &entries[host_index(va, context)];
  e->tag = host_tag(va, context);
  e->addend = (uintptr_t)m->ram + pa - va;
}

uint32_t machine_mem_load(struct machine *m, unsigned base, uint32_t va, uint32_t size, uint32_t *value) {
  uint32_t pa;
  if (va & (size - 1)) return CAUSE_LOAD_MISALIGNED;
  const uint32_t cause = xlate(m, va, ACCESS_LOAD, &pa);
  if (cause) return cause;
  const bool window = in_window(m, va);
  if (window && base != 0) return CAUSE_LOAD_PROT;
  if (pa >= m->ram_bytes) return device_load(m, pa, size, value) ? 0 : CAUSE_LOAD_BUS;
  *value = 0;
  memcpy(value, m->ram + pa, size);
  if (window) return 0;
  remember(m, m->load, va, pa);
  if (m->jit) jit_fill_load(m, va, (uintptr_t)m->ram + pa - va);
  return 0;
}

uint32_t machine_mem_store(struct machine *m, unsigned base, uint32_t va, uint32_t size, uint32_t value) {
  uint32_t pa;
  if (va & (size - 1)) return CAUSE_STORE_MISALIGNED;
  const uint32_t cause = xlate(m, va, ACCESS_STORE, &pa);
  if (cause) return cause;
  const bool window = in_window(m, va);
  if (window && base != 0) return CAUSE_STORE_PROT;
  if (pa >= m->ram_bytes) return device_store(m, pa, size, value) ? 0 : CAUSE_STORE_BUS;
  ram_touch(m, pa, size);
  memcpy(m->ram + pa, &value, size);
  if (window || !may_store_directly(m, pa)) return 0;
  m->pages[pa >> PAGE_SHIFT].stored_directly = true;
  remember(m, m->store, va, pa);
  if (m->jit) jit_fill_store(m, va, (uintptr_t)m->ram + pa - va);
  return 0;
}

/* ---- from outside ---- */

uint32_t machine_ram_bytes(const struct machine *m) { return m->ram_bytes; }

const void *machine_ram(const struct machine *m, uint32_t pa, uint32_t n) {
  return pa <= m->ram_bytes && n <= m->ram_bytes - pa ? m->ram + pa : NULL;
}

/* The physical address of `addr`, whatever its rights. False if it is not mapped, or not RAM. */
static bool find_ram(const struct machine *m, struct machine_space space, uint32_t addr, uint32_t *pa) {
  *pa = addr;
  if (space.translated && !machine_tlb_look_up(m, addr, space.asid, pa)) return false;
  return *pa < m->ram_bytes;
}

size_t machine_peek(const struct machine *m, struct machine_space space, uint32_t addr, void *buf, size_t n) {
  size_t done = 0;
  uint32_t pa;
  while (done < n && find_ram(m, space, addr + (uint32_t)done, &pa)) {
    const size_t part = left_in_page(pa, n - done);
    memcpy((uint8_t *)buf + done, m->ram + pa, part);
    done += part;
  }
  return done;
}

size_t machine_poke(struct machine *m, struct machine_space space, uint32_t addr, const void *buf, size_t n) {
  size_t done = 0;
  uint32_t pa;
  while (done < n && find_ram(m, space, addr + (uint32_t)done, &pa)) {
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
