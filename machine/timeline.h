/* timeline.h - one run of a machine that can be walked back and forth.
 *
 * Everything a machine does follows from its state and its input, so the past is a checkpoint plus
 * running again. A timeline owns a machine and its recorder; it keeps checkpoints (copy-on-write,
 * thinned as they age, under a memory cap), the log of console input, and an index of events.
 *
 * A position is a number of steps since reset: each retired instruction is a step, and so is each trap
 * or interrupt that retires none. Positions name instruction boundaries: at position p the p-th step is
 * done and the next instruction has not begun. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "machine.h"
#include "recorder.h"

struct timeline;

struct timeline_config {
  size_t memory; /* bytes for checkpoints and index; 0 = 256 MiB */
};

enum timeline_stop {
  TIMELINE_THERE,     /* the position asked for */
  TIMELINE_HIT,       /* a stop condition holds; see timeline_condition */
  TIMELINE_START,     /* going back: nothing earlier */
  TIMELINE_END,       /* the machine has stopped for good (power, check-stop) */
  TIMELINE_IDLE,      /* only a live one: waiting for input or time */
  TIMELINE_STOPPED    /* timeline_interrupt */
};

/* What may stop a run, forwards or backwards. Called at each instruction boundary of the traced engine, or, when
 * `traps_only`, at boundaries just before and after a trap or rfe. It may look, not touch. */
struct timeline_condition {
  bool (*holds)(void *arg, struct machine *m, struct recorder *r);
  void *arg;
  bool traps_only;
};

/* Takes the machine over (in whatever state it is; that is position 0 of the timeline). NULL if memory is short. */
struct timeline *timeline_new(struct machine *m, const struct timeline_config *config);
void timeline_free(struct timeline *t); /* and the machine */

struct machine *timeline_machine(struct timeline *t);
struct recorder *timeline_recorder(struct timeline *t);
uint64_t timeline_position(const struct timeline *t);
uint64_t timeline_latest(const struct timeline *t); /* how far the run has ever got */

enum timeline_stop timeline_go(struct timeline *t, uint64_t position); /* either way; beyond latest: runs on */
enum timeline_stop timeline_step(struct timeline *t, int64_t steps);
/* Runs on until the condition holds after at least one step, at most to `limit`. */
enum timeline_stop timeline_forward(struct timeline *t, const struct timeline_condition *c, uint64_t limit);
/* The latest earlier position at which it holds. */
enum timeline_stop timeline_backward(struct timeline *t, const struct timeline_condition *c);
void timeline_interrupt(struct timeline *t); /* async-signal-safe */

/* ---- events: the records of the run so far, kept in order ---- */
uint64_t timeline_events(const struct timeline *t);                  /* how many complete records there are, from 1 */
const struct record *timeline_event(struct timeline *t, uint64_t n); /* valid until the next call; NULL outside */
uint64_t timeline_event_position(const struct timeline *t, uint64_t n); /* just before what it records */
uint64_t timeline_event_at(const struct timeline *t, uint64_t position); /* the last event at or before; 0 = none */

/* ---- input: only at the latest position, unless forked ---- */
bool timeline_input(struct timeline *t, const void *bytes, size_t n); /* false in the past: call timeline_fork first */
bool timeline_hangup(struct timeline *t);
void timeline_fork(struct timeline *t); /* forgets all after the present position */

/* ---- console output so far, as of the present position ---- */
const uint8_t *timeline_output(const struct timeline *t, size_t *n);

/* ---- who wrote this? The latest position before the present one at which it was changed; UINT64_MAX if never ---- */
uint64_t timeline_last_store(struct timeline *t, uint32_t physical); /* the word at a physical address */
uint64_t timeline_last_register(struct timeline *t, unsigned reg);
uint64_t timeline_last_tlbw(struct timeline *t, uint32_t slot);

/* ---- sessions: a file from which the run can be replayed anywhere ---- */
bool timeline_save(struct timeline *t, const char *path, struct machine_error *error);
struct timeline *timeline_load(const char *path, const struct timeline_config *config, struct machine_error *error);

#endif
