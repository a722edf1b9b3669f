/* cache.c - all units: finding one, jumps from unit to unit, and dropping units.
 *
 * Two kinds of jumps lead to a unit: exits of other units that are chained to it, which are in its list `in`; and the
 * slot of the hash whose owner it is. A unit that is dropped first loses all of them, so no jump ever leads to
 * words that stand for code that the guest no longer has. Words are not used again until the whole cache is emptied. */
#include "translate.h"
#include <string.h>

/* ---- jumps ---- */

static uint32_t jal_to(uint32_t from, uint32_t to) { /* word numbers, or both addresses divided by 4 */
  return (uint32_t)PG32_OP_jal << 25 | ((to - from) & 0xFFFFF);
}

/* Where a branch at `word` would have to say that it leads. */
static void set_branch(struct translator *t, uint32_t word, uint32_t to) {
  t->cache[word] = (t->cache[word] & ~0x7FFFu) | ((to - word) & 0x7FFF);
}

/* Does the exit lead to another page of a guest that runs mapped? Then the virtual TLB decides where it leads. */
static bool is_far(const struct translator *t, const struct exit *e) {
  return (e->key & ST_T) && ((t->unit[e->unit].pc ^ e->pc) & TLB_VPN_MASK);
}

static void list_far(struct translator *t, int exit) {
  if (!t->exit[exit].listed) t->far[t->fars++] = exit;
  t->exit[exit].listed = true;
}

void cache__chain(struct translator *t, int exit, int unit) {
  struct exit *e = &t->exit[exit];
  struct unit *to = &t->unit[unit];
  if (e->word == e->stub)
    t->cache[e->word] = jal_to(e->word, to->start);
  else
    set_branch(t, e->word, to->start);
  e->to = unit;
  e->next = to->in;
  to->in = exit;
  if (is_far(t, e)) list_far(t, exit);
}

static void unchain(struct translator *t, struct exit *e) {
  if (e->word == e->stub)
    t->cache[e->word] = 0;
  else
    set_branch(t, e->word, e->stub);
  int16_t *at = &t->unit[e->to].in;
  while (&t->exit[*at] != e) at = &t->exit[*at].next;
  *at = e->next;
  e->to = NONE;
}

/* ---- the hash ---- */

static uint32_t *slot_words(struct translator *t, uint32_t hash, uint32_t slot) {
  return t->hash + (hash * SLOTS + slot) * SLOT_WORDS;
}
static uint32_t slot_of(uint32_t pc) { return pc / 4 % SLOTS; }

/* The slot compares A with `pc` and jumps to the words' number `to` of the cache. pc 1 is nobody's. */
static void set_slot(struct translator *t, uint32_t hash, uint32_t slot, uint32_t pc, uint32_t to) {
  uint32_t *w = slot_words(t, hash, slot);
  uint32_t at =
      CACHE_WORDS + (w - t->hash); /* as if it were a word of the cache, which ends where the hash begins */
  uint32_t miss = CACHE_WORDS - 1;
  w[0] = (uint32_t)PG32_OP_lui << 25 | C << 20 | ((pc + 0x800) >> 12);
  w[1] = (uint32_t)PG32_OP_addi << 25 | C << 20 | C << 15 | ((uint32_t)((int32_t)(pc << 20) >> 20) & 0x7FFF);
  w[2] = (uint32_t)PG32_OP_bne << 25 | C << 20 | A << 15 | ((miss - (at + 2)) & 0x7FFF);
  w[3] = jal_to(at + 3, to);
}

static void empty_slot(struct translator *t, uint32_t hash, uint32_t slot) {
  set_slot(t, hash, slot, 1, CACHE_WORDS - 1);
  t->owner[hash][slot] = NONE;
}

static void empty_hash(struct translator *t, uint32_t hash) {
  for (uint32_t slot = 0; slot < SLOTS; slot++) empty_slot(t, hash, slot);
}

void cache__fill_slot(struct translator *t, int unit) {
  const struct unit *u = &t->unit[unit];
  uint32_t hash = key_hash(u->key), slot = slot_of(u->pc);
  set_slot(t, hash, slot, u->pc, u->start);
  t->owner[hash][slot] = unit;
}

void cache__share_hash(struct translator *t, uint32_t key) {
  uint32_t hash = key_hash(key);
  for (uint32_t slot = 0; slot < SLOTS; slot++)
    if (t->owner[hash][slot] != NONE) empty_slot(t, hash, slot);
  t->shared_key = key;
}

void cache__forget_mapped(struct translator *t) {
  t->shared_key = NO_KEY;
  while (t->fars) {
    struct exit *e = &t->exit[t->far[--t->fars]];
    e->listed = false;
    if (e->to != NONE) unchain(t, e);
  }
}

/* ---- units ---- */

static int16_t *bucket_of(struct translator *t, uint32_t pc) { return &t->bucket[pc / 4 % BUCKETS]; }

void cache__empty(struct translator *t) {
  __asm__ volatile("mark %0, zero, zero" ::"i"(MARK_CLAIM));
  memset(t->bucket, 0xFF, sizeof t->bucket);
  t->words = t->units = t->exits = t->fars = 0;
  for (uint32_t hash = 0; hash < HASHES; hash++) empty_hash(t, hash);
  t->cache[CACHE_WORDS - 1] = 0; /* the miss */
  posts__begin(t);
  t->flushes++;
}

static bool has_room(const struct translator *t) {
  return t->words + UNIT_WORDS < ROUTINES_START && t->units < t->most_units &&
         t->exits + 3 * UNIT_INSNS < EXITS;
}

int cache__unit(struct translator *t, uint32_t pc, uint32_t pa, uint32_t key) {
  for (int i = *bucket_of(t, pc); i != NONE; i = t->unit[i].next)
    if (t->unit[i].pc == pc && t->unit[i].pa == pa && t->unit[i].key == key) return i;
  if (!has_room(t)) cache__empty(t);
  if (!adapt__checked(t, pa, key)) trace__begin(t, pa);
  int unit = unit__make(t, pc, pa, key);
  if (t->tells) unit__tell(t, unit);
  t->unit[unit].next = *bucket_of(t, pc);
  *bucket_of(t, pc) = unit;
  return unit;
}

static void drop(struct translator *t, int unit, enum drop why, uint32_t pa) {
  struct unit *u = &t->unit[unit];
  int16_t *at = bucket_of(t, u->pc);
  while (*at != unit) at = &t->unit[*at].next;
  *at = u->next;
  while (u->in != NONE) unchain(t, &t->exit[u->in]);
  for (uint32_t i = u->exit; i < (uint32_t)u->exit + u->exits; i++)
    if (t->exit[i].to != NONE) unchain(t, &t->exit[i]);
  uint32_t hash = key_hash(u->key), slot = slot_of(u->pc);
  if (t->owner[hash][slot] == unit) empty_slot(t, hash, slot);
  u->live = false;
  u->dropped = why;
  u->dropped_by = t->vm->state->pc;
  u->dropped_at = pa;
}

uint32_t cache__drop(struct translator *t, uint32_t pa, uint32_t bytes, enum drop why) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < t->units; i++) {
    struct unit *u = &t->unit[i];
    if (u->live && u->pa < pa + bytes && pa < u->pa + 4 * u->insns) drop(t, i, why, pa), n++;
  }
  return n;
}

bool cache__page_used(struct translator *t, uint32_t pa) {
  for (uint32_t i = 0; i < t->units; i++)
    if (t->unit[i].live && ((t->unit[i].pa ^ pa) & TLB_PFN_MASK) == 0) return true;
  return false;
}
