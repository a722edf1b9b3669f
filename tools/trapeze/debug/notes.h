/* notes.h - the events of a run as short notes, however many there are. index.c fills the notes and looks them up.
 *
 * The newest notes are kept as they are. Older ones are packed in blocks (notes_pack.c), which take about a byte a
 * note where a program repeats itself. When the blocks take more than their share of memory, the content of the
 * oldest is dropped; what is known of a block as a whole stays. A dropped note is made again from its record. */
#ifndef DEBUG_NOTES_H
#define DEBUG_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "isa/pg32.h"
#include "machine/recorder.h"

struct note {        /* what searching needs to know of an event */
  uint64_t position; /* just before the event */
  uint64_t resumes;  /* RESUME: the trap whose handling ends here; 0 = none */
  uint32_t from, to; /* lanes */
  /* operands of a TLBW, a TLBI or a guest's privileged instruction (TLBI: lo is the scope); SYSCALL: hi is the
   * number of the call */
  uint32_t hi, lo;
  uint8_t kind;    /* enum record_kind; NO_NOTE: there is no such event */
  uint8_t verdict; /* enum verdict */
  uint8_t cause;   /* TRAP; else 0 */
  uint8_t insn;    /* of a privileged instruction's trap: enum pg32_id */
  uint8_t slot;    /* TLBW: of the machine's TLB */
  uint8_t steps;   /* of lists */
};
#define NO_NOTE 0xFF

struct note_step { /* a step of a list that an event is */
  uint64_t list_event;
  uint8_t step, level, list;
};

struct notes;
/* Makes the note of an event again, with its steps; false if memory is short. */
typedef bool notes_again(void *arg, uint64_t event, struct note *note, struct note_step step[RECORD_STEPS]);

/* most: bytes that packed notes may take. Dies when memory is short, as all functions here do. */
struct notes *notes_new(size_t most, notes_again *again, void *arg);
void notes_free(struct notes *n); /* NULL is allowed */
/* How many notes there are: of events 1 to that number. */
uint64_t notes_count(const struct notes *n);
size_t notes_bytes(const struct notes *n); /* that they take */
/* The note of the next event. Only the last RECORDER_WAITING notes may be taken back. */
void notes_add(struct notes *n, const struct note *note, const struct note_step *step);
/* Forgets the notes of events after `event`. */
void notes_cut(struct notes *n, uint64_t event);
/* The note of an event, and its steps to step[] unless that is NULL. */
struct note notes_get(struct notes *n, uint64_t event, struct note_step step[RECORD_STEPS]);
/* How many notes have positions < `position`. */
uint64_t notes_before(struct notes *n, uint64_t position);

/* A sort of event; what a number or lane does not matter for is ANY. */
#define NOTES_ANY UINT32_MAX
struct note_wanted {
  uint32_t kinds;    /* 1 << RECORD_TRAP, ..., together */
  uint32_t from, to; /* lanes; with a lane, `kinds` is that of traps (from) or of resumes (to) alone */
  bool steps;        /* that is a step of a list */
};
/* The last event of that sort up to `event`, the first one from `event` on; 0 = none. Blocks without any are passed
 * over. */
uint64_t notes_last(struct notes *n, uint64_t event, const struct note_wanted *wanted);
uint64_t notes_first(struct notes *n, uint64_t event, const struct note_wanted *wanted);

/* ---- notes_pack.c: notes as bytes ---- */

struct shapes; /* the combinations of lanes, causes and verdicts that have come so far, each with a number */
struct shapes *shapes_new(void);
void shapes_free(struct shapes *s);
size_t shapes_bytes(const struct shapes *s);
/* Packs the notes of n events from `event` on; the steps of all of them follow each other in `step`. *bytes: the size
 * of the result, which the caller frees. */
uint8_t *notes_pack(struct shapes *s, uint64_t event, const struct note *note, size_t n,
                    const struct note_step *step, size_t *bytes);
/* The same notes and steps again. */
void notes_unpack(const struct shapes *s, uint64_t event, const uint8_t *packed, size_t bytes,
                  struct note *note, size_t n, struct note_step *step);

/* ---- squeeze.c: repetitions in bytes ---- */

/* Writes n bytes so that what came before is only referred to. `to` has SQUEEZED_MOST(n) bytes; returns how many are
 * used. */
#define SQUEEZED_MOST(n) ((n) + (n) / 64 + 32)
size_t squeeze(const uint8_t *from, size_t n, uint8_t *to);
/* Writes the bytes to `to` again; returns how many they are. Only for what squeeze() has written. */
size_t unsqueeze(const uint8_t *from, size_t n, uint8_t *to);

#endif
