/* checkpoints.c - checkpoints: snapshots of machine and recorder, in order of position.
 *
 * Snapshots share pages of RAM, so a checkpoint costs what was written since the one before it. When all of
 * them take more than the timeline's memory, some are dropped: first those whose neighbours are close to each
 * other, compared with their distance from the present or the latest position, whichever is nearer. In this
 * way checkpoints stay close together near the present and near the latest position, and become rarer the
 * farther away they are. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- finding ---- */

/* Neither is ever less for a later checkpoint. */
static uint64_t position_of(const struct checkpoint *c) { return c->position; }
static uint64_t emitted_of(const struct checkpoint *c) { return c->emitted; }

/* How many checkpoints have at most `most` of it. */
static size_t count_up_to(const struct timeline *t, uint64_t (*of)(const struct checkpoint *),
                          uint64_t most) {
  size_t low = 0, high = t->checkpoints.n;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (of(&t->checkpoints.at[middle]) <= most)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The last of these; the start if there is none. */
static const struct checkpoint *last_up_to(const struct timeline *t,
                                           uint64_t (*of)(const struct checkpoint *), uint64_t most) {
  const size_t n = count_up_to(t, of, most);
  return &t->checkpoints.at[n ? n - 1 : 0];
}

const struct checkpoint *timeline_checkpoint_before(const struct timeline *t, uint64_t position) {
  return last_up_to(t, position_of, position);
}

const struct checkpoint *timeline_checkpoint_emitted(const struct timeline *t, uint64_t emitted) {
  return last_up_to(t, emitted_of, emitted);
}

/* ---- dropping ---- */

static size_t bytes_of(const struct timeline *t, const struct checkpoint *c) {
  return machine_snapshot_bytes(c->machine, t->m) + recorder_snapshot_bytes(c->recorder);
}

static void release(struct checkpoint *c) {
  machine_snapshot_free(c->machine);
  recorder_snapshot_free(c->recorder);
}

static void drop(struct timeline *t, size_t i) {
  struct checkpoints *all = &t->checkpoints;
  all->bytes -= bytes_of(t, &all->at[i]);
  release(&all->at[i]);
  all->n--;
  memmove(&all->at[i], &all->at[i + 1], (all->n - i) * sizeof *all->at);
}

void timeline_checkpoints_drop_after(struct timeline *t, uint64_t position) {
  while (t->checkpoints.at[t->checkpoints.n - 1].position > position) drop(t, t->checkpoints.n - 1);
}

void timeline_checkpoints_free(struct timeline *t) {
  for (size_t i = 0; i < t->checkpoints.n; i++) release(&t->checkpoints.at[i]);
  free(t->checkpoints.at);
}

static uint64_t distance(uint64_t a, uint64_t b) { return a < b ? b - a : a - b; }

/* How much checkpoint i would be missed: the gap that it would leave, divided by its distance from the
 * positions to which the next move probably goes. */
static double worth(const struct timeline *t, size_t i) {
  const struct checkpoint *c = &t->checkpoints.at[i];
  const uint64_t present = timeline_position(t), next = i + 1 < t->checkpoints.n ? c[1].position : t->latest;
  const uint64_t near = distance(c->position, present), last = distance(c->position, t->latest);
  return (double)(next - c[-1].position) / (double)(1 + (near < last ? near : last));
}

static bool is_pinned(const struct timeline *t, size_t i) {
  const uint64_t position = t->checkpoints.at[i].position;
  return i == 0 || position == t->pinned || position == t->latest || position == timeline_position(t);
}

static size_t least_worth(const struct timeline *t) {
  size_t least = 0;
  for (size_t i = 1; i < t->checkpoints.n; i++)
    if (!is_pinned(t, i) && (least == 0 || worth(t, i) < worth(t, least))) least = i;
  return least;
}

void timeline_checkpoints_thin(struct timeline *t) {
  size_t i;
  while (timeline_memory(t) > t->memory && (i = least_worth(t)) > 0) drop(t, i);
}

/* ---- taking and restoring ---- */

static bool fill(struct timeline *t, struct checkpoint *c) {
  *c = (struct checkpoint){.position = timeline_position(t),
                           .emitted = recorder_emitted(t->r),
                           .events = recorder_events(t->r),
                           .log_next = t->log.next,
                           .output = t->output_shown,
                           .recorder = recorder_snapshot(t->r)};
  c->machine = c->recorder ? machine_snapshot(t->m) : NULL;
  if (c->machine) return true;
  release(c);
  return false;
}

/* A checkpoint that was taken earlier at the present position is still good: what has come from outside since
 * then is in the log. */
bool timeline_checkpoint_take(struct timeline *t) {
  struct checkpoints *all = &t->checkpoints;
  struct checkpoint fresh;
  const size_t i = count_up_to(t, position_of, timeline_position(t));
  if (t->lost != NOTHING_LOST) return false;
  if (i > 0 && all->at[i - 1].position == timeline_position(t)) return true;
  struct checkpoint *at = timeline_grow(all->at, all->n, &all->room, sizeof *at);
  if (!at) return false;
  all->at = at;
  if (!fill(t, &fresh)) return false;
  memmove(&all->at[i + 1], &all->at[i], (all->n - i) * sizeof *all->at);
  all->at[i] = fresh;
  all->n++;
  all->bytes += bytes_of(t, &fresh);
  timeline_checkpoints_thin(t);
  return true;
}

bool timeline_checkpoint_restore(struct timeline *t, const struct checkpoint *c) {
  if (!recorder_restore(t->r, c->recorder)) return false;
  machine_restore(t->m, c->machine); /* succeeds, for c->machine was taken of t->m */
  t->log.next = c->log_next;
  t->output_shown = c->output;
  t->lost = NOTHING_LOST; /* no checkpoint is taken of what was not all kept */
  return true;
}
