/* run.c - the moves that gdb asks for, and why each ended. */
#include <stdlib.h>
#include <string.h>

#include "gdb.h"

/* ---- with the debugger's own breakpoints, set by `monitor break` ---- */

/* Whichever comes first: one of the debugger's own, or what gdb has asked for. */
static enum gdb_reason continue_ahead(struct gdb *g) {
  struct debug *d = g->d;
  const uint64_t here = model_position(d);
  uint64_t own = UINT64_MAX;
  char said[sizeof d->said];
  if (d->nstops && model_continue(d, 1)) own = model_position(d), snprintf(said, sizeof said, "%s", d->said);
  if (d->nstops && d->stopped) return gdb_broken_off(g);
  if (d->nstops) model_return(d, here);
  struct gdb_arrivals a = gdb_arrivals(g, 1);
  const enum gdb_reason reason = gdb_run_ahead(g, &a, own);
  if (reason != REASON_STEP) return reason;
  gdb_print_line(g, said);
  return REASON_MONITOR;
}

static enum gdb_reason continue_back(struct gdb *g) {
  struct debug *d = g->d;
  const uint64_t here = model_position(d);
  uint64_t own = UINT64_MAX;
  char said[sizeof d->said];
  if (d->nstops && model_continue(d, -1)) own = model_position(d), snprintf(said, sizeof said, "%s", d->said);
  if (d->nstops && d->stopped) return gdb_broken_off(g);
  if (d->nstops) model_return(d, here);
  const enum gdb_reason reason = gdb_run_back(g);
  if (own == UINT64_MAX || (reason == REASON_POINT && model_position(d) >= own)) return reason;
  if (reason == REASON_INTERRUPT || reason == REASON_MEMORY) return reason;
  model_return(d, own);
  gdb_print_line(g, said);
  return REASON_MONITOR;
}

/* ---- steps ---- */

static enum gdb_reason step_ahead(struct gdb *g, uint32_t begin, uint32_t end) {
  struct gdb_arrivals a = gdb_arrivals(g, 1);
  a.steps = true;
  a.step_lane = recorder_current(timeline_recorder(g->d->t));
  a.begin = begin;
  a.end = end;
  return gdb_run_ahead(g, &a, UINT64_MAX);
}

/* ---- packets ---- */

enum order { ORDER_NONE, CONTINUE, STEP, RANGE, CONTINUE_BACK, STEP_BACK };

/* The first action that vCont names: there is one thread. */
static enum order read_vcont(const char *at, uint32_t *begin, uint32_t *end) {
  switch (*at) {
  case 'c':
  case 'C': return CONTINUE;
  case 's':
  case 'S': return STEP;
  case 'r': at++; return gdb_number(&at, begin) && *at++ == ',' && gdb_number(&at, end) ? RANGE : ORDER_NONE;
  default: return ORDER_NONE;
  }
}

/* Signals that gdb would give the program are left out. */
static enum order read_order(const char *packet, uint32_t *begin, uint32_t *end) {
  if (strncmp(packet, "vCont;", 6) == 0) return read_vcont(packet + 6, begin, end);
  if (strcmp(packet, "bc") == 0) return CONTINUE_BACK;
  if (strcmp(packet, "bs") == 0) return STEP_BACK;
  if (strcmp(packet, "c") == 0 || *packet == 'C') return CONTINUE;
  if (strcmp(packet, "s") == 0 || *packet == 'S') return STEP;
  return ORDER_NONE;
}

static enum gdb_reason obey(struct gdb *g, enum order order, uint32_t begin, uint32_t end) {
  switch (order) {
  case CONTINUE: return continue_ahead(g);
  case CONTINUE_BACK: return continue_back(g);
  case STEP_BACK: return gdb_step_back(g);
  default: return step_ahead(g, begin, end);
  }
}

void gdb_continue(struct gdb *g, const char *packet) {
  uint32_t begin = 0, end = 0;
  if (strcmp(packet, "vCont?") == 0) return gdb_reply(g, "vCont;c;C;s;S;r");
  const enum order order = read_order(packet, &begin, &end);
  if (order == ORDER_NONE) return gdb_error(g, NULL);
  model_remember(g->d);
  g->hit = NULL;
  g->d->stopped = false;
  model_interruptible(g->d, true);
  gdb_link_watch(&g->link, true);
  g->reason = obey(g, order, begin, end);
  if (g->reason == REASON_INTERRUPT) gdb_settle(g);
  gdb_link_watch(&g->link, false);
  model_interruptible(g->d, false);
  index_update(g->d);
  gdb_show_output(g);
  gdb_reply_stop(g);
}

void gdb_restart(struct gdb *g) {
  model_go(g->d, g->d->start);
  g->reason = REASON_STEP;
  g->hit = NULL;
}
