/* events.c - the events of a timeline: the position and the record of each.
 *
 * Of the events whose records are complete, the last EVENTS_RECENT records are kept, and the position of each
 * EVENTS_WINDOW-th event: 8 bytes for so many events, so that a run of a thousand million events needs 32 MB.
 * Any other record is made again when it is asked for, together with its neighbours, a window: the run is
 * repeated from the last checkpoint at which the recorder had not emitted the record, until it has. The position
 * of an event is in its record. A record that waits for verdicts at the latest position is still the recorder's;
 * in the past it comes from the recorder's snapshot of the latest position. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- keeping ---- */

static struct record *recent(const struct events *e, uint64_t n) { return &e->recent[n % EVENTS_RECENT]; }

static void keep(struct record *to, const struct record *record) {
  memcpy(to, record, recorder_record_size(record));
}

static bool note_lanes(struct timeline *t) {
  struct events *e = &t->events;
  while (e->lanes < recorder_lanes(t->r)) {
    struct lane *lane = timeline_grow(e->lane, e->lanes, &e->lane_room, sizeof *lane);
    if (!lane) return false;
    e->lane = lane;
    e->lane[e->lanes] = *recorder_lane(t->r, e->lanes);
    e->lanes++;
  }
  return true;
}

/* How many landmarks the complete events have. */
static size_t landmarks(const struct events *e) { return (e->complete + EVENTS_WINDOW - 1) / EVENTS_WINDOW; }

static bool append(struct timeline *t, const struct record *record) {
  struct events *e = &t->events;
  uint64_t *landmark = timeline_grow(e->landmark, landmarks(e), &e->room, sizeof *landmark);
  if (!landmark) return false;
  e->landmark = landmark;
  if (!note_lanes(t)) return false;
  if (e->complete % EVENTS_WINDOW == 0) e->landmark[landmarks(e)] = record->position;
  e->complete++;
  keep(recent(e, record->event), record);
  if (t->tell) t->tell(t->tell_arg, record);
  return true;
}

static void fill(struct timeline *t, const struct record *record) {
  struct window *w = t->events.filling;
  const uint64_t i = record->event - w->first;
  if (i < w->n) keep(&w->record[i], record);
  if (i != w->n - 1) return;
  t->enough = true;
  machine_stop(t->m);
}

void timeline_events_take(void *timeline, const struct record *record) {
  struct timeline *t = timeline;
  if (record->event == t->events.complete + 1 && !append(t, record)) timeline_lose(t);
  if (t->events.filling && record->event >= t->events.filling->first) fill(t, record);
}

bool timeline_events_note_latest(struct timeline *t) {
  struct events *e = &t->events;
  const uint64_t last = recorder_events(t->r);
  for (e->tails = 0; e->complete + e->tails < last; e->tails++) {
    uint64_t *tail = timeline_grow(e->tail, e->tails, &e->tail_room, sizeof *tail);
    if (!tail) return false;
    e->tail = tail;
    const struct record *record = recorder_waiting(t->r, e->complete + e->tails + 1);
    if (!record) return false; /* events before it were lost: timeline_recover brings them */
    e->tail[e->tails] = record->position;
  }
  return note_lanes(t);
}

void timeline_events_fork(struct timeline *t) {
  struct events *e = &t->events;
  if (e->complete > recorder_emitted(t->r)) e->complete = recorder_emitted(t->r);
  if (e->lanes > recorder_lanes(t->r)) e->lanes = recorder_lanes(t->r);
  for (int i = 0; i < EVENTS_WINDOWS; i++) e->window[i].n = 0;
  timeline_events_note_latest(t);
}

/* ---- making records again ---- */

static struct window *oldest_window(struct events *e) {
  struct window *w = &e->window[0];
  for (int i = 1; i < EVENTS_WINDOWS; i++)
    if (e->window[i].used < w->used) w = &e->window[i];
  return w;
}

/* Fills the window: repeats the run from before event w->first was emitted until the window is full, or to
 * the latest position. False if memory is short. */
static bool repeat(struct timeline *t, struct window *w) {
  uint64_t present;
  if (!timeline_recover(t) || !timeline_leave(t, &present)) return false;
  const bool restored = timeline_checkpoint_restore(t, timeline_checkpoint_emitted(t, w->first - 1));
  if (restored) {
    t->events.filling = w;
    t->unstoppable = true;
    timeline_run(t, t->latest);
    t->unstoppable = t->enough = false;
    t->events.filling = NULL;
  }
  return timeline_return(t, present) && restored;
}

static bool in_window(const struct window *w, uint64_t n) {
  return n - w->first < w->n && w->record[n - w->first].event == n;
}

/* Chooses the events of the window in which n will be. If events are asked for one after the other, each
 * window is larger than the one before. */
static bool lay_out(struct events *e, struct window *w, uint64_t n) {
  const bool on = n == e->made_to;
  e->made = !on ? EVENTS_WINDOW : e->made < EVENTS_WINDOW_MOST ? 2 * e->made : EVENTS_WINDOW_MOST;
  struct record *record = realloc(w->record, e->made * sizeof *record);
  w->n = 0;
  if (!record) return false;
  w->record = record;
  w->first = on ? n : (n - 1) / EVENTS_WINDOW * EVENTS_WINDOW + 1;
  w->n = e->made;
  for (uint64_t i = 0; i < w->n; i++) record[i].event = 0;
  e->made_to = w->first + w->n;
  return true;
}

static struct window *make_window(struct timeline *t, uint64_t n) {
  struct window *w = oldest_window(&t->events);
  if (t->running) return NULL;
  t->search = (struct search){.hit = UINT64_MAX};
  if (!lay_out(&t->events, w, n)) return NULL;
  if (repeat(t, w) && in_window(w, n)) return w;
  w->n = 0;
  return NULL;
}

static const struct record *from_window(struct timeline *t, uint64_t n) {
  struct events *e = &t->events;
  struct window *w = NULL;
  for (int i = 0; i < EVENTS_WINDOWS && !w; i++)
    if (in_window(&e->window[i], n)) w = &e->window[i];
  if (!w) w = make_window(t, n);
  if (!w) return NULL;
  w->used = ++e->uses;
  return &w->record[n - w->first];
}

/* ---- what timeline.h offers ---- */

uint64_t timeline_events(const struct timeline *t) { return t->events.complete + t->events.tails; }

static const struct record *waiting(struct timeline *t, uint64_t n) {
  struct events *e = &t->events;
  if (timeline_position(t) == t->latest) return recorder_waiting(t->r, n);
  const struct checkpoint *c = timeline_checkpoint_before(t, t->latest);
  return recorder_snapshot_waiting(c->recorder, n, &e->waiting) ? &e->waiting : NULL;
}

const struct record *timeline_event(struct timeline *t, uint64_t n) {
  struct events *e = &t->events;
  if (n == 0 || n > timeline_events(t)) return NULL;
  if (n > e->complete) return waiting(t, n);
  if (n + EVENTS_RECENT > e->complete && recent(e, n)->event == n) return recent(e, n);
  return from_window(t, n);
}

uint64_t timeline_event_position(struct timeline *t, uint64_t n) {
  const struct events *e = &t->events;
  if (n == 0 || n > timeline_events(t)) return UINT64_MAX;
  if (n > e->complete) return e->tail[n - e->complete - 1];
  if ((n - 1) % EVENTS_WINDOW == 0) return e->landmark[(n - 1) / EVENTS_WINDOW];
  const struct record *record = timeline_event(t, n);
  return record ? record->position : UINT64_MAX;
}

/* How many of n positions, which never fall, are `position` or less. */
static uint64_t count_up_to(const uint64_t *at, uint64_t n, uint64_t position) {
  uint64_t low = 0, high = n;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (at[middle] <= position)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

uint64_t timeline_event_at(struct timeline *t, uint64_t position) {
  const struct events *e = &t->events;
  const uint64_t waiting = count_up_to(e->tail, e->tails, position);
  if (waiting) return e->complete + waiting;
  const uint64_t windows = count_up_to(e->landmark, landmarks(e), position);
  if (!windows) return 0;
  uint64_t low = (windows - 1) * EVENTS_WINDOW + 1,
           high = windows * EVENTS_WINDOW; /* the event is one of these */
  if (high > e->complete) high = e->complete;
  while (low < high) {
    const uint64_t middle = high - (high - low) / 2, there = timeline_event_position(t, middle);
    if (there == UINT64_MAX) return 0;
    if (there <= position)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

uint32_t timeline_lanes(const struct timeline *t) { return t->events.lanes; }

const struct lane *timeline_lane(const struct timeline *t, uint32_t id) {
  return id < t->events.lanes ? &t->events.lane[id] : NULL;
}

static const char *name_of(const void *timeline, uint32_t id) {
  const struct lane *l = timeline_lane(timeline, id);
  return l ? l->name : NULL;
}

const char *timeline_step_text(const struct timeline *t, const struct list_step *step, char *buf,
                               size_t size) {
  return recorder_step_sentence(step, name_of, t, buf, size);
}

/* ---- life ---- */

size_t timeline_events_bytes(const struct timeline *t) {
  const struct events *e = &t->events;
  size_t bytes = (e->room + e->tail_room) * sizeof *e->landmark + e->lane_room * sizeof *e->lane;
  for (int i = 0; i < EVENTS_WINDOWS; i++) bytes += e->window[i].n * sizeof(struct record);
  return bytes + EVENTS_RECENT * sizeof(struct record);
}

bool timeline_events_new(struct timeline *t) {
  t->events.recent = calloc(EVENTS_RECENT, sizeof *t->events.recent);
  return t->events.recent && note_lanes(t);
}

void timeline_events_free(struct timeline *t) {
  struct events *e = &t->events;
  for (int i = 0; i < EVENTS_WINDOWS; i++) free(e->window[i].record);
  free(e->recent);
  free(e->landmark);
  free(e->tail);
  free(e->lane);
}
