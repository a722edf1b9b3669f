/* cache.c - translated code: pages of blocks, the links between blocks, and room for all of it.
 *
 * Host code lies in a ring of segments: when one is full the next is emptied, its blocks unlinked, and filled
 * again. Links and blocks have their places in fixed arrays, so many a segment; number 0 is none.
 *
 * Invariants: page->entry[i] != j->cold implies that a block starts there and is in the page's list; a link
 * with `to` is in the list of that block; each word that went into a block is in its page's `covered`; a page
 * of RAM that has blocks has no store entry in any host TLB. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jit.h"

#define BLOCKS (JIT_SEGMENTS * JIT_SEGMENT_BLOCKS)
#define LINKS (JIT_SEGMENTS * JIT_SEGMENT_LINKS)
#define SITES (JIT_SEGMENTS * JIT_SEGMENT_SITES)
#define SITES_BYTES ((SITES + 1) * sizeof(struct jit_site))

/* Failures of a site until it is asked whether it pays, and how many instructions there should be from one to
 * the next. */
#define PATIENCE 256
#define INSNS_A_FAILURE 128
#define INSNS_AN_ERROR 24 /* of where a jump goes */

/* ---- memory ---- */

/* What a machine has beside guest RAM, were all that is bounded full at once: host code, what describes it,
 * decoded code, tables, and which parts of them are in use (a page each, at worst). */
#define MOST_MEMORY                                                                                  \
  (JIT_CODE_BYTES + BLOCKS * sizeof(struct jit_block) + LINKS * sizeof(struct jit_link) +            \
   SITES * sizeof(struct jit_site) + JIT_PAGES * sizeof(struct jit_page) +                           \
   (CODE_PAGES + 1) * sizeof(struct code) + (JIT_TABLE_PAGES + JIT_TABLE_PAGES / TABLES) * 4096ull + \
   sizeof(struct machine) + sizeof(struct jit))
_Static_assert(MOST_MEMORY < 30ull << 20, "a machine's own memory; 32 MiB with what the process has");

static void *lazily(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

/* One piece of memory under two addresses: nothing is writable where it is executable. */
static bool map_code(struct jit *j) {
  const int fd = memfd_create("trapeze-jit", MFD_CLOEXEC);
  if (fd < 0) return false;
  void *rw = MAP_FAILED, *rx = lazily(JIT_CODE_BYTES + SITES_BYTES);
  j->sites = rx ? (struct jit_site *)((uint8_t *)rx + JIT_CODE_BYTES) : NULL;
  if (rx && ftruncate(fd, JIT_CODE_BYTES) == 0) {
    rw = mmap(NULL, JIT_CODE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    rx = mmap(rx, JIT_CODE_BYTES, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, fd, 0);
  }
  close(fd);
  j->rw = rw == MAP_FAILED ? NULL : rw;
  j->rx = rx == MAP_FAILED ? NULL : rx;
  return j->rw && j->rx;
}

static void open_segment(struct jit *j, uint32_t segment) {
  j->segment = segment;
  j->at = JIT_THUNK_BYTES + segment * JIT_SEGMENT_BYTES;
  j->block_at = segment * JIT_SEGMENT_BLOCKS;
  j->link_at = segment * JIT_SEGMENT_LINKS;
  j->site_at = segment * JIT_SEGMENT_SITES;
}

bool jit_cache_new(struct machine *m) {
  struct jit *j = m->jit;
  j->pages = lazily(JIT_PAGES * sizeof *j->pages);
  j->blocks = lazily((BLOCKS + 1) * sizeof *j->blocks);
  j->links = lazily((LINKS + 1) * sizeof *j->links);
  if (!j->pages || !j->blocks || !j->links || !map_code(j)) return false;
  j->at = 0;
  jit_emit_thunks(j);
  open_segment(j, 0);
  return true;
}

void jit_cache_free(struct machine *m) {
  struct jit *j = m->jit;
  if (j->pages) munmap(j->pages, JIT_PAGES * sizeof *j->pages);
  if (j->blocks) munmap(j->blocks, (BLOCKS + 1) * sizeof *j->blocks);
  if (j->links) munmap(j->links, (LINKS + 1) * sizeof *j->links);
  if (j->rw) munmap(j->rw, JIT_CODE_BYTES);
  if (j->rx) munmap((void *)j->rx, JIT_CODE_BYTES + SITES_BYTES);
}

/* ---- links ---- */

uint32_t jit_link_new(struct jit *j, uint32_t target) {
  j->links[++j->link_at] = (struct jit_link){.target = target, .from = j->block_at + 1};
  return j->link_at;
}

static void disconnect(struct jit *j, struct jit_link *link) {
  if (!link->to) return;
  if (link->prev)
    j->links[link->prev].next = link->next;
  else
    j->blocks[link->to].incoming = link->next;
  if (link->next) j->links[link->next].prev = link->prev;
  link->to = link->next = link->prev = 0;
}

static uint32_t block_at(const struct jit *j, const struct jit_page *page, uint32_t index) {
  uint32_t i = page->blocks;
  while (i && j->blocks[i].index != index) i = j->blocks[i].next;
  return i;
}

static void connect(struct jit *j, uint32_t id, uint32_t to) {
  struct jit_link *link = &j->links[id];
  struct jit_block *b = &j->blocks[to];
  disconnect(j, link);
  link->to = to;
  link->next = b->incoming;
  if (link->next) j->links[link->next].prev = id;
  b->incoming = id;
  jit_patch(j, b->index == JIT_TAIL ? link->branch : link->site, link->inner ? b->head : b->code);
  if (link->page) jit_patch_page(j, link->page, b->page);
}

/* The link goes nowhere from now on. */
static void detach(struct jit *j, struct jit_link *link) {
  if (j->blocks[link->to].index == JIT_TAIL)
    jit_patch(j, link->branch, link->out);
  else
    jit_patch(j, link->site, link->stub);
  if (link->page) jit_patch_page(j, link->page, NULL);
  link->heat = 0;
  disconnect(j, link);
}

/* ---- blocks ---- */

static void drop_block(struct jit *j, uint32_t id) {
  struct jit_block *b = &j->blocks[id];
  while (b->incoming) detach(j, &j->links[b->incoming]);
  for (uint32_t i = 0; i < b->links; i++) disconnect(j, &j->links[b->first_link + i]);
  if (b->prev)
    j->blocks[b->prev].next = b->next;
  else
    b->page->blocks = b->next;
  if (b->next) j->blocks[b->next].prev = b->prev;
  if (b->index != JIT_TAIL) {
    b->page->entry[b->index] = j->cold;
    b->page->heat[b->index] = 0;
    b->page->loops[b->index / 32] &= ~(1u << b->index % 32);
  }
  b->page = NULL;
  j->changed = true;
}

static void drop_blocks(struct jit *j, struct jit_page *page) {
  while (page->blocks) drop_block(j, page->blocks);
  memset(page->covered, 0, sizeof page->covered);
}

static void empty_segment(struct jit *j, uint32_t segment) {
  for (uint32_t i = 1; i <= JIT_SEGMENT_BLOCKS; i++)
    if (j->blocks[segment * JIT_SEGMENT_BLOCKS + i].page) drop_block(j, segment * JIT_SEGMENT_BLOCKS + i);
}

/* Room for a block of n steps: at most a link and a site for each, and a link at the end. Other blocks may
 * go. */
static void make_room(struct jit *j, uint32_t n) {
  const uint32_t end = JIT_THUNK_BYTES + (j->segment + 1) * JIT_SEGMENT_BYTES;
  const bool code = end - j->at >= (n + 2) * JIT_STEP_BYTES;
  const bool block = j->block_at < (j->segment + 1) * JIT_SEGMENT_BLOCKS;
  const bool links = j->link_at + n + 1 <= (j->segment + 1) * JIT_SEGMENT_LINKS;
  const bool sites = j->site_at + n <= (j->segment + 1) * JIT_SEGMENT_SITES;
  if (code && block && links && sites) return;
  const uint32_t next = (j->segment + 1) % JIT_SEGMENTS;
  empty_segment(j, next);
  open_segment(j, next);
}
_Static_assert((JIT_MOST + 2) * JIT_STEP_BYTES <= JIT_SEGMENT_BYTES, "a block fits a segment");
_Static_assert(JIT_MOST + 1 <= JIT_SEGMENT_LINKS && JIT_MOST <= JIT_SEGMENT_SITES, "and so do its links");

/* ---- sites ---- */

uint32_t jit_site_new(struct jit *j) {
  j->sites[++j->site_at] = (struct jit_site){.addend = 1, .patience = PATIENCE};
  return j->site_at;
}

bool jit_foretells(const struct jit_page *page, uint32_t pc) {
  return !jit_is_marked(page->varied, pc % PAGE_SIZE / 4);
}

void jit_reconsider(struct machine *m) {
  struct jit *j = m->jit;
  struct jit_page *page = jit_known_page(m, m->pc);
  struct jit_site *site = &j->sites[m->wavered];
  struct jit_hint *hint = jit_hint(j, m->pc);
  const bool jump = hint->pc == m->pc;
  const uint32_t insns = (uint32_t)m->tick - site->since;
  uint32_t id = page ? page->blocks : 0;
  while (id && m->wavered - j->blocks[id].first_site >= j->blocks[id].sites) id = j->blocks[id].next;
  m->wavered = 0;
  site->patience = PATIENCE;
  site->since = (uint32_t)m->tick;
  if (!id || insns >= PATIENCE * (jump ? INSNS_AN_ERROR : INSNS_A_FAILURE)) return;
  if (jump)
    *hint = (struct jit_hint){.pc = m->pc, .disappointments = (uint8_t)(hint->disappointments + 1)};
  else
    jit_mark(page->varied, m->pc % PAGE_SIZE / 4);
  drop_block(j, id);
}

/* ---- pages ---- */

/* The first of the blocks translated from a page of RAM, with what the core reads of it. */
static void set_first(struct ram_page *ram, struct jit_page *page) {
  ram->jit = page;
  ram->jit_vpage = page ? page->vpage : 0;
}

static void drop_page(struct machine *m, struct jit_page *page) {
  struct ram_page *ram = &m->pages[page->page >> PAGE_SHIFT];
  struct jit_page **at = &ram->jit;
  drop_blocks(m->jit, page);
  jit_drop_fetches(m, page->vpage);
  while (*at != page) at = &(*at)->alias;
  *at = page->alias;
  set_first(ram, ram->jit);
  page->live = false;
}

static struct jit_page *new_page(struct machine *m, uint32_t pa, uint32_t vpage) {
  struct jit *j = m->jit;
  struct jit_page *page = &j->pages[j->page_at];
  struct ram_page *ram = &m->pages[pa >> PAGE_SHIFT];
  j->page_at = (j->page_at + 1) % JIT_PAGES;
  if (page->live) drop_page(m, page);
  for (uint32_t i = 0; i < PAGE_WORDS; i++) page->entry[i] = j->cold;
  memset(page->heat, 0, sizeof page->heat);
  memset(page->varied, 0, sizeof page->varied);
  page->page = pa & PAGE_MASK;
  page->vpage = vpage;
  page->stores = 0;
  page->alias = ram->jit;
  page->live = true;
  set_first(ram, page);
  machine_host_tlb_drop_stores(m, page->page);
  return page;
}

struct jit_page *jit_page_at(struct machine *m, uint32_t pc) {
  const uint32_t asid = status_asid(m->status), vpage = pc & PAGE_MASK;
  uint32_t pa;
  if (pc & 3 || machine_translate(m, pc, ACCESS_FETCH, m->status & ST_T, asid, &pa) || pa >= m->ram_bytes)
    return NULL;
  struct jit_page *page = m->pages[pa >> PAGE_SHIFT].jit;
  while (page && page->vpage != vpage) page = page->alias;
  if (!page) page = new_page(m, pa, vpage);
  machine_tlb_use(m, m->status, pc, USED_FETCH);
  jit_remember(m->jit, m->status, TABLE_FETCH, pc, (uintptr_t)page);
  return page;
}

void jit_stored(struct machine *m, uint32_t pa, uint32_t n) {
  const uint32_t first = pa % PAGE_SIZE / 4, last = (pa % PAGE_SIZE + n - 1) / 4;
  struct jit_page *next;
  if (n == 0) return;
  for (struct jit_page *page = m->pages[pa >> PAGE_SHIFT].jit; page; page = next) {
    bool hit = false;
    next = page->alias;
    for (uint32_t i = first; i <= last; i++) hit |= page->covered[i / 32] >> i % 32 & 1;
    if (hit) drop_blocks(m->jit, page);
    if (++page->stores > (page->blocks ? JIT_STALE_STORES_HOT : JIT_STALE_STORES)) drop_page(m, page);
  }
}

/* ---- translating ---- */

static uint32_t register_block(struct jit *j, const struct jit_trace *t, struct jit_block block) {
  struct jit_page *page = t->page;
  const uint32_t id = ++j->block_at;
  block.page = page;
  block.next = page->blocks;
  block.links = (uint16_t)(j->link_at + 1 - block.first_link);
  block.sites = (uint16_t)(j->site_at + 1 - block.first_site);
  if (t->end == JIT_LOOP) {
    jit_mark(page->loops, block.index);
    block.head = t->head;
    block.places = t->places;
  }
  j->blocks[id] = block;
  if (page->blocks) j->blocks[page->blocks].prev = id;
  page->blocks = id;
  page->stores = 0;
  for (uint32_t i = 0; i < t->n; i++) jit_mark(page->covered, t->step[i].pc % PAGE_SIZE / 4);
  return id;
}

/* The loop that the trace goes on to; 0: it is gone, and the trace just ends there. */
static uint32_t loop_entered(const struct jit *j, struct jit_trace *t) {
  const uint32_t id = t->end == JIT_ENTER ? block_at(j, t->page, t->target % PAGE_SIZE / 4) : 0;
  if (t->end == JIT_ENTER && !id) t->end = JIT_GO_ON;
  if (id) t->places = j->blocks[id].places;
  return id;
}

/* Translates what is at pc; a tail for `link` if that is not 0. The new block, or 0. */
static uint32_t translate(struct machine *m, struct jit_page *page, uint32_t pc, uint32_t link) {
  struct jit *j = m->jit;
  struct jit_link *tail_of = link ? &j->links[link] : NULL;
  struct jit_trace t = {.page = page, .tail_of = tail_of};
  jit_trace_make(m, &t, pc);
  if (t.n == 0 && t.end != JIT_ENTER) return 0;
  t.depth = tail_of ? (uint8_t)(tail_of->depth < JIT_TAILS ? tail_of->depth + 1 : 0) : t.end == JIT_LOOP;
  make_room(j, t.n);
  if (tail_of && !j->blocks[tail_of->from].page) return 0;
  const uint32_t loop = loop_entered(j, &t);
  const struct jit_block block = {.code = j->at,
                                  .first_link = j->link_at + 1,
                                  .first_site = j->site_at + 1,
                                  .index = tail_of ? JIT_TAIL : (uint16_t)(pc % PAGE_SIZE / 4)};
  jit_emit(j, &t);
  const uint32_t id = register_block(j, &t, block);
  if (loop) connect(j, t.enter, loop);
  if (tail_of) connect(j, link, id);
  return id;
}

const void *jit_translate(struct machine *m, struct jit_page *page, uint32_t pc) {
  const uint32_t id = translate(m, page, pc, 0);
  return id ? page->entry[pc % PAGE_SIZE / 4] = m->jit->rx + m->jit->blocks[id].code : NULL;
}

/* ---- links that are taken ---- */

/* A side exit gets a tail when it has been taken often; until then it is not linked. False: it never will. */
static bool grow_tail(struct machine *m, uint32_t id, struct jit_page *page) {
  struct jit *j = m->jit;
  struct jit_link *link = &j->links[id];
  if (!link->branch || j->blocks[link->from].page != page) return false;
  if (++link->heat < JIT_TAIL_THRESHOLD) return true;
  if (translate(m, page, link->target, id)) return true;
  if (!j->blocks[link->from].page) return true; /* nor is the link there any more */
  link->branch = 0;
  return false;
}

static bool same_places(const struct jit_places *a, const struct jit_places *b) {
  return a->dirty == b->dirty && !memcmp(a->holds, b->holds, sizeof a->holds);
}

void jit_taken(struct machine *m, uint32_t id, struct jit_page *page) {
  struct jit *j = m->jit;
  const struct jit_link *link = &j->links[id];
  if (grow_tail(m, id, page)) return;
  const uint32_t to = block_at(j, page, m->pc % PAGE_SIZE / 4);
  if (!to) return;
  if (!link->inner || (j->blocks[to].head && same_places(&j->blocks[to].places, &link->places)))
    connect(j, id, to);
  else /* the loop that it was made for is not there any more, nor is one like it */
    drop_block(j, link->from);
}
