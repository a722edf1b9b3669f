/* snapshot.c - the whole machine as a value: saved, restored, hashed.
 *
 * Snapshots share pages of RAM with each other and with the machine: a page that has not been written since
 * it was last saved or restored is held once. page->copy != NULL means that the page equals that copy;
 * ram_touch ends this. A snapshot holds no page that was never written; of one that was, and is all zero, it holds
 * that, and no copy. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "tlb.h"

struct saved_page {
  uint32_t index;
  struct copy *copy; /* NULL: all zero */
};

struct machine_snapshot {
  uint32_t ram_bytes, tlb_entries;
  size_t disk_bytes;
  struct copy *disk; /* NULL: no disk */
  size_t input;      /* bytes of console input not yet read */
  struct saved_page *page;
  size_t pages, room, zeros; /* zeros: of the pages, those that are all zero */
  struct stream state;
};

/* ---- shared copies ---- */

static struct copy *copy_new(const void *bytes, size_t n) {
  struct copy *c = malloc(sizeof *c + n);
  if (!c) return NULL;
  atomic_init(&c->users, 1);
  memcpy(c->bytes, bytes, n);
  return c;
}

static struct copy *copy_share(struct copy *c) {
  if (c) atomic_fetch_add(&c->users, 1);
  return c;
}

void machine_copy_release(struct copy *c) {
  if (c && atomic_fetch_sub(&c->users, 1) == 1) free(c);
}

/* ---- streams ---- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t n) {
  const uint8_t *p = bytes;
  for (; n > 0;) {
    uint64_t word = 0;
    const size_t part = n < sizeof word ? n : sizeof word;
    memcpy(&word, p, part);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
    p += part, n -= part;
  }
  return hash;
}

static bool make_room(struct stream *s, size_t n) {
  if (s->capacity - s->at >= n) return true;
  const size_t capacity = (s->at + n) * 2;
  uint8_t *bytes = realloc(s->bytes, capacity);
  if (!bytes) return false;
  s->bytes = bytes;
  s->capacity = capacity;
  return true;
}

void machine_stream_bytes(struct stream *s, void *bytes, size_t n) {
  if (s->failed) return;
  if (s->mode == STREAM_HASH) {
    s->hash = mix(s->hash, bytes, n);
    return;
  }
  if (s->mode == STREAM_SAVE) {
    s->failed = !make_room(s, n);
    if (!s->failed) memcpy(s->bytes + s->at, bytes, n);
  } else {
    s->failed = s->capacity - s->at < n;
    if (!s->failed) memcpy(bytes, s->bytes + s->at, n);
  }
  if (!s->failed) s->at += n;
}

void machine_stream_bool(struct stream *s, bool *value) {
  uint8_t byte = *value;
  STREAM(s, byte);
  *value = byte != 0;
}

/* Passes over everything but RAM and disk. */
static void stream_machine(struct machine *m, struct stream *s) {
  machine_stream_bytes(s, m->x, 32 * sizeof m->x[0]);
  STREAM(s, m->pc);
  STREAM(s, m->status);
  STREAM(s, m->timer);
  STREAM(s, m->tick);
  STREAM(s, m->skipped);
  STREAM(s, m->last_trap);
  STREAM(s, m->unretired);
  machine_stream_bool(s, &m->waiting);
  STREAM(s, m->tlb_pointer);
  for (uint32_t i = 0; i < m->tlb_entries; i++) {
    STREAM(s, m->tlb[i].hi);
    STREAM(s, m->tlb[i].lo);
    machine_stream_bool(s, &m->tlb[i].valid);
  }
  machine_bus_stream(m, s);
}

/* ---- pages ---- */

static bool all_zero(const uint8_t *bytes) {
  return bytes[0] == 0 && memcmp(bytes, bytes + 1, PAGE_SIZE - 1) == 0;
}

static uint8_t *page_bytes(const struct machine *m, uint32_t index) {
  return m->ram + (size_t)index * PAGE_SIZE;
}

/* A page that was never written is zero, and one that has become zero again needs no copy. */
static bool is_zero(const struct machine *m, uint32_t index) {
  return !m->pages[index].copy && all_zero(page_bytes(m, index));
}

static uint32_t ram_pages(const struct machine *m) { return m->ram_bytes / PAGE_SIZE; }

static bool save_pages(const struct machine *m, struct machine_snapshot *s) {
  size_t n = 0;
  for (uint32_t i = 0; i < ram_pages(m); i++) n += m->pages[i].written;
  s->room = n + 1;
  s->page = malloc(s->room * sizeof *s->page);
  if (!s->page) return false;
  for (uint32_t i = 0; i < ram_pages(m); i++) {
    struct ram_page *page = &m->pages[i];
    if (!page->written) continue;
    const bool zero = is_zero(m, i);
    if (!zero && !page->copy) page->copy = copy_new(page_bytes(m, i), PAGE_SIZE);
    if (!zero && !page->copy) return false;
    s->page[s->pages++] = (struct saved_page){i, copy_share(page->copy)};
    s->zeros += zero;
  }
  return true;
}

static bool save_disk(struct machine *m, struct machine_snapshot *s) {
  struct bulk *disk = machine_block_disk(m);
  s->disk_bytes = disk->n;
  if (disk->n && !disk->copy) disk->copy = copy_new(disk->bytes, disk->n);
  s->disk = copy_share(disk->copy);
  return s->disk || disk->n == 0;
}

/* To everybody outside the machine stays the same; so `const` may be cast away. Inside, its pages are shared
 * now. */
struct machine_snapshot *machine_snapshot(const struct machine *machine) {
  struct machine *m = (struct machine *)machine;
  struct machine_snapshot *s = calloc(1, sizeof *s);
  if (!s) return NULL;
  s->ram_bytes = m->ram_bytes;
  s->tlb_entries = m->tlb_entries;
  s->input = machine_console_pending(m);
  s->state.mode = STREAM_SAVE;
  machine_host_tlb_flush_stores(m);
  stream_machine(m, &s->state);
  if (!s->state.failed && save_disk(m, s) && save_pages(m, s)) return s;
  machine_snapshot_free(s);
  return NULL;
}

void machine_snapshot_free(struct machine_snapshot *s) {
  if (!s) return;
  for (size_t i = 0; i < s->pages; i++) machine_copy_release(s->page[i].copy);
  machine_copy_release(s->disk);
  free(s->page);
  free(s->state.bytes);
  free(s);
}

/* Has `c` no user but one snapshot, and perhaps the machine? `held` is the machine's copy of the
 * same page. */
static bool own(struct copy *c, const struct copy *held) {
  return atomic_load(&c->users) == 1u + (c == held);
}

size_t machine_snapshot_bytes(const struct machine_snapshot *s, const struct machine *m) {
  size_t bytes = sizeof *s + s->room * sizeof *s->page + s->state.capacity;
  for (size_t i = 0; i < s->pages; i++) {
    struct copy *c = s->page[i].copy;
    if (c && own(c, m->pages[s->page[i].index].copy)) bytes += sizeof(struct copy) + PAGE_SIZE;
  }
  if (s->disk && own(s->disk, machine_block_disk(m)->copy)) bytes += s->disk_bytes;
  return bytes;
}

/* The page as the snapshot has it; NULL: it was never written. */
static const struct saved_page *find_page(const struct machine_snapshot *s, uint32_t index) {
  size_t low = 0, high = s->pages;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (s->page[middle].index < index)
      low = middle + 1;
    else
      high = middle;
  }
  return low < s->pages && s->page[low].index == index ? &s->page[low] : NULL;
}

/* Two times all zero: it may have been something else in between. */
bool machine_snapshots_share(const struct machine_snapshot *s, const struct machine_snapshot *t,
                             uint32_t pa) {
  const struct saved_page *a = find_page(s, pa / PAGE_SIZE), *b = find_page(t, pa / PAGE_SIZE);
  return a && b ? a->copy && a->copy == b->copy : !a && !b;
}

/* Makes the page equal `copy`; NULL: all zero. */
static void restore_page(struct machine *m, uint32_t index, struct copy *copy) {
  struct ram_page *page = &m->pages[index];
  if (copy ? page->copy == copy : !page->written) return;
  ram_touch(m, index * PAGE_SIZE, PAGE_SIZE);
  page->written = copy != NULL;
  page->copy = copy_share(copy);
  if (copy)
    memcpy(page_bytes(m, index), copy->bytes, PAGE_SIZE);
  else
    memset(page_bytes(m, index), 0, PAGE_SIZE);
}

static void restore_disk(struct machine *m, const struct machine_snapshot *s) {
  struct bulk *disk = machine_block_disk(m);
  if (disk->copy == s->disk) return;
  machine_copy_release(disk->copy);
  disk->copy = copy_share(s->disk);
  memcpy(disk->bytes, s->disk->bytes, s->disk_bytes);
}

bool machine_restore(struct machine *m, const struct machine_snapshot *s) {
  const bool same = m->ram_bytes == s->ram_bytes && m->tlb_entries == s->tlb_entries;
  if (!same || machine_block_disk(m)->n != s->disk_bytes || !machine_console_reserve(m, s->input))
    return false;
  const struct saved_page *saved = s->page, *end = s->page + s->pages;
  for (uint32_t i = 0; i < ram_pages(m); i++)
    restore_page(m, i, saved < end && saved->index == i ? saved++->copy : NULL);
  restore_disk(m, s);
  struct stream in = s->state;
  in.mode = STREAM_RESTORE;
  in.capacity = s->state.at;
  in.at = 0;
  stream_machine(m, &in); /* cannot fail: a snapshot is complete, and there is room for the input */
  machine_tlb_rebuild(m);
  return true;
}

/* ---- as bytes ---- */

size_t machine_snapshot_size(const struct machine_snapshot *s) {
  const size_t page = sizeof s->page->index + PAGE_SIZE;
  return s->state.at + sizeof(uint64_t) + (s->pages - s->zeros) * page + (s->disk ? s->disk_bytes : 0);
}

/* Copies n bytes to `to`; returns where the next ones go. */
static uint8_t *put(uint8_t *to, const void *bytes, size_t n) {
  memcpy(to, bytes, n);
  return to + n;
}

void machine_snapshot_write(const struct machine_snapshot *s, void *bytes) {
  const uint64_t pages = s->pages - s->zeros;
  uint8_t *at = put(bytes, s->state.bytes, s->state.at);
  at = put(at, &pages, sizeof pages);
  for (size_t i = 0; i < s->pages; i++) {
    if (!s->page[i].copy) continue;
    at = put(at, &s->page[i].index, sizeof s->page[i].index);
    at = put(at, s->page[i].copy->bytes, PAGE_SIZE);
  }
  if (s->disk) put(at, s->disk->bytes, s->disk_bytes);
}

static bool read_page(struct machine *m, struct stream *in) {
  uint8_t bytes[PAGE_SIZE];
  uint32_t index = 0;
  STREAM(in, index);
  STREAM(in, bytes);
  if (in->failed || index >= ram_pages(m)) return false;
  machine_ram_write(m, index * PAGE_SIZE, bytes, PAGE_SIZE);
  return true;
}

/* Is the state that was read one that the rest of the code can rely on? */
static bool sane(const struct machine *m) {
  const bool tlb = m->tlb_pointer < m->tlb_entries;
  const bool time = m->skipped <= m->tick && m->tick < NEVER / 4 && m->unretired < NEVER / 4;
  return tlb && time && m->x[0] == 0 && m->halt <= CHECK_STOPPED && (m->status & ~ST_MASK) == 0;
}

size_t machine_snapshot_read(struct machine *m, const void *bytes, size_t n) {
  struct stream in = {.mode = STREAM_RESTORE, .bytes = (uint8_t *)bytes, .capacity = n};
  uint64_t pages = 0;
  stream_machine(m, &in);
  machine_tlb_rebuild(m);
  STREAM(&in, pages);
  while (!in.failed && pages > 0 && read_page(m, &in)) pages--;
  struct bulk *disk = machine_block_disk(m);
  if (disk->n) machine_stream_bytes(&in, disk->bytes, disk->n);
  errno = in.no_memory ? ENOMEM : EINVAL;
  return !in.failed && pages == 0 && sane(m) ? in.at : 0;
}

uint64_t machine_hash(const struct machine *machine) {
  struct machine *m = (struct machine *)machine;
  struct stream s = {.mode = STREAM_HASH, .hash = 1};
  stream_machine(m, &s);
  for (uint32_t i = 0; i < ram_pages(m); i++) {
    if (!m->pages[i].written || all_zero(page_bytes(m, i))) continue;
    STREAM(&s, i);
    machine_stream_bytes(&s, page_bytes(m, i), PAGE_SIZE);
  }
  machine_stream_bytes(&s, machine_block_disk(m)->bytes, machine_block_disk(m)->n);
  return s.hash;
}
