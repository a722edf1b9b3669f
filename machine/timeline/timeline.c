/* timeline.c - the present of a timeline: looking, moves and output.
 *
 * Invariants: the machine and the recorder are at position machine_steps(m). Log entries before log.next are
 * done, and no later entry is for an earlier position. Before the latest position nothing new can happen: the
 * same instructions, events and output come again. */
#include <stdlib.h>

#include "internal.h"

#define MEMORY_DEFAULT ((size_t)256 << 20)
/* A checkpoint is due when what was run since the last one would cost so much to repeat: 1 for a step,
 * EVENT_COST more for an event. */
#define SPACING 6000000
#define EVENT_COST 400
#define CHUNK(t) ((t)->spacing / 8 + 1) /* steps of a stretch, at most */
/* Steps: after a long move there is a checkpoint so far before the position that was asked for. */
#define NEARBY(t) ((t)->spacing / 32 + 1)

void *timeline_grow(void *array, size_t n, size_t *room, size_t size) {
  if (n < *room) return array;
  const size_t wanted = *room ? 2 * *room : 16;
  void *grown = realloc(array, wanted * size);
  if (grown) *room = wanted;
  return grown;
}

/* ---- looking ---- */

struct machine *timeline_machine(struct timeline *t) {
  return t->m;
}
struct recorder *timeline_recorder(struct timeline *t) {
  return t->r;
}
uint64_t timeline_position(const struct timeline *t) { return machine_steps(t->m); }
uint64_t timeline_start(const struct timeline *t) { return t->start; }
uint64_t timeline_latest(const struct timeline *t) { return t->latest; }
void timeline_live(struct timeline *t, bool live) { t->live = live; }

size_t timeline_memory(const struct timeline *t) {
  return t->checkpoints.bytes + t->checkpoints.room * sizeof *t->checkpoints.at + timeline_events_bytes(t) +
         t->reserved + t->log.room * sizeof *t->log.at + t->output_room;
}

void timeline_reserve(struct timeline *t, size_t bytes) { t->reserved = bytes; }

const uint8_t *timeline_output(const struct timeline *t, size_t *n) {
  *n = t->output_shown;
  return t->output;
}

/* ---- output ---- */

static void put(void *arg, uint8_t byte) {
  struct timeline *t = arg;
  if (t->output_shown == t->outputs) {
    uint8_t *output = timeline_grow(t->output, t->outputs, &t->output_room, 1);
    if (!output) timeline_lose(t);
    if (t->lost != NOTHING_LOST) return; /* nothing more is kept before timeline_recover */
    t->output = output;
    t->output[t->outputs++] = byte;
  }
  t->output_shown++;
}

/* ---- running ---- */

static void take_when_due(struct timeline *t) {
  const uint64_t position = timeline_position(t);
  const struct checkpoint *c = timeline_checkpoint_before(t, position);
  const uint64_t cost = position - c->position + EVENT_COST * (recorder_events(t->r) - c->events);
  if (cost >= t->spacing) timeline_checkpoint_take(t);
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Where the next stretch must end. */
static uint64_t next_look(const struct timeline *t, uint64_t position) {
  const uint64_t now = timeline_position(t);
  uint64_t look = least(position, now + CHUNK(t));
  if (now < t->latest) look = least(look, t->latest);
  if (t->log.next < t->log.n) look = least(look, t->log.at[t->log.next].position);
  return look;
}

static bool interrupted(struct timeline *t) {
  return !t->unstoppable && atomic_load_explicit(&t->interrupted, memory_order_relaxed);
}

void timeline_interrupt(struct timeline *t) {
  atomic_store_explicit(&t->interrupted, true, memory_order_relaxed);
  machine_stop(t->m);
}

static bool hit(const struct timeline *t) { return t->search.stops && t->search.hit != UINT64_MAX; }

/* Runs one stretch. True if the machine cannot run further, then *stop is why. */
static bool run_stretch(struct timeline *t, uint64_t position, enum timeline_stop *stop) {
  t->stretch = timeline_position(t);
  const uint64_t left = t->insns > machine_retired(t->m) ? t->insns - machine_retired(t->m) : 0;
  const struct machine_limits limits = {left, UINT64_MAX, t->live && !timeline_in_the_past(t)};
  t->running = true;
  const enum machine_exit exit = machine_run_to(t->m, &limits, next_look(t, position));
  t->running = false;
  t->ran += timeline_position(t) - t->stretch;
  if (timeline_position(t) > t->latest) t->latest = timeline_position(t);
  t->cut_off = exit == EXIT_LIMIT && machine_retired(t->m) >= t->insns;
  if (exit == EXIT_POWER || exit == EXIT_CHECKSTOP || t->cut_off) {
    recorder_finish(t->r);
    *stop = TIMELINE_END;
    return true;
  }
  if (recorder_short_of_memory(t->r)) timeline_lose(t);
  if (exit == EXIT_IDLE) *stop = TIMELINE_IDLE;
  return exit == EXIT_IDLE;
}

bool timeline_cut_off(const struct timeline *t) { return t->cut_off; }

enum timeline_stop timeline_run(struct timeline *t, uint64_t position) {
  enum timeline_stop stop;
  for (bool ended = false;;) {
    if (!timeline_follow_log(t) || t->lost != NOTHING_LOST) return TIMELINE_NO_MEMORY;
    if (hit(t)) return TIMELINE_HIT;
    if (timeline_position(t) >= position || t->enough) return TIMELINE_THERE;
    if (ended) return stop;
    if (interrupted(t)) return TIMELINE_STOPPED;
    take_when_due(t);
    ended = run_stretch(t, position, &stop);
  }
}

enum timeline_stop timeline_arrived(struct timeline *t, enum timeline_stop stop) {
  if (!timeline_in_the_past(t) && !timeline_events_note_latest(t)) stop = TIMELINE_NO_MEMORY;
  timeline_checkpoints_thin(t);
  atomic_store_explicit(&t->interrupted, false, memory_order_relaxed);
  return stop;
}

/* ---- moves ---- */

bool timeline_leave(struct timeline *t, uint64_t *present) {
  if (!timeline_in_the_past(t) && !timeline_events_note_latest(t)) return false;
  *present = t->pinned = timeline_position(t);
  const bool near = *present - timeline_checkpoint_before(t, *present)->position < NEARBY(t);
  return (near && timeline_in_the_past(t)) || timeline_checkpoint_take(t);
}

/* Repeats the run from the last checkpoint at or before `from` to `present`; cannot be interrupted. */
static bool run_again(struct timeline *t, uint64_t from, uint64_t present) {
  const bool unstoppable = t->unstoppable;
  t->unstoppable = true;
  t->search.stops = false;
  const bool there = timeline_checkpoint_restore(t, timeline_checkpoint_before(t, from)) &&
                     timeline_run(t, present) == TIMELINE_THERE;
  t->unstoppable = unstoppable;
  return there;
}

bool timeline_return(struct timeline *t, uint64_t present) {
  const bool there = run_again(t, present, present);
  t->pinned = UINT64_MAX;
  return there;
}

void timeline_lose(struct timeline *t) {
  if (t->lost == NOTHING_LOST) t->lost = t->stretch;
  machine_stop(t->m);
}

bool timeline_recover(struct timeline *t) {
  return t->lost == NOTHING_LOST || run_again(t, t->lost, timeline_position(t));
}

/* Runs to the position. After a long way it takes a checkpoint shortly before, because steps back often
 * follow. */
static enum timeline_stop approach(struct timeline *t, uint64_t position) {
  if (position <= t->latest && position - timeline_position(t) > 2 * NEARBY(t)) {
    const enum timeline_stop stop = timeline_run(t, position - NEARBY(t));
    if (stop != TIMELINE_THERE) return stop;
    timeline_checkpoint_take(t);
  }
  return timeline_run(t, position);
}

enum timeline_stop timeline_go(struct timeline *t, uint64_t position) {
  const uint64_t now = timeline_position(t), wanted = position < t->start ? t->start : position;
  uint64_t left;
  t->search = (struct search){.hit = UINT64_MAX};
  if (!timeline_recover(t) || (wanted < now && !timeline_leave(t, &left)))
    return timeline_arrived(t, TIMELINE_NO_MEMORY);
  t->pinned = UINT64_MAX;
  const struct checkpoint *c = timeline_checkpoint_before(t, wanted);
  if ((wanted < now || c->position > now) && !timeline_checkpoint_restore(t, c))
    return timeline_arrived(t, TIMELINE_NO_MEMORY);
  const enum timeline_stop stop = timeline_arrived(t, approach(t, wanted));
  return stop == TIMELINE_THERE && position < t->start ? TIMELINE_START : stop;
}

enum timeline_stop timeline_step(struct timeline *t, int64_t steps) {
  const uint64_t now = timeline_position(t), n = steps < 0 ? -(uint64_t)steps : (uint64_t)steps;
  if (steps >= 0) return timeline_go(t, now + n < now ? UINT64_MAX : now + n);
  if (n <= now - t->start) return timeline_go(t, now - n);
  const enum timeline_stop stop = timeline_go(t, t->start);
  return stop == TIMELINE_THERE ? TIMELINE_START : stop;
}

/* ---- life ---- */

static bool set_up(struct timeline *t) {
  t->r = recorder_new(t->m, timeline_events_take, t);
  return t->r && !recorder_short_of_memory(t->r) && timeline_events_new(t) && timeline_checkpoint_take(t);
}

struct timeline *timeline_new(struct machine *m, const struct timeline_config *config) {
  struct timeline *t = calloc(1, sizeof *t);
  if (!t) return NULL;
  t->m = m;
  t->memory = config && config->memory ? config->memory : MEMORY_DEFAULT;
  t->insns = config && config->insns ? config->insns : UINT64_MAX;
  t->tell = config ? config->tell : NULL;
  t->tell_arg = config ? config->tell_arg : NULL;
  t->start = t->latest = machine_steps(m);
  t->spacing = SPACING;
  t->pinned = UINT64_MAX;
  t->lost = NOTHING_LOST;
  t->search.hit = UINT64_MAX;
  atomic_init(&t->interrupted, false);
  machine_console_output(m, put, t);
  if (set_up(t)) return t;
  t->m = NULL; /* it stays the caller's */
  machine_console_output(m, NULL, NULL);
  timeline_free(t);
  return NULL;
}

void timeline_free(struct timeline *t) {
  if (!t) return;
  timeline_checkpoints_free(t);
  recorder_free(t->r);
  machine_free(t->m);
  timeline_events_free(t);
  free(t->log.at);
  free(t->output);
  free(t);
}
