/* internal.h - the inside of a timeline, and what its files say to each other.
 *
 *   timeline.c     the present: running, travelling, input, output
 *   checkpoints.c  the past, as snapshots, thinned
 *   events.c       the index of events, and their records
 *   search.c       conditions, forwards and backwards; the last writer
 *   session.c the file */
#ifndef TIMELINE_INTERNAL_H
#define TIMELINE_INTERNAL_H

#include <stdatomic.h>

#include "machine/timeline.h"

/* ---- checkpoints.c ---- */

struct checkpoint {
  uint64_t position, emitted, events; /* emitted, events: the recorder's counts */
  size_t log_next, output;            /* how much of the log is done, of the output is out */
  struct machine_snapshot *machine;
  struct recorder_snapshot *recorder;
};

struct checkpoints {
  struct checkpoint *at; /* by position; at[0] is the start and stays */
  size_t n, room, bytes;
};

struct timeline;
/* One of the present, if there is none; false if memory is short. May drop others, but none that is pinned.
 */
bool timeline_checkpoint_take(struct timeline *t);
/* The present becomes what it was. False, and nothing changed, if memory is short. */
bool timeline_checkpoint_restore(struct timeline *t, const struct checkpoint *c);
/* The last at or before a position / whose recorder had emitted at most so many. Valid until one is taken. */
const struct checkpoint *timeline_checkpoint_before(const struct timeline *t, uint64_t position);
const struct checkpoint *timeline_checkpoint_emitted(const struct timeline *t, uint64_t emitted);
/* Until all fits the memory, or nothing more may go. */
void timeline_checkpoints_thin(struct timeline *t);
void timeline_checkpoints_drop_after(struct timeline *t, uint64_t position);
void timeline_checkpoints_free(struct timeline *t);

/* ---- the log: what the outside world did ---- */

enum log_kind { LOG_IDLE, LOG_BYTE, LOG_HANGUP };
struct log_entry {
  uint64_t position;
  uint64_t value; /* IDLE: ticks; BYTE: the byte */
  enum log_kind kind;
};
struct log {
  struct log_entry *at;
  size_t n, room, next; /* next: the first that is not done */
};

/* ---- events.c ---- */

#ifdef MODE_TINY
#define EVENTS_RECENT 16
#define EVENTS_WINDOW 4
#define EVENTS_WINDOW_MOST 16
#else
#define EVENTS_RECENT 2048      /* the last complete records of the run */
#define EVENTS_WINDOW 256       /* records made again together ... */
#define EVENTS_WINDOW_MOST 4096 /* ... and that many when they are asked for one after the other */
#endif
#define EVENTS_WINDOWS 4

struct window {
  uint64_t first, n; /* its events: first .. first + n - 1 */
  uint64_t used;     /* when */
  struct record *record;
};

struct events {
  uint64_t *position; /* of events 1 .. complete, from [0] */
  uint64_t complete;
  uint64_t *tail; /* of those after them, which wait */
  uint64_t tails;
  size_t room, tail_room, lane_room;
  struct record *recent;
  struct window window[EVENTS_WINDOWS], *filling;
  uint64_t uses, made_to, made; /* the window made last: the event after it, its size */
  struct record waiting;
  struct lane *lane;
  uint32_t lanes;
};

bool timeline_events_new(struct timeline *t);
void timeline_events_free(struct timeline *t);
/* The recorder's sink. */
void timeline_events_take(void *timeline, const struct record *record);
/* After a run that ended at the latest position: notes the events that wait. False if memory is short. */
bool timeline_events_note_latest(struct timeline *t);
/* Forgets what the present does not know. */
void timeline_events_fork(struct timeline *t);
size_t timeline_events_bytes(const struct timeline *t);

/* ---- search.c ---- */

struct search {
  const struct timeline_condition *condition;
  uint64_t asked;  /* the last position at which it was */
  uint64_t before; /* hits at or after this one do not count */
  bool stops;      /* at the first hit; otherwise the last one counts */
  enum { SEARCH_CONDITION, SEARCH_STORE, SEARCH_REGISTER, SEARCH_TLBW } what;
  uint32_t which;           /* address, register, slot */
  uint64_t hit, hit_before; /* UINT64_MAX = none */
};

/* ---- all of it ---- */

struct timeline {
  struct machine *m;
  struct recorder *r;
  size_t memory;
  uint64_t spacing; /* of checkpoints */
  uint64_t start, latest;
  uint64_t pinned;  /* a checkpoint at this position is not dropped */
  uint64_t stretch; /* where the last stretch of running began */
  uint64_t lost;    /* memory was short after this position; NOTHING_LOST: never */
#define NOTHING_LOST UINT64_MAX
  bool live;
  bool enough; /* events.c has what it runs for */
  bool unstoppable;
  atomic_bool interrupted;
  struct checkpoints checkpoints;
  struct log log;
  uint8_t *output;
  size_t outputs, output_room, output_shown; /* bytes so far, and as of the present */
  struct events events;
  struct search search;
};

/* ---- session.c ---- */

struct session { /* what a session says besides the start */
  uint64_t position, latest;
  uint64_t hash; /* of the machine at the latest position */
};
/* The timeline that the bytes of a session, without the checksum, begin: at its start, its log still to be
 * done. NULL with *error set. */
struct timeline *timeline_session_open(const uint8_t *bytes, size_t n, const struct timeline_config *config,
                                       struct session *session, struct machine_error *error);

/* ---- timeline.c ---- */

/* Runs to a position, at most; the log is followed, checkpoints are taken. */
enum timeline_stop timeline_run(struct timeline *t, uint64_t position);
/* Ends what a person asked for. */
enum timeline_stop timeline_arrived(struct timeline *t, enum timeline_stop stop);
/* Does what the log says for the present position. False if memory is short: try again. */
bool timeline_follow_log(struct timeline *t);
/* An event or a byte of output could not be kept, for memory is short: ends the run. */
void timeline_lose(struct timeline *t);
/* Runs again what was lost so, up to the present. False: memory is still short. */
bool timeline_recover(struct timeline *t);
/* Leaves the present so that timeline_return comes back to it quickly. False if memory is short: then the
 * present has not been left, or not been found again. */
bool timeline_leave(struct timeline *t, uint64_t *present);
bool timeline_return(struct timeline *t, uint64_t present);
bool timeline_log_append(struct log *log, struct log_entry entry);
/* `array`, which has room for *room elements of `size` bytes and holds n, with room for one more: it may have
 * moved, and *room have grown. NULL if memory is short, then the array is as it was. */
void *timeline_grow(void *array, size_t n, size_t *room, size_t size);

#endif
