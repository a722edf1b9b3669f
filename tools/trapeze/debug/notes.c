/* notes.c - keeps the notes: the newest as they are, older ones in packed blocks, of which the newest are kept. */
#include <stdlib.h>
#include <string.h>

#include "notes.h"
#include "tools/trapeze/trapeze.h"

#ifdef MODE_TINY /* so that all of this happens in short runs */
#define BLOCK 16
#define PACKED_AT_A_TIME 2
#define UNPACKED 2
#else
#define BLOCK 4096 /* notes */
#define PACKED_AT_A_TIME 8
#define UNPACKED 8 /* blocks that are kept unpacked for the next look */
#endif

struct block {
  uint64_t position; /* of its first event */
  /* what is in it: kinds of events; by the lanes' numbers, modulo 64, lanes that trapped and that were resumed */
  uint64_t trapped, resumed;
  uint32_t kinds;
  bool steps;
  uint32_t bytes;
  uint8_t *packed; /* NULL: dropped */
};

struct unpacked {
  uint64_t block, used; /* block: 1 + its index; 0 = none. used: the value of `uses` at the last look */
  uint64_t n;           /* notes, BLOCK at most */
  uint32_t first_step[BLOCK + 1];
  struct note note[BLOCK];
  struct note_step step[BLOCK * RECORD_STEPS];
};

struct notes {
  struct block *block;          /* of BLOCK notes each */
  size_t blocks, room, dropped; /* the first ones are dropped */
  size_t packed, most;          /* bytes of what is packed */
  struct shapes *shapes;
  /* the notes behind the blocks, and their steps */
  struct note *note;
  struct note_step *step;
  uint32_t *first_step; /* of each note: where its steps begin */
  size_t n, note_room, steps, step_room;
  struct unpacked *unpacked[UNPACKED];
  uint64_t uses;
  notes_again *again;
  void *arg;
};

/* ---- life ---- */

struct notes *notes_new(size_t most, notes_again *again, void *arg) {
  struct notes *n = must(calloc(1, sizeof *n));
  n->most = most;
  n->again = again;
  n->arg = arg;
  n->shapes = shapes_new();
  for (int i = 0; i < UNPACKED; i++) n->unpacked[i] = must(calloc(1, sizeof *n->unpacked[i]));
  return n;
}

void notes_free(struct notes *n) {
  if (!n) return;
  for (size_t i = 0; i < n->blocks; i++) free(n->block[i].packed);
  for (int i = 0; i < UNPACKED; i++) free(n->unpacked[i]);
  shapes_free(n->shapes);
  free(n->block);
  free(n->note);
  free(n->step);
  free(n->first_step);
  free(n);
}

static uint64_t packed_notes(const struct notes *n) { return (uint64_t)n->blocks * BLOCK; }

uint64_t notes_count(const struct notes *n) { return packed_notes(n) + n->n; }

size_t notes_bytes(const struct notes *n) {
  return sizeof *n + UNPACKED * sizeof **n->unpacked + n->room * sizeof *n->block + n->packed +
         shapes_bytes(n->shapes) + n->note_room * (sizeof *n->note + sizeof *n->first_step) +
         n->step_room * sizeof *n->step;
}

/* ---- packing ---- */

static uint64_t lane_bit(uint32_t lane) { return (uint64_t)1 << lane % 64; }

static void sum_up(struct block *b, const struct note *note) {
  b->kinds |= 1u << note->kind;
  if (note->kind == RECORD_TRAP) b->trapped |= lane_bit(note->from);
  if (note->kind == RECORD_RESUME) b->resumed |= lane_bit(note->to);
  b->steps |= note->steps != 0;
}

static void drop_oldest(struct notes *n) {
  struct block *b = &n->block[n->dropped++];
  n->packed -= b->bytes;
  free(b->packed);
  b->packed = NULL;
  b->bytes = 0;
}

static void pack_block(struct notes *n, const struct note *note, const struct note_step *step) {
  if (n->blocks == n->room) {
    n->room = n->room ? 2 * n->room : 64;
    n->block = must(realloc(n->block, n->room * sizeof *n->block));
  }
  struct block *b = &n->block[n->blocks];
  size_t bytes;
  *b = (struct block){.position = note->position};
  for (size_t i = 0; i < BLOCK; i++) sum_up(b, &note[i]);
  b->packed = notes_pack(n->shapes, packed_notes(n) + 1, note, BLOCK, step, &bytes);
  b->bytes = (uint32_t)bytes;
  n->blocks++;
  n->packed += bytes;
  while (n->packed > n->most && n->dropped < n->blocks) drop_oldest(n);
}

/* Takes the first `taken` notes out of those behind the blocks. */
static void shift(struct notes *n, size_t taken) {
  const uint32_t steps = taken < n->n ? n->first_step[taken] : (uint32_t)n->steps;
  n->n -= taken;
  n->steps -= steps;
  memmove(n->note, n->note + taken, n->n * sizeof *n->note);
  memmove(n->step, n->step + steps, n->steps * sizeof *n->step);
  for (size_t i = 0; i < n->n; i++) n->first_step[i] = n->first_step[i + taken] - steps;
}

static void pack_old(struct notes *n) {
  for (size_t i = 0; i < PACKED_AT_A_TIME; i++)
    pack_block(n, n->note + i * BLOCK, n->step + n->first_step[i * BLOCK]);
  shift(n, PACKED_AT_A_TIME * BLOCK);
}

static void make_room(struct notes *n, size_t steps) {
  if (n->n == n->note_room) {
    n->note_room = n->note_room ? 2 * n->note_room : 4096;
    n->note = must(realloc(n->note, n->note_room * sizeof *n->note));
    n->first_step = must(realloc(n->first_step, n->note_room * sizeof *n->first_step));
  }
  if (n->steps + steps <= n->step_room) return;
  n->step_room = n->step_room ? 2 * n->step_room : 4096;
  n->step = must(realloc(n->step, n->step_room * sizeof *n->step));
}

void notes_add(struct notes *n, const struct note *note, const struct note_step *step) {
  if (n->n == RECORDER_WAITING + PACKED_AT_A_TIME * BLOCK) pack_old(n);
  make_room(n, note->steps);
  n->first_step[n->n] = (uint32_t)n->steps;
  n->note[n->n++] = *note;
  for (unsigned i = 0; i < note->steps; i++) n->step[n->steps++] = step[i];
}

/* ---- unpacking ---- */

static void make_again(struct notes *n, uint64_t first, struct unpacked *u) {
  struct note_step *step = u->step;
  for (u->n = 0; u->n < BLOCK; u->n++) {
    u->first_step[u->n] = (uint32_t)(step - u->step);
    if (!n->again(n->arg, first + u->n, &u->note[u->n], step)) return;
    step += u->note[u->n].steps;
  }
}

static void unpack(struct notes *n, size_t index, struct unpacked *u) {
  const struct block *b = &n->block[index];
  const uint64_t first = (uint64_t)index * BLOCK + 1;
  u->block = 0; /* in case this looks for notes itself */
  if (!b->packed) {
    make_again(n, first, u);
  } else {
    notes_unpack(n->shapes, first, b->packed, b->bytes, u->note, BLOCK, u->step);
    u->n = BLOCK;
    for (uint32_t i = 0, steps = 0; i < BLOCK; steps += u->note[i++].steps) u->first_step[i] = steps;
  }
  u->block = u->n == BLOCK ? index + 1 : 0; /* what could not be made is tried again next time */
}

static struct unpacked *unpacked(struct notes *n, size_t index) {
  struct unpacked *oldest = n->unpacked[0];
  for (int i = 0; i < UNPACKED; i++) {
    struct unpacked *u = n->unpacked[i];
    if (u->block == index + 1) return u->used = ++n->uses, u;
    if (u->used < oldest->used) oldest = u;
  }
  oldest->used = ++n->uses;
  unpack(n, index, oldest);
  return oldest;
}

void notes_cut(struct notes *n, uint64_t event) {
  if (event >= notes_count(n)) return;
  if (event >= packed_notes(n)) {
    const size_t left = (size_t)(event - packed_notes(n));
    n->steps = n->first_step[left];
    n->n = left;
    return;
  }
  const size_t index = event / BLOCK, left = event % BLOCK;
  const struct unpacked *u = left ? unpacked(n, index) : NULL;
  n->n = n->steps = 0;
  for (size_t i = index; i < n->blocks; i++) n->packed -= n->block[i].bytes, free(n->block[i].packed);
  n->blocks = index;
  if (n->dropped > index) n->dropped = index;
  for (size_t i = 0; i < left && i < u->n; i++) notes_add(n, &u->note[i], u->step + u->first_step[i]);
  for (int i = 0; i < UNPACKED; i++)
    if (n->unpacked[i]->block > index) n->unpacked[i]->block = 0;
}

/* ---- looking ---- */

static struct note get_from(const struct note *note, const struct note_step *from, struct note_step *step) {
  for (unsigned i = 0; step && i < note->steps; i++) step[i] = from[i];
  return *note;
}

struct note notes_get(struct notes *n, uint64_t event, struct note_step step[RECORD_STEPS]) {
  const struct note none = {.kind = NO_NOTE, .insn = PG32_ILLEGAL};
  if (event == 0 || event > notes_count(n)) return none;
  if (event > packed_notes(n)) {
    const size_t at = (size_t)(event - packed_notes(n) - 1);
    return get_from(&n->note[at], n->step + n->first_step[at], step);
  }
  const struct unpacked *u = unpacked(n, (event - 1) / BLOCK);
  const size_t at = (event - 1) % BLOCK;
  return at < u->n ? get_from(&u->note[at], u->step + u->first_step[at], step) : none;
}

uint64_t notes_before(struct notes *n, uint64_t position) {
  size_t low = 0, high = n->blocks;
  while (low < high) { /* blocks that begin before it */
    const size_t middle = (low + high) / 2;
    if (n->block[middle].position < position)
      low = middle + 1;
    else
      high = middle;
  }
  const bool behind = low == n->blocks && n->n && n->note[0].position < position;
  uint64_t least = behind ? packed_notes(n) : low ? (low - 1) * (uint64_t)BLOCK : 0;
  uint64_t most = behind ? notes_count(n) : (uint64_t)low * BLOCK;
  while (least < most) {
    const uint64_t middle = (least + most + 1) / 2;
    if (notes_get(n, middle, NULL).position < position)
      least = middle;
    else
      most = middle - 1;
  }
  return least;
}

/* ---- the next of a sort ---- */

static bool is_wanted(const struct note *note, const struct note_wanted *w) {
  return note->kind != NO_NOTE && w->kinds >> note->kind & 1 &&
         (w->from == NOTES_ANY || note->from == w->from) && (w->to == NOTES_ANY || note->to == w->to) &&
         (!w->steps || note->steps);
}

/* Can one of that sort be in the block of event `event`? */
static bool may_be_in(const struct notes *n, uint64_t event, const struct note_wanted *w) {
  if (event > packed_notes(n)) return true;
  const struct block *b = &n->block[(event - 1) / BLOCK];
  return b->kinds & w->kinds && (w->from == NOTES_ANY || b->trapped & lane_bit(w->from)) &&
         (w->to == NOTES_ANY || b->resumed & lane_bit(w->to)) && (!w->steps || b->steps);
}

uint64_t notes_last(struct notes *n, uint64_t event, const struct note_wanted *w) {
  if (event > notes_count(n)) event = notes_count(n);
  while (event) {
    if (!may_be_in(n, event, w)) {
      event = (event - 1) / BLOCK * BLOCK;
      continue;
    }
    const struct note note = notes_get(n, event, NULL);
    if (is_wanted(&note, w)) return event;
    event--;
  }
  return 0;
}

uint64_t notes_first(struct notes *n, uint64_t event, const struct note_wanted *w) {
  while (event && event <= notes_count(n)) {
    if (!may_be_in(n, event, w)) {
      event = ((event - 1) / BLOCK + 1) * BLOCK + 1;
      continue;
    }
    const struct note note = notes_get(n, event, NULL);
    if (is_wanted(&note, w)) return event;
    event++;
  }
  return 0;
}
