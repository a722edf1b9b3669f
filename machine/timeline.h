/* timeline.h - one run of a machine in which one can go back and forth.
 *
 * Whatever a machine does follows from its state and its input. So any moment of the past can be had again:
 * by restoring a snapshot from before it and running the machine again with the same input. A timeline owns a
 * machine and its recorder. It keeps snapshots of both (checkpoints; the fewer, the longer ago and the less
 * memory there is), all input, and where each event of the run was. The words used here:
 *
 *   position   a number of steps since reset (machine_steps). Each retired instruction is a step, and so is
 *              each trap or interrupt that retires none. At position p the p-th step is done and the next has
 *              not begun; input, idle time and pokes that came between the two are done.
 *   present    the position of the machine now.
 *   latest     the position up to which the run is known: the farthest that the machine has come.
 *   the past   while the present is before the latest position. In the past the same instructions, events and
 *              output come again, so it takes no input.
 *   fork       forgets what came after the present: then the present is the latest position, and the run can
 *              take another course.
 *   live       said of a timeline whose machine may get input at any time, for example from a keyboard.
 *
 * Unless a function says otherwise, its pointers must not be NULL. No function exits or aborts for want of
 * memory; those that lack it say so, change nothing but perhaps the present, and may be called again when
 * there is more. One timeline must not be used by two threads at a time, timeline_interrupt apart. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "machine.h"
#include "recorder.h"

struct timeline;

struct timeline_config {
  size_t memory; /* bytes for checkpoints, records and logs; 0 = 256 MiB. If it is little, going back
                  * takes longer; the start, input, output and a position for each 256 events are always kept */
  enum machine_engine engine; /* of the machine that timeline_load makes */
  uint64_t insns; /* the run ends when so many instructions have retired since reset; 0 = no limit */
  /* Unless it is NULL: receives the record of each event of the run, once, as soon as the record is complete, in
   * order of `event`; called while the machine runs. What comes again in the past is not told again; after a fork
   * the numbers of what was forgotten come again, for other events. It may call timeline_reserve, and nothing else. */
  recorder_sink *tell;
  void *tell_arg; /* passed to it */
};

/* Why a move ended. */
enum timeline_stop {
  TIMELINE_THERE,   /* it got where it was sent */
  TIMELINE_HIT,     /* the condition holds here */
  TIMELINE_START,   /* going back: there is nothing earlier, and the present is the start */
  TIMELINE_END,     /* the machine has stopped for good here (power, check-stop), or the
                     * config's insns are used up: there is nothing later */
  TIMELINE_IDLE,    /* only if live: the machine waits here, at the latest position, for input or time */
  TIMELINE_STOPPED, /* timeline_interrupt; the present is where the move had come */
  /* Memory is short. The timeline stays in order, and may be asked again when there is more memory; the
   * present may be another than before: timeline_position says which. */
  TIMELINE_NO_MEMORY
};

/* ---- life ---- */

/* Takes m over, in whatever state it is: nothing earlier can be reached. The timeline then owns m, its
 * observer and its console output. config: NULL for the defaults. NULL if memory is short, then m is the
 * caller's still, without an observer and with its console output discarded. The caller owns the timeline. */
struct timeline *timeline_new(struct machine *m, const struct timeline_config *config);
void timeline_free(struct timeline *t); /* and its machine; NULL is allowed */

/* The machine and the recorder at the present, to look at. Do not run, restore, free or change them. Both
 * pointers stay valid until timeline_free. */
struct machine *timeline_machine(struct timeline *t);
struct recorder *timeline_recorder(struct timeline *t);
uint64_t timeline_position(const struct timeline *t); /* the present */
uint64_t
timeline_start(const struct timeline *t); /* the first position; 0 unless the machine had run before */
uint64_t timeline_latest(const struct timeline *t);
size_t timeline_memory(const struct timeline *t); /* bytes that checkpoints, records and logs take */
/* The caller keeps so many bytes about the run itself, for example what it was told: they count in the config's
 * memory, and in timeline_memory, until the next call. At first 0. */
void timeline_reserve(struct timeline *t, size_t bytes);

/* Has the run ended because the config's insns are used up? Holds after a move that returned TIMELINE_END. */
bool timeline_cut_off(const struct timeline *t);

/* Live: a run that would wait at the latest position returns TIMELINE_IDLE instead of skipping the time. At
 * first a timeline is not live. */
void timeline_live(struct timeline *t, bool live);

/* ---- moves ---- */

/* Goes to a position: back, or ahead; beyond the latest position the machine runs on. TIMELINE_START for a
 * position before the start, with the start as the present. UINT64_MAX: as far as the machine runs. */
enum timeline_stop timeline_go(struct timeline *t, uint64_t position);
/* Goes `steps` positions ahead, or back if negative. TIMELINE_START if there are not so many. */
enum timeline_stop timeline_step(struct timeline *t, int64_t steps);

/* What a search looks for. holds() is called once at each position, in order; or, with traps_only, just
 * before and just after each trap and rfe, which costs nothing in between. It may look at the machine and the
 * recorder, not change them, and ask for events; of records that are not kept it gets none.
 *
 * A search back goes through the past in stretches, the last one first, but within a stretch in the order of
 * time. So if holds() compares with what it saw at the position before, it must begin anew with each stretch:
 * restart(), which may be NULL, is called at the first position of a stretch, just before holds() is called
 * there. The last position of a stretch is the first one of the stretch after it. */
struct timeline_condition {
  bool (*holds)(void *arg, struct machine *m, struct recorder *r);
  void *arg; /* passed to both */
  bool traps_only;
  void (*restart)(void *arg, struct machine *m, struct recorder *r);
};
/* Runs until the condition holds (TIMELINE_HIT) after at least one step, to position `limit` at most
 * (TIMELINE_THERE). */
enum timeline_stop timeline_forward(struct timeline *t, const struct timeline_condition *c, uint64_t limit);
/* Goes to the last position before the present at which the condition holds (TIMELINE_HIT), or if there is
 * none to the start (TIMELINE_START). When interrupted it stays where it was. */
enum timeline_stop timeline_backward(struct timeline *t, const struct timeline_condition *c);
/* Makes the move at work, if any, end with TIMELINE_STOPPED soon; else the next one. May be called from a
 * signal handler or another thread. */
void timeline_interrupt(struct timeline *t);

/* ---- events: the records of the whole run, up to the latest position ---- */

/* How many there are; they are numbered from 1. The last ones may still wait for verdicts and steps. */
uint64_t timeline_events(const struct timeline *t);
/* The record of event n, valid until the next call for t; NULL if there is no such event, or if memory is
 * short. A record that is not kept is made again by running that part of the past, in milliseconds; to read
 * records one after the other is quick. The present stays, unless memory is too short to come back. */
const struct record *timeline_event(struct timeline *t, uint64_t n);
/* The position just before event n; UINT64_MAX if there is no such event, or if memory is short. Most positions
 * are those of records, which may have to be made again. */
uint64_t timeline_event_position(struct timeline *t, uint64_t n);
/* The last event whose position is `position` or earlier; 0 if there is none, or if memory is short. */
uint64_t timeline_event_at(struct timeline *t, uint64_t position);
/* The lanes of the whole run: unlike the recorder's they stay when one goes back. Ids are 0 .. timeline_lanes
 * - 1; NULL for any other. A struct lane is valid until the next move. */
uint32_t timeline_lanes(const struct timeline *t);
const struct lane *timeline_lane(const struct timeline *t, uint32_t id);
/* recorder_step_text, for a step of any event of the run. */
const char *timeline_step_text(const struct timeline *t, const struct list_step *step, char *buf,
                               size_t size);

/* ---- input ----
 * All of these return false in the past, where they change nothing: go to the latest position or fork first.
 * At the latest position false means that memory is short. */

/* n bytes for the console, which arrive now. If memory is short, the first ones may have been taken. */
bool timeline_input(struct timeline *t, const void *bytes, size_t n);
/* The console hangs up after what was queued. */
bool timeline_hangup(struct timeline *t);
/* Lets time pass for a live machine that waits (TIMELINE_IDLE), at most timeline_idle_ticks; these are 0 in
 * the past and if the machine does not wait. */
uint64_t timeline_idle_ticks(const struct timeline *t);
bool timeline_idle(struct timeline *t, uint64_t ticks);

/* Pokes: the machine is changed from outside, now. They are part of the run as input is: whoever goes back
 * before this position sees what was before, and on the way ahead the change comes again. Also false if there
 * is no such place, then nothing has changed. */

/* n bytes of RAM, all of which must be there. If memory is short, the first ones may have changed. */
bool timeline_poke(struct timeline *t, uint32_t physical, const void *bytes, size_t n);
/* Register 1 .. 31, or TIMELINE_PC. As with machine_set_regs, a `wait` that has begun is forgotten, and so is
 * that a trap has just happened. */
#define TIMELINE_PC 32
bool timeline_poke_register(struct timeline *t, unsigned reg, uint32_t value);

void timeline_fork(struct timeline *t);

/* What the console has put out up to the present, n bytes; may be NULL when there are none. Valid until the
 * next move. */
const uint8_t *timeline_output(const struct timeline *t, size_t *n);

/* ---- who wrote this? ----
 * TIMELINE_THERE, with *position just before the last step of the past that wrote it, even if the value was
 * the same; TIMELINE_START if no step did; TIMELINE_STOPPED and TIMELINE_NO_MEMORY if that was not found out.
 * The present stays, unless memory is too short to come back. */

/* The word that holds the byte at a physical address: a store, a trap (low core) or a device's DMA may have
 * written it. */
enum timeline_stop timeline_last_store(struct timeline *t, uint32_t physical, uint64_t *position);
/* Register x1 .. x31; for any other number no step is found. */
enum timeline_stop timeline_last_register(struct timeline *t, unsigned reg, uint64_t *position);

/* The position of the last poke of the byte, or of the register, at the present or before it. False: none. */
bool timeline_last_poke(const struct timeline *t, uint32_t physical, uint64_t *position);
bool timeline_last_poke_register(const struct timeline *t, unsigned reg, uint64_t *position);

/* ---- sessions: a run as a file that can be replayed on any host (tools/SESSION.md describes it) ---- */

/* Writes the start, all input and the present position. A regular file at `path` is replaced by way of
 * "PATH.new", so that it stays as it was if writing fails; a symbolic link is followed; a device or pipe is
 * written to. False with *error set if the file cannot be written, memory is short, or timeline_interrupt
 * came. */
bool timeline_save(struct timeline *t, const char *path, struct machine_error *error);
/* Makes the machine and replays the run up to its latest position, then goes to the position that was
 * present. config: NULL for the defaults. NULL with *error set if the file cannot be read, is no session or a
 * damaged one, or if memory is short. No byte of the file is trusted. */
struct timeline *timeline_load(const char *path, const struct timeline_config *config,
                               struct machine_error *error);

#endif
