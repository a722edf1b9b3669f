/* internal.h - a timeline's data, and the functions that its files share.
 *
 *   timeline.c     the present: moves, output
 *   log.c          what comes from outside: input, idle time, pokes
 *   checkpoints.c  the past: checkpoints
 *   events.c       the index of events, and their records
 *   search.c       searches for a condition, ahead and back; the last writer
 *   session.c      the file
 *
 * timeline.h defines the words: position, present, latest, past, fork, live. Words used here only:
 *
 *   checkpoint  snapshots of the machine and the recorder at one position. Going back means to restore one
 *               and to run from there.
 *   log         the list of what came from outside, with positions: input and idle time. When a part of the
 *               run is repeated, the log is followed.
 *   stretch     the part of a run between two moments at which the timeline looks what is due: an entry of
 *               the log, a checkpoint, an interrupt.
 *   window      the records of some neighbouring events, made again by repeating their part of the run. */
#ifndef TIMELINE_INTERNAL_H
#define TIMELINE_INTERNAL_H

#include <stdatomic.h>

#include "machine/timeline.h"

/* ---- checkpoints.c ---- */

struct checkpoint {
  uint64_t position;
  uint64_t emitted, events; /* what recorder_emitted and recorder_events returned */
  size_t log_next, output;  /* as log.next and output_shown */
  struct machine_snapshot *machine;
  struct recorder_snapshot *recorder;
};

struct checkpoints {
  struct checkpoint *at; /* in order of position; at[0] is the start, and stays */
  size_t n, room, bytes; /* bytes: of all snapshots */
};

struct timeline;
/* Takes a checkpoint of the present, if there is none. It may drop others to stay below the timeline's
 * memory. False if memory is short. */
bool timeline_checkpoint_take(struct timeline *t);
/* Makes the checkpoint's position the present. False if memory is short, then nothing has changed. */
bool timeline_checkpoint_restore(struct timeline *t, const struct checkpoint *c);
/* The last checkpoint at or before a position; the last at which the sink had received at most so many
 * records. Valid until one is taken. */
const struct checkpoint *timeline_checkpoint_before(const struct timeline *t, uint64_t position);
const struct checkpoint *timeline_checkpoint_emitted(const struct timeline *t, uint64_t emitted);
/* Drops checkpoints until all fits the timeline's memory, or none is left that may be dropped. */
void timeline_checkpoints_thin(struct timeline *t);
void timeline_checkpoints_drop_after(struct timeline *t, uint64_t position);
void timeline_checkpoints_free(struct timeline *t);

/* ---- log.c ---- */

/* Their numbers are those of session files. */
enum log_kind { LOG_IDLE, LOG_BYTE, LOG_HANGUP, LOG_POKE_BYTE, LOG_POKE_WORD, LOG_POKE_REGISTER, LOG_KINDS };
struct log_entry {
  uint64_t position;
  /* IDLE: ticks; BYTE: the byte. POKE_...: the physical address, or the number of the register, in the high
   * word; what is there from now on in the low one */
  uint64_t value;
  enum log_kind kind;
};
struct log {
  struct log_entry *at;
  size_t n, room, next; /* next: the first entry that is not done at the present */
};

/* Before the latest position. */
bool timeline_in_the_past(const struct timeline *t);
/* Does what the log says for the present. False if memory is short; what was not done can be tried again. */
bool timeline_follow_log(struct timeline *t);
bool timeline_log_append(struct log *log, struct log_entry entry);
/* Can the entry happen on the timeline's machine? */
bool timeline_log_valid(const struct timeline *t, const struct log_entry *e);

/* ---- events.c ---- */

#ifdef MODE_TINY
#define EVENTS_RECENT 16
#define EVENTS_WINDOW 4
#define EVENTS_WINDOW_MOST 16
#else
#define EVENTS_RECENT 2048 /* so many of the last complete records of the run are kept */
#define EVENTS_WINDOW 256  /* records in a window, and events from one landmark to the next; windows have */
#define EVENTS_WINDOW_MOST 4096 /* up to so many records if events are asked for one after the other */
#endif
#define EVENTS_WINDOWS 4

struct window {
  uint64_t first, n; /* its events: first .. first + n - 1 */
  uint64_t used;     /* the value of `uses` when it was last used */
  struct record *record;
};

struct events {
  uint64_t complete;  /* the records of events 1 .. complete are */
  uint64_t *landmark; /* of these, the positions of events 1, 1 + EVENTS_WINDOW, 1 + 2 * EVENTS_WINDOW, ... */
  uint64_t *tail;     /* positions of the events after them, which wait for verdicts */
  uint64_t tails;
  size_t room, tail_room, lane_room;
  struct record *recent;
  struct window window[EVENTS_WINDOWS], *filling;
  uint64_t uses, made_to, made; /* made_to, made: of the window made last, the event after it and its size */
  struct record waiting;
  struct lane *lane;
  uint32_t lanes;
};

bool timeline_events_new(struct timeline *t);
void timeline_events_free(struct timeline *t);
/* The recorder's sink; its first argument is the timeline. */
void timeline_events_take(void *timeline, const struct record *record);
/* After a run that ended at the latest position: notes where the events are that wait. False if memory is
 * short. */
bool timeline_events_note_latest(struct timeline *t);
/* Forgets the events after the present. */
void timeline_events_fork(struct timeline *t);
size_t timeline_events_bytes(const struct timeline *t);

/* ---- search.c ---- */

struct search {
  const struct timeline_condition *condition;
  uint64_t asked;  /* the last position at which holds() was called */
  uint64_t before; /* hits at this position and later ones do not count */
  bool stops;      /* the run ends at the first hit; otherwise the last hit counts */
  enum { SEARCH_CONDITION, SEARCH_STORE, SEARCH_REGISTER } what;
  uint32_t which;           /* the address or register */
  uint64_t hit, hit_before; /* the last two hits; UINT64_MAX = none */
};

/* ---- the timeline ---- */

struct timeline {
  struct machine *m;
  struct recorder *r;
  size_t memory;
  uint64_t spacing; /* of checkpoints, as SPACING in timeline.c */
  uint64_t start, latest;
  uint64_t insns;   /* the run ends with this instruction; UINT64_MAX = no limit */
  bool cut_off;     /* the last stretch ended for that */
  uint64_t pinned;  /* a checkpoint at this position is not dropped; UINT64_MAX = none */
  uint64_t stretch; /* where the last stretch of running began */
  uint64_t lost;    /* memory was short after this position; NOTHING_LOST: never */
#define NOTHING_LOST UINT64_MAX
  bool live;
  uint64_t ran;     /* steps that the machine has run, those that were repeated as well: what a move costs */
  bool running;     /* the machine is: what is called may look at it only */
  bool enough;      /* the window that is being filled is full: the run ends */
  bool unstoppable; /* timeline_interrupt has to wait */
  atomic_bool interrupted;
  struct checkpoints checkpoints;
  struct log log;
  uint8_t *output;
  size_t outputs, output_room, output_shown; /* bytes of the whole run; up to the present */
  struct events events;
  struct search search;
  recorder_sink *tell; /* as in struct timeline_config */
  void *tell_arg;
  size_t reserved; /* timeline_reserve */
};

/* ---- session.c ---- */

struct session { /* what a session file holds beside the start and the log */
  uint64_t position, latest;
  uint64_t hash; /* of the machine at the latest position */
};
/* A timeline made of the n bytes of a session file without its checksum. It is at its start, and none of its
 * log is done yet. NULL with *error set. */
struct timeline *timeline_session_open(const uint8_t *bytes, size_t n, const struct timeline_config *config,
                                       struct session *session, struct machine_error *error);

/* ---- timeline.c ---- */

/* Runs to `position` at most, follows the log and takes checkpoints. */
enum timeline_stop timeline_run(struct timeline *t, uint64_t position);
/* Ends each move: notes the events that wait, drops checkpoints, forgets an interrupt. Returns why the move
 * ended. */
enum timeline_stop timeline_arrived(struct timeline *t, enum timeline_stop stop);
/* An event or a byte of output could not be kept, because memory is short: ends the run. */
void timeline_lose(struct timeline *t);
/* If something was lost in this way, repeats the run from before it to the present. False if memory is still
 * short. */
bool timeline_recover(struct timeline *t);
/* Before the machine goes elsewhere for a while: stores the present in *present, and sees to it that
 * timeline_return gets back quickly. False if memory is short. */
bool timeline_leave(struct timeline *t, uint64_t *present);
/* Goes back there. False if memory is short, then the present is anywhere. */
bool timeline_return(struct timeline *t, uint64_t present);
/* `array`, which has room for *room elements of `size` bytes and holds n, with room for one more: it may have
 * moved, and *room have grown. NULL if memory is short, then the array is as it was. */
void *timeline_grow(void *array, size_t n, size_t *room, size_t size);

#endif
