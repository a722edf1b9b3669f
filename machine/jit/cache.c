/* cache.c - the code cache: pages of blocks, the links between blocks, and room for all of it.
 *
 * Host code lies in segments. When one is full, the oldest is emptied: its blocks are dropped, the links to
 * them undone, and it is filled again. If many of the blocks in the full one had been evicted before, the
 * guest needs more code at a time than there is room for: then one more segment comes into use. Blocks, links and predictions lie in fixed arrays, a part of
 * each array for each segment; number 0 means "none".
 *
 * Maintains: page->entry[i] != j->untranslated implies that a block begins there and is in the page's list; a
 * link with `to` is in that block's list; each word that went into a block is in its page's set `covered`; a
 * page of RAM that has blocks has no store entry in any table; the number of a block is in the four bytes
 * before its code. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "jit.h"
#include "machine/interp/code.h"
#include "machine/core/tlb.h"

#define BLOCKS (JIT_SEGMENTS * JIT_SEGMENT_BLOCKS)
#define LINKS (JIT_SEGMENTS * JIT_SEGMENT_LINKS)
#define PREDICTIONS (JIT_SEGMENTS * JIT_SEGMENT_PREDICTIONS)

/* A prediction is reviewed after MISSES_PER_REVIEW mispredictions. It pays if at least the other number of
 * instructions was executed for each misprediction. */
#define MISSES_PER_REVIEW 256
#define INSNS_PER_LOAD_MISS 128
#define INSNS_PER_JUMP_MISS 24

/* A segment of which at least one block in so many had been evicted before shows that room is short. */
#define SEGMENT_AGAIN 4

/* ---- memory ---- */

/* What a machine needs beside guest RAM if all that is bounded is full at once: host code, its description,
 * decoded code, the flat tables, and which parts of them are in use (a host page each, at worst). */
#define MOST_MEMORY                                                                                  \
  (JIT_CODE_BYTES + BLOCKS * sizeof(struct jit_block) + LINKS * sizeof(struct jit_link) +            \
   PREDICTIONS * sizeof(struct jit_prediction) + JIT_PAGES * sizeof(struct jit_page) +               \
   (CODE_PAGES + 1) * sizeof(struct code) + (JIT_TABLE_PAGES + JIT_TABLE_PAGES / TABLES) * 4096ull + \
   sizeof(struct machine) + sizeof(struct jit))
_Static_assert(MOST_MEMORY < 126ull << 20, "a machine's own memory; 128 MiB with what the process has");

static void *reserve(size_t bytes) {
  void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

#define BLOCK_ALIGN 16
_Static_assert(JIT_BLOCK_HEADER == sizeof(uint32_t) && JIT_BLOCK_HEADER <= BLOCK_ALIGN, "a block's number");

static void open_segment(struct jit *j, uint32_t segment) {
  j->segment = segment;
  j->opened_as[segment] = ++j->opened;
  j->again = 0;
  j->at = JIT_THUNK_BYTES + segment * JIT_SEGMENT_BYTES + BLOCK_ALIGN;
  j->block_at = segment * JIT_SEGMENT_BLOCKS;
  j->link_at = segment * JIT_SEGMENT_LINKS;
  j->prediction_at = segment * JIT_SEGMENT_PREDICTIONS;
}

bool jit_cache_new(struct machine *m) {
  struct jit *j = m->jit;
  j->pages = reserve(JIT_PAGES * sizeof *j->pages);
  j->blocks = reserve((BLOCKS + 1) * sizeof *j->blocks);
  j->links = reserve((LINKS + 1) * sizeof *j->links);
  if (!j->pages || !j->blocks || !j->links || !jit_code_new(j)) return false;
  j->at = 0;
  jit_code_open(j, 0, JIT_THUNK_BYTES);
  jit_emit_thunks(j);
  jit_code_close(j, 0, JIT_THUNK_BYTES);
  j->segments = 1;
  open_segment(j, 0);
  return true;
}

void jit_cache_free(struct machine *m) {
  struct jit *j = m->jit;
  if (j->pages) munmap(j->pages, JIT_PAGES * sizeof *j->pages);
  if (j->blocks) munmap(j->blocks, (BLOCKS + 1) * sizeof *j->blocks);
  if (j->links) munmap(j->links, (LINKS + 1) * sizeof *j->links);
  jit_code_free(j);
}

/* ---- links ---- */

uint32_t jit_link_new(struct jit *j, uint32_t target) {
  j->links[++j->link_at] = (struct jit_link){.target = target, .from = j->block_at + 1};
  return j->link_at;
}

/* Takes the link off its target's list. */
static void take_off_list(struct jit *j, struct jit_link *link) {
  if (!link->to) return;
  if (link->prev)
    j->links[link->prev].next = link->next;
  else
    j->blocks[link->to].incoming = link->next;
  if (link->next) j->links[link->next].prev = link->prev;
  link->to = link->next = link->prev = 0;
}

/* From now on the link goes to block `to`. */
static void link_to(struct jit *j, uint32_t id, uint32_t to) {
  struct jit_link *link = &j->links[id];
  struct jit_block *b = &j->blocks[to];
  take_off_list(j, link);
  link->to = to;
  link->next = b->incoming;
  if (link->next) j->links[link->next].prev = id;
  b->incoming = id;
  jit_patch(j, b->index == JIT_SIDE_TRACE ? link->branch : link->jump,
            link->to_loop_head ? b->loop_head : b->code);
  if (link->page_check) jit_patch_page(j, link->page_check, b->page);
}

/* From now on the link has no target block. */
static void unlink_block(struct jit *j, struct jit_link *link) {
  if (j->blocks[link->to].index == JIT_SIDE_TRACE)
    jit_patch(j, link->branch, link->side_exit);
  else
    jit_patch(j, link->jump, link->stub);
  if (link->page_check) jit_patch_page(j, link->page_check, NULL);
  link->hotness = 0;
  take_off_list(j, link);
}

/* ---- blocks ---- */

/* The block that begins at word `index` of the page; 0 = none. */
static uint32_t block_at(const struct jit *j, const struct jit_page *page, uint32_t index) {
  const uint8_t *code = page->entry[index];
  uint32_t id = 0;
  if (code != j->untranslated) memcpy(&id, code - sizeof id, sizeof id);
  return id;
}

static void drop_block(struct jit *j, uint32_t id) {
  struct jit_block *b = &j->blocks[id];
  while (b->incoming) unlink_block(j, &j->links[b->incoming]);
  for (uint32_t i = 0; i < b->links; i++) take_off_list(j, &j->links[b->first_link + i]);
  if (b->prev)
    j->blocks[b->prev].next = b->next;
  else
    b->page->blocks = b->next;
  if (b->next) j->blocks[b->next].prev = b->prev;
  if (b->index != JIT_SIDE_TRACE) {
    b->page->entry[b->index] = j->untranslated;
    b->page->hotness[b->index] = 0;
    jit_set_remove(b->page->loop_heads, b->index);
  }
  b->page = NULL;
  j->exit_requested = true;
  jit_lost_block(j);
}

static void drop_blocks(struct jit *j, struct jit_page *page) {
  while (page->blocks) drop_block(j, page->blocks);
  memset(page->covered, 0, sizeof page->covered);
}

static void evict_segment(struct jit *j, uint32_t segment) {
  for (uint32_t i = 1; i <= JIT_SEGMENT_BLOCKS; i++) {
    const struct jit_block *b = &j->blocks[segment * JIT_SEGMENT_BLOCKS + i];
    if (!b->page) continue;
    if (b->index != JIT_SIDE_TRACE) jit_set_add(b->page->evicted, b->index);
    drop_block(j, segment * JIT_SEGMENT_BLOCKS + i);
  }
}

/* The segment to be filled next, emptied. */
static uint32_t next_segment(struct jit *j) {
  const uint32_t blocks = j->block_at - j->segment * JIT_SEGMENT_BLOCKS;
  uint32_t oldest = 0;
  const bool thrashes = j->again >= blocks / SEGMENT_AGAIN;
  if (j->segments < (thrashes ? JIT_SEGMENTS : JIT_SEGMENTS_USUAL)) return j->segments++;
  for (uint32_t i = 1; i < JIT_SEGMENTS && i < j->segments; i++)
    if (j->opened_as[i] < j->opened_as[oldest]) oldest = i;
  evict_segment(j, oldest);
  return oldest;
}

/* Makes room for a block of n steps, which has at most a link and a prediction site for each step, and a link
 * at the end. That may drop other blocks. */
static void make_room(struct jit *j, uint32_t n) {
  const uint32_t end = JIT_THUNK_BYTES + (j->segment + 1) * JIT_SEGMENT_BYTES;
  const bool code = j->at + (n + 2) * JIT_STEP_BYTES <= end;
  const bool block = j->block_at < (j->segment + 1) * JIT_SEGMENT_BLOCKS;
  const bool links = j->link_at + n + 1 <= (j->segment + 1) * JIT_SEGMENT_LINKS;
  const bool predictions = j->prediction_at + n <= (j->segment + 1) * JIT_SEGMENT_PREDICTIONS;
  if (code && block && links && predictions) return;
  open_segment(j, next_segment(j));
}
_Static_assert(BLOCK_ALIGN + (JIT_TRACE_MAX + 2) * JIT_STEP_BYTES <= JIT_SEGMENT_BYTES,
               "a block fits a segment");
_Static_assert(JIT_TRACE_MAX + 1 <= JIT_SEGMENT_LINKS && JIT_TRACE_MAX <= JIT_SEGMENT_PREDICTIONS,
               "and so do its links and predictions");

/* ---- predictions ---- */

uint32_t jit_prediction_new(struct jit *j) {
  j->predictions[++j->prediction_at] = (struct jit_prediction){.addend = 1, .misses_left = MISSES_PER_REVIEW};
  return j->prediction_at;
}

/* The block of the page that has the prediction site; 0 = none. */
static uint32_t block_of_prediction(const struct jit *j, const struct jit_page *page, uint32_t prediction) {
  uint32_t id = page ? page->blocks : 0;
  while (id && prediction - j->blocks[id].first_prediction >= j->blocks[id].predictions)
    id = j->blocks[id].next;
  return id;
}

void jit_review_prediction(struct machine *m) {
  struct jit *j = m->jit;
  struct jit_page *page = jit_known_page(m, m->pc);
  struct jit_prediction *prediction = &j->predictions[m->prediction_to_review];
  struct jit_target_profile *profile = jit_target_profile(j, m->pc);
  const bool jump = profile->pc == m->pc;
  const uint32_t insns = (uint32_t)m->tick - prediction->reviewed;
  const uint32_t id = block_of_prediction(j, page, m->prediction_to_review);
  m->prediction_to_review = 0;
  prediction->misses_left = MISSES_PER_REVIEW;
  prediction->reviewed = (uint32_t)m->tick;
  if (!id || insns >= MISSES_PER_REVIEW * (jump ? INSNS_PER_JUMP_MISS : INSNS_PER_LOAD_MISS)) return;
  if (jump)
    *profile = (struct jit_target_profile){.pc = m->pc, .misses = (uint8_t)(profile->misses + 1)};
  else
    jit_set_add(page->unpredictable, jit_word_index(m->pc));
  drop_block(j, id);
}

/* ---- pages ---- */

/* Sets the first page of blocks of a page of RAM, and what the core reads of it. */
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
  if (page->live) drop_page(m, page), jit_lost_block(j);
  for (uint32_t i = 0; i < PAGE_WORDS; i++) page->entry[i] = j->untranslated;
  memset(page->hotness, 0, sizeof page->hotness);
  memset(page->unpredictable, 0, sizeof page->unpredictable);
  memset(page->evicted, 0, sizeof page->evicted);
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
  jit_fill_entry(m, TABLE_FETCH, pc, (uintptr_t)page);
  return page;
}

void jit_before_store(struct machine *m, uint32_t pa, uint32_t n) {
  const uint32_t first = jit_word_index(pa), last = (pa % PAGE_SIZE + n - 1) / 4;
  struct jit_page *next;
  if (n == 0) return;
  for (struct jit_page *page = m->pages[pa >> PAGE_SHIFT].jit; page; page = next) {
    bool hit = false;
    next = page->alias;
    for (uint32_t i = first; i <= last; i++) hit |= jit_set_has(page->covered, i);
    if (hit) drop_blocks(m->jit, page);
    if (++page->stores > (page->blocks ? JIT_DATA_STORES_CODE : JIT_DATA_STORES)) drop_page(m, page);
  }
}

/* ---- translating ---- */

static uint32_t register_block(struct jit *j, const struct jit_trace *t, struct jit_block block) {
  struct jit_page *page = t->page;
  const uint32_t id = ++j->block_at;
  block.page = page;
  block.next = page->blocks;
  block.links = (uint16_t)(j->link_at + 1 - block.first_link);
  block.predictions = (uint16_t)(j->prediction_at + 1 - block.first_prediction);
  if (t->end == JIT_END_LOOP) {
    jit_set_add(page->loop_heads, block.index);
    block.loop_head = t->loop_head;
    block.loop_map = t->loop_map;
  }
  j->blocks[id] = block;
  if (page->blocks) j->blocks[page->blocks].prev = id;
  page->blocks = id;
  page->stores = 0;
  if (block.index != JIT_SIDE_TRACE && jit_set_has(page->evicted, block.index)) {
    jit_set_remove(page->evicted, block.index);
    j->again++;
  }
  for (uint32_t i = 0; i < t->n; i++) jit_set_add(page->covered, jit_word_index(t->step[i].pc));
  return id;
}

/* Where a trace ends only because it is long, what follows is as hot as the trace. */
static void pass_hotness_on(struct jit *j, const struct jit_trace *t) {
  const uint32_t next = jit_word_index(t->target);
  if (t->end != JIT_END_LINK || (t->target & PAGE_MASK) != t->page->vpage) return;
  if (t->page->entry[next] == j->untranslated) t->page->hotness[next] = JIT_THRESHOLD - 1;
}

/* The block of the loop that the trace ends by entering. 0 = none: the trace enters no loop, or making room
 * has dropped the loop, and the trace then ends with a plain link. */
static uint32_t loop_entered(const struct jit *j, struct jit_trace *t) {
  const uint32_t id = t->end == JIT_END_ENTER_LOOP ? block_at(j, t->page, jit_word_index(t->target)) : 0;
  if (t->end == JIT_END_ENTER_LOOP && !id) t->end = JIT_END_LINK;
  if (id) t->loop_map = j->blocks[id].loop_map;
  return id;
}

/* Translates what is at pc; as a side trace of `link` if that is not 0. The new block, or 0. */
static uint32_t translate(struct machine *m, struct jit_page *page, uint32_t pc, uint32_t link) {
  struct jit *j = m->jit;
  struct jit_link *parent = link ? &j->links[link] : NULL;
  struct jit_trace t = {.page = page, .parent = parent};
  jit_trace_make(m, &t, pc);
  if (t.n == 0 && t.end != JIT_END_ENTER_LOOP) return 0;
  t.depth = parent ? (uint8_t)(parent->depth < JIT_SIDE_TRACE_DEPTH ? parent->depth + 1 : 0)
                   : t.end == JIT_END_LOOP;
  jit_started(j, t.n);
  make_room(j, t.n);
  if (parent && !j->blocks[parent->from].page) return 0;
  const uint32_t loop = loop_entered(j, &t);
  const struct jit_block block = {.code = j->at,
                                  .first_link = j->link_at + 1,
                                  .first_prediction = j->prediction_at + 1,
                                  .index = parent ? JIT_SIDE_TRACE : (uint16_t)jit_word_index(pc)};
  const uint32_t end = block.code + (t.n + 2) * JIT_STEP_BYTES;
  jit_code_open(j, block.code - JIT_BLOCK_HEADER, end);
  jit_emit_block(j, &t);
  const uint32_t id = register_block(j, &t, block);
  memcpy(j->rw + block.code - sizeof id, &id, sizeof id);
  jit_code_close(j, block.code - JIT_BLOCK_HEADER, end);
  pass_hotness_on(j, &t);
  if (loop) link_to(j, t.loop_link, loop);
  if (parent) link_to(j, link, id);
  return id;
}

const void *jit_translate(struct machine *m, struct jit_page *page, uint32_t pc) {
  const uint32_t id = translate(m, page, pc, 0);
  return id ? page->entry[jit_word_index(pc)] = m->jit->rx + m->jit->blocks[id].code : NULL;
}

/* ---- links that are taken ---- */

/* A side exit that may get a side trace counts how often it is taken, and is linked to nothing else. False:
 * it gets none. */
static bool grow_side_trace(struct machine *m, uint32_t id, struct jit_page *page) {
  struct jit *j = m->jit;
  struct jit_link *link = &j->links[id];
  if (!link->branch || j->blocks[link->from].page != page) return false;
  if (++link->hotness < JIT_SIDE_EXIT_THRESHOLD) return true;
  if (translate(m, page, link->target, id)) return true;
  if (!j->blocks[link->from].page) return true; /* dropped to make room, and the link with it */
  link->branch = 0;
  return false;
}

static bool same_map(const struct jit_register_map *a, const struct jit_register_map *b) {
  return a->dirty == b->dirty && !memcmp(a->holds, b->holds, sizeof a->holds);
}

void jit_resolve_link(struct machine *m, uint32_t id, struct jit_page *page) {
  struct jit *j = m->jit;
  const struct jit_link *link = &j->links[id];
  if (grow_side_trace(m, id, page)) return;
  const uint32_t to = block_at(j, page, jit_word_index(m->pc));
  if (!to) return;
  if (!link->to_loop_head || (j->blocks[to].loop_head && same_map(&j->blocks[to].loop_map, &link->map)))
    link_to(j, id, to);
  else /* the loop that the block was made for has been dropped, and its successor has another register map */
    drop_block(j, link->from);
}
