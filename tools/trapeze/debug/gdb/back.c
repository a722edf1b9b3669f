/* back.c - goes back: by an arrival, or until something stops the way back. */
#include "gdb.h"

/* To where gdb's program began, or back to `begin` if that was not later. */
static enum gdb_reason to_beginning(struct gdb *g, uint64_t begin) {
  const struct timeline_condition c = {.holds = gdb_lane_runs, .arg = g};
  struct debug *d = g->d;
  const enum timeline_stop stop = timeline_go(d->t, timeline_start(d->t));
  if (model_broken_off(d, stop)) return gdb_broken_off(g);
  if (gdb_debugs(g, recorder_current(timeline_recorder(d->t)))) return REASON_BEGIN;
  if (timeline_forward(d->t, &c, begin) != TIMELINE_HIT) model_return(d, begin);
  return REASON_BEGIN;
}

/* To the arrival before this position. */
enum gdb_reason gdb_step_back(struct gdb *g) {
  struct gdb_arrivals a = gdb_arrivals(g, -1);
  const struct timeline_condition c = {.holds = gdb_arrives, .arg = &a, .restart = gdb_arrivals_restart};
  a.points = false;
  a.steps = true;
  a.step_lane = gdb_debugs(g, a.lane) || !a.known ? gdb_lane(g) : a.lane;
  const uint64_t begin = model_position(g->d);
  const enum timeline_stop stop = timeline_backward(g->d->t, &c);
  if (model_broken_off(g->d, stop)) return gdb_broken_off(g);
  return stop == TIMELINE_START ? to_beginning(g, begin) : REASON_STEP;
}

/* Has the last step before here changed what is watched? The search looks at earlier positions only. */
static bool changed_by_last_step(struct gdb *g) {
  const uint64_t here = model_position(g->d);
  struct gdb_arrivals a;
  if (here == timeline_start(g->d->t) || timeline_step(g->d->t, -1) != TIMELINE_THERE) return false;
  a = gdb_arrivals(g, -1); /* notes what is watched */
  model_return(g->d, here);
  return gdb_arrives(&a, g->d->m, timeline_recorder(g->d->t)) && g->hit && g->hit->kind == POINT_WRITE;
}

/* gdb is told behind the instruction, and then goes back over it: to the arrival after the one here; behind a
 * change, to the arrival here or after. */
static enum gdb_reason behind_hit(struct gdb *g, uint64_t begin) {
  const struct gdb_point *hit = g->hit;
  const uint32_t address = g->hit_address;
  const bool arrived = gdb_debugs(g, recorder_current(timeline_recorder(g->d->t)));
  struct gdb_arrivals a = gdb_arrivals(g, 1);
  const struct timeline_condition c = {.holds = gdb_arrives, .arg = &a};
  a.points = false;
  a.steps = true;
  a.step_lane = gdb_lane(g);
  if (hit->kind >= POINT_READ || (hit->kind == POINT_WRITE && !arrived)) timeline_forward(g->d->t, &c, begin);
  g->hit = hit;
  g->hit_address = address;
  return REASON_POINT;
}

enum gdb_reason gdb_run_back(struct gdb *g) {
  struct debug *d = g->d;
  const uint64_t begin = model_position(d);
  if (!g->points) return to_beginning(g, begin);
  if (changed_by_last_step(g)) return REASON_POINT;
  struct gdb_arrivals a = gdb_arrivals(g, -1);
  const struct timeline_condition c = {.holds = gdb_arrives, .arg = &a, .restart = gdb_arrivals_restart};
  const enum timeline_stop stop = timeline_backward(d->t, &c);
  if (model_broken_off(d, stop)) return gdb_broken_off(g);
  return stop == TIMELINE_START ? to_beginning(g, begin) : behind_hit(g, begin);
}
