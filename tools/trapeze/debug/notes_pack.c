/* notes_pack.c - a block of notes as bytes, and back.
 *
 * Most of a note is one of a few hundred combinations, its shape, which has a number. The bytes of a note are: the
 * shape; the steps since the event before; and, as far as the shape has them, how far back the trap that it resumes
 * is, the operands, and how far back the event is that began each list. These bytes are then squeezed: a program that
 * repeats its system calls repeats the bytes. */
#include <stdlib.h>
#include <string.h>

#include "notes.h"
#include "tools/trapeze/trapeze.h"

struct shape {
  uint32_t from, to;
  uint8_t kind, verdict, cause, insn, slot, steps;
  uint8_t resumes, operands; /* resumes: has one; operands: 1 for hi, 2 for lo */
  uint8_t step[RECORD_STEPS][3];
};
_Static_assert(sizeof(struct shape) == 16 + 3 * RECORD_STEPS,
               "struct shape has a hole: shapes are compared as bytes");

struct shapes {
  struct shape *shape;
  uint32_t n, room;
  uint32_t *table; /* by hash: 1 + the number of a shape; 0 = free. `room` * 2 places */
};

/* ---- shapes ---- */

struct shapes *shapes_new(void) {
  return must(calloc(1, sizeof(struct shapes)));
}

void shapes_free(struct shapes *s) {
  if (!s) return;
  free(s->shape);
  free(s->table);
  free(s);
}

size_t shapes_bytes(const struct shapes *s) {
  return sizeof *s + s->room * (sizeof *s->shape + 2 * sizeof *s->table);
}

static uint32_t hash_of(const struct shape *shape) {
  uint32_t hash = 2166136261u, word;
  for (size_t i = 0; i < sizeof *shape; i += sizeof word) {
    memcpy(&word, (const uint8_t *)shape + i, sizeof word);
    hash = (hash ^ word) * 2654435761u;
    hash ^= hash >> 15;
  }
  return hash;
}

/* The place in the table where the shape is, or will be. */
static uint32_t *place_of(const struct shapes *s, const struct shape *shape) {
  const uint32_t mask = 2 * s->room - 1;
  uint32_t at = hash_of(shape) & mask;
  while (s->table[at] && memcmp(&s->shape[s->table[at] - 1], shape, sizeof *shape) != 0) at = (at + 1) & mask;
  return &s->table[at];
}

static void grow(struct shapes *s) {
  s->room = s->room ? 2 * s->room : 256;
  s->shape = must(realloc(s->shape, s->room * sizeof *s->shape));
  free(s->table);
  s->table = must(calloc(2 * s->room, sizeof *s->table));
  for (uint32_t i = 0; i < s->n; i++) *place_of(s, &s->shape[i]) = i + 1;
}

static uint32_t number_of(struct shapes *s, const struct shape *shape) {
  if (s->n == s->room) grow(s);
  uint32_t *place = place_of(s, shape);
  if (!*place) {
    s->shape[s->n] = *shape;
    *place = ++s->n;
  }
  return *place - 1;
}

static struct shape shape_of(const struct note *note, const struct note_step *step) {
  struct shape shape = {.from = note->from,
                        .to = note->to,
                        .kind = note->kind,
                        .verdict = note->verdict,
                        .cause = note->cause,
                        .insn = note->insn,
                        .slot = note->slot,
                        .steps = note->steps,
                        .resumes = note->resumes != 0,
                        .operands = (uint8_t)((note->hi != 0) | (note->lo != 0) << 1)};
  for (unsigned i = 0; i < note->steps; i++)
    shape.step[i][0] = step[i].step, shape.step[i][1] = step[i].level, shape.step[i][2] = step[i].list;
  return shape;
}

/* ---- numbers ---- */

#define NUMBER_MOST 10 /* bytes */

static void put(uint8_t **to, uint64_t number) {
  for (; number >= 0x80; number >>= 7) *(*to)++ = (uint8_t)(number | 0x80);
  *(*to)++ = (uint8_t)number;
}

static uint64_t get(const uint8_t **from) {
  uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const uint8_t byte = *(*from)++;
    number |= (uint64_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
}

/* ---- notes ---- */

#define NOTE_MOST ((5 + RECORD_STEPS) * NUMBER_MOST) /* bytes of a note */

static void put_note(struct shapes *s, uint64_t event, const struct note *note, uint64_t since,
                     const struct note_step *step, uint8_t **to) {
  const struct shape shape = shape_of(note, step);
  put(to, number_of(s, &shape));
  put(to, note->position - since);
  if (note->resumes) put(to, event - note->resumes);
  if (note->hi) put(to, note->hi);
  if (note->lo) put(to, note->lo);
  for (unsigned i = 0; i < note->steps; i++) put(to, event - step[i].list_event);
}

uint8_t *notes_pack(struct shapes *s, uint64_t event, const struct note *note, size_t n,
                    const struct note_step *step, size_t *bytes) {
  uint8_t *plain = must(malloc(n * NOTE_MOST)), *to = plain;
  uint64_t since = 0;
  for (size_t i = 0; i < n; i++) {
    put_note(s, event + i, &note[i], since, step, &to);
    since = note[i].position;
    step += note[i].steps;
  }
  uint8_t *packed = must(malloc(SQUEEZED_MOST((size_t)(to - plain))));
  *bytes = squeeze(plain, (size_t)(to - plain), packed);
  free(plain);
  return must(realloc(packed, *bytes));
}

static void get_note(const struct shapes *s, uint64_t event, struct note *note, uint64_t since,
                     struct note_step *step, const uint8_t **from) {
  const struct shape *shape = &s->shape[get(from)];
  *note = (struct note){.position = since + get(from),
                        .from = shape->from,
                        .to = shape->to,
                        .kind = shape->kind,
                        .verdict = shape->verdict,
                        .cause = shape->cause,
                        .insn = shape->insn,
                        .slot = shape->slot,
                        .steps = shape->steps};
  if (shape->resumes) note->resumes = event - get(from);
  if (shape->operands & 1) note->hi = (uint32_t)get(from);
  if (shape->operands & 2) note->lo = (uint32_t)get(from);
  for (unsigned i = 0; i < shape->steps; i++)
    step[i] = (struct note_step){event - get(from), shape->step[i][0], shape->step[i][1], shape->step[i][2]};
}

void notes_unpack(const struct shapes *s, uint64_t event, const uint8_t *packed, size_t bytes,
                  struct note *note, size_t n, struct note_step *step) {
  uint8_t *plain = must(malloc(n * NOTE_MOST));
  const uint8_t *from = plain;
  uint64_t since = 0;
  unsqueeze(packed, bytes, plain);
  for (size_t i = 0; i < n; i++) {
    get_note(s, event + i, &note[i], since, step, &from);
    since = note[i].position;
    step += note[i].steps;
  }
  free(plain);
}
