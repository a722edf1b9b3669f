/* timeline.h - one run of a machine that can be walked back and forth.
 *
 * Everything a machine does follows from its state and its input, so the past is a checkpoint plus
 * running again. A timeline owns a machine and its recorder; it keeps checkpoints (copy-on-write,
 * thinned as they age, under a memory cap), the log of console input, and an index of events.
 *
 * A position is a number of steps since reset (machine_steps): each retired instruction is a step, and so is
 * each trap or interrupt that retires none. Positions name instruction boundaries: at position p the p-th
 * step is done and the next has not begun; what the outside world did there - input, idle time - is done too.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "machine.h"
#include "recorder.h"

struct timeline;

struct timeline_config {
  size_t memory;              /* bytes for checkpoints and index; 0 = 256 MiB */
  enum machine_engine engine; /* of the machine that timeline_load makes */
};

enum timeline_stop {
  TIMELINE_THERE,   /* the position asked for */
  TIMELINE_HIT,     /* a stop condition holds; see timeline_condition */
  TIMELINE_START,   /* going back: nothing earlier; the present is now the start */
  TIMELINE_END,     /* the machine has stopped for good (power, check-stop) */
  TIMELINE_IDLE,    /* only a live one, at the latest position: waiting for input or time */
  TIMELINE_STOPPED, /* timeline_interrupt */
  /* Memory is short. The timeline stays in order and may be asked again when there is more; the present
   * position may be another than before: timeline_position says which. */
  TIMELINE_NO_MEMORY
};

/* What may stop a run, forwards or backwards. Asked once at each position, in order, or, when `traps_only`
 * (which costs nothing in between), at those just before and after a trap or rfe. It may look, not touch. A
 * backward search asks the last stretch of the past first, then the one before it, and so on: a condition
 * that compares with what it saw last must start afresh when `restart` is called, at the first position of a
 * stretch; that one's `holds` comes next. The last position of a stretch is the first one of the next. */
struct timeline_condition {
  bool (*holds)(void *arg, struct machine *m, struct recorder *r);
  void *arg;
  bool traps_only;
  void (*restart)(void *arg, struct machine *m, struct recorder *r); /* may be NULL */
};

/* Takes the machine over, in whatever state it is: nothing earlier can be reached. On success the timeline
 * owns it, its observer and its console output. NULL if memory is short. `config` may be NULL. */
struct timeline *timeline_new(struct machine *m, const struct timeline_config *config);
void timeline_free(struct timeline *t); /* and the machine */

struct machine *timeline_machine(struct timeline *t);
struct recorder *timeline_recorder(struct timeline *t);
uint64_t timeline_position(const struct timeline *t);
uint64_t timeline_start(const struct timeline *t);  /* 0 unless the machine had run before */
uint64_t timeline_latest(const struct timeline *t); /* how far the run has ever got */
size_t timeline_memory(const struct timeline *t);   /* bytes that checkpoints, index and logs take */

/* Live: more input may come, so a run that would wait at the latest position returns TIMELINE_IDLE instead of
 * skipping the time. Not live at first. */
void timeline_live(struct timeline *t, bool live);

enum timeline_stop timeline_go(struct timeline *t,
                               uint64_t position); /* either way; beyond latest: runs on */
enum timeline_stop timeline_step(struct timeline *t, int64_t steps);
/* Runs on until the condition holds after at least one step, at most to `limit`. */
enum timeline_stop timeline_forward(struct timeline *t, const struct timeline_condition *c, uint64_t limit);
/* The latest earlier position at which it holds. Interrupted, the present stays what it was. */
enum timeline_stop timeline_backward(struct timeline *t, const struct timeline_condition *c);
void timeline_interrupt(struct timeline *t); /* async-signal-safe */

/* ---- events: the records of the whole run up to the latest position, kept in order ---- */
/* How many there are, from 1. The last ones may still wait for their verdicts: these say VERDICT_NONE. */
uint64_t timeline_events(const struct timeline *t);
/* Valid until the next call; NULL outside, or if memory is short. Those that are not at hand are made again
 * by running that part of the past: milliseconds. Reading them in order is quick. */
const struct record *timeline_event(struct timeline *t, uint64_t n);
/* Just before what it records; UINT64_MAX outside. */
uint64_t timeline_event_position(const struct timeline *t, uint64_t n);
/* The last event whose position is `position` or earlier; 0 = none. */
uint64_t timeline_event_at(const struct timeline *t, uint64_t position);
/* The lanes of the whole run: unlike the recorder's they do not go when one travels back. NULL outside. */
uint32_t timeline_lanes(const struct timeline *t);
const struct lane *timeline_lane(const struct timeline *t, uint32_t id);
/* recorder_step_text, for a step of any event of the run. */
const char *timeline_step_text(const struct timeline *t, const struct list_step *step, char *buf,
                               size_t size);

/* ---- input: only at the latest position, unless forked ---- */
bool timeline_input(struct timeline *t, const void *bytes,
                    size_t n); /* false in the past: call timeline_fork first */
bool timeline_hangup(struct timeline *t);
/* Lets time pass for a live machine that waits (TIMELINE_IDLE): at most timeline_idle_ticks. False in the
 * past. */
uint64_t timeline_idle_ticks(const struct timeline *t);
bool timeline_idle(struct timeline *t, uint64_t ticks);
void timeline_fork(struct timeline *t); /* forgets all after the present position */

/* ---- console output so far, as of the present position ---- */
/* May be NULL when there is none. */
const uint8_t *timeline_output(const struct timeline *t, size_t *n);

/* ---- who wrote this? ---- */
/* TIMELINE_THERE, and *position is just before the last step of the past that wrote it, be it with the value
 * that was there already; TIMELINE_START: no step did; TIMELINE_STOPPED, TIMELINE_NO_MEMORY: not found out.
 * The present does not move. */
/* The word at a physical address: by a store, a trap (low core) or a device's DMA. */
enum timeline_stop timeline_last_store(struct timeline *t, uint32_t physical, uint64_t *position);
/* Register x1 .. x31; no step writes others. */
enum timeline_stop timeline_last_register(struct timeline *t, unsigned reg, uint64_t *position);
/* An entry of the TLB: by tlbw. */
enum timeline_stop timeline_last_tlbw(struct timeline *t, uint32_t slot, uint64_t *position);

/* ---- sessions: a file from which the run can be replayed anywhere ---- */
/* Writes the start, all input and the present position; tools/SESSION.md describes the file. */
bool timeline_save(struct timeline *t, const char *path, struct machine_error *error);
/* Replays such a file and goes to the position that was present. NULL with *error set when it is none,
 * damaged, or memory is short. */
struct timeline *timeline_load(const char *path, const struct timeline_config *config,
                               struct machine_error *error);

#endif
