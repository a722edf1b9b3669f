/* continue.c - running on (and back) until a breakpoint or watchpoint, or to the end of the run. */
#include "crash.h"

#define END_LIMIT 200000000 /* steps that `goto end` runs further at most */
#define PROGRESS 1000000    /* tests of a condition between two reports of progress */

struct search { /* for a breakpoint on code or a watchpoint */
  struct debug *d;
  struct stop *hit;  /* that has stopped the run */
  bool counts;       /* hits count (ahead only): `ignore` */
  bool only_watches; /* breakpoints on code are left out */
  unsigned asked;    /* times that the condition was tested */
  struct goal *goal; /* NULL = none */
};

/* All are asked even after one has stopped the run, as watchpoints must see every change. */
static bool state_stop(void *arg, struct machine *m, struct recorder *r) {
  struct search *s = arg;
  struct stop *hit = NULL;
  if (++s->asked % PROGRESS == 0 && s->d->progress) s->d->progress(s->d, machine_steps(m), false);
  for (unsigned i = 0; i < s->d->nstops; i++) {
    struct stop *b = &s->d->stop[i];
    if (b->kind == STOP_TRAP || (s->only_watches && b->kind != STOP_WATCH)) continue;
    if (!stop_on_state(s->d, b) || (s->counts && ++b->hits <= b->ignore)) continue;
    if (!hit) hit = b;
  }
  if (hit) s->hit = hit;
  if (s->goal && s->goal->holds(s->goal->arg, m, r)) s->goal->reached = true;
  return hit || (s->goal && s->goal->reached);
}

static struct stop *trap_stop(struct debug *d, uint64_t event) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].kind == STOP_TRAP && stop_on_trap(d, &d->stop[i], event)) return &d->stop[i];
  return NULL;
}

/* The first of the events that are known, from *n on in the direction, at which a trap breakpoint stops; 0 =
 * none. *n is then the next event to look at. */
static uint64_t find_trap_stop(struct debug *d, int direction, uint64_t *n, struct stop **hit) {
  uint64_t here = model_position(d), found = 0;
  for (; !found && !(d->stopped |= model_interrupted()) && *n && *n <= index_events(d);
       *n += direction > 0 ? 1 : -1) {
    if (index_note(d, *n).kind != RECORD_TRAP || !(*hit = trap_stop(d, *n))) continue;
    if (direction < 0 || ++(*hit)->hits > (*hit)->ignore) found = *n;
  }
  model_return(d, here); /* testing a condition on a register moves to the trap */
  return found;
}

static bool any_stop(const struct debug *d, bool trap) {
  for (unsigned i = 0; i < d->nstops; i++)
    if ((d->stop[i].kind == STOP_TRAP) == trap && !d->stop[i].disabled) return true;
  return false;
}

static bool any_watch(const struct debug *d) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].kind == STOP_WATCH) return true;
  return false;
}

/* From now on watchpoints compare with the values here. */
static void arm_watches(struct debug *d) {
  for (struct stop *s = d->stop; s < d->stop + d->nstops; s++)
    if (s->kind == STOP_WATCH || s->kind == STOP_ACCESS) watched_arm(d, &s->watched);
}

/* A place at which the session stands has been reached. */
static void arrive_here(struct debug *d) {
  for (struct stop *s = d->stop; s < d->stop + d->nstops; s++)
    if (s->kind == STOP_CODE || s->kind == STOP_ACCESS) stop_on_state(d, s);
}

static void rearm(void *arg, struct machine *m, struct recorder *r) {
  (void)m, (void)r;
  arm_watches(((struct search *)arg)->d);
}

/* ", main, j.c:8", and of several places which one it is. At the call of an inlined function, the frame that
 * calls is looked at. */
static const char *place_here(struct debug *d, const struct stop *s, char *buf, size_t size) {
  const struct stack_frame inner = frame_innermost(d);
  const struct code_place *place = stop_place_at(d, s, inner.lane, inner.regs.pc);
  if (place && place->outwards) frame_look(d, place->outwards);
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  size_t used = 0;
  *buf = 0;
  if (at.file)
    used = (size_t)snprintf(buf, size, ", %s, %s:%d", at.name ? at.name : "?", base_name(at.file), at.line);
  if (place && s->places.n > 1 && used < size)
    snprintf(buf + used, size - used, " (%u.%u)", s->number, (unsigned)(place - s->places.place) + 1);
  return buf;
}

static bool say_hit(struct debug *d, struct stop *s) {
  struct machine_regs regs;
  char now[200], before[200];
  const char *broken = s->broken ? " Its condition cannot be evaluated here." : "";
  machine_get_regs(d->m, &regs);
  s->passed = true;
  if (s->kind == STOP_ACCESS)
    return say(d, "Watchpoint %u (%s): %s accesses it at 0x%08x%s.%s", s->number, s->text,
               model_lane_name(d, recorder_current(timeline_recorder(d->t))), regs.pc,
               place_here(d, s, now, sizeof now), broken);
  if (s->kind == STOP_CODE)
    return say(d, "Breakpoint %u (%s): %s is at 0x%08x%s.%s", s->number, s->text,
               model_lane_name(d, recorder_current(timeline_recorder(d->t))), regs.pc,
               place_here(d, s, now, sizeof now), broken);
  return say(d, "Watchpoint %u (%s): here %s, was %s.%s", s->number, s->text,
             watched_text(&s->watched, s->watched.now, now, sizeof now),
             watched_text(&s->watched, s->watched.before, before, sizeof before), broken);
}

/* A search back ends just behind a change of what is watched; the run stops just before it. */
static void go_before_change(struct debug *d, struct watched *w) {
  w->away = true;
  watched_follow(d, w);
  watched_read(d, w, w->before);
  timeline_step(d->t, -1);
  watched_read(d, w, w->now);
}

/* Has the last step before here changed what a watchpoint watches? A search back would not see it. */
static struct stop *changed_by_last_step(struct debug *d) {
  struct search search = {.d = d, .only_watches = true};
  const uint64_t here = model_position(d);
  if (!here || timeline_step(d->t, -1) != TIMELINE_THERE) return NULL;
  arm_watches(d);
  model_return(d, here);
  state_stop(&search, d->m, timeline_recorder(d->t));
  return search.hit;
}

static bool continue_to_trap(struct debug *d, uint64_t event, struct stop *s) {
  char words[128];
  s->passed = true;
  if (!model_arrived(d, timeline_go(d->t, index_note(d, event).position))) return false;
  return say(d, "Breakpoint %u (%s): before #%llu, %s.", s->number, s->text, (unsigned long long)event,
             model_event_words(d, event, words, sizeof words));
}

static bool arrive_at(struct debug *d, int direction, struct stop *s) {
  if (direction < 0 && s->kind == STOP_WATCH) go_before_change(d, &s->watched);
  if (direction < 0 && (s->kind == STOP_CODE || s->kind == STOP_ACCESS)) stop_first_arrival(d, s);
  return model_arrived(d, TIMELINE_THERE) && say_hit(d, s);
}

/* Looks for a breakpoint on code, a watchpoint or the goal between here and position `limit`. True: the command is
 * done, and *ok is its result. */
static bool continue_to_state(struct debug *d, int direction, uint64_t limit, struct goal *goal, bool *ok) {
  struct search search = {.d = d, .counts = direction > 0, .goal = goal};
  struct timeline_condition c = {.holds = state_stop, .arg = &search, .restart = rearm};
  uint64_t here = model_position(d);
  if (direction < 0 && any_watch(d) && (search.hit = changed_by_last_step(d)))
    return *ok = arrive_at(d, direction, search.hit), true;
  enum timeline_stop stop = direction > 0 ? timeline_forward(d->t, &c, limit) : timeline_backward(d->t, &c);
  if (model_broken_off(d, stop)) return *ok = model_arrived(d, stop), true;
  if (search.hit && goal) goal->reached = false; /* the breakpoint is told */
  if (stop == TIMELINE_HIT && search.hit && (direction > 0 || model_position(d) >= limit))
    return *ok = arrive_at(d, direction, search.hit), true;
  if (stop == TIMELINE_HIT && goal && goal->reached) return *ok = model_arrived(d, stop), true;
  if (direction < 0) model_return(d, here);
  return false;
}

/* The run came to its end. If a breakpoint was set, the command has failed: scripts rely on that. */
static bool end_unstopped(struct debug *d) {
  bool wanted = any_stop(d, true) || any_stop(d, false);
  if (d->stopped || !wanted) return true;
  return fail(d, "No breakpoint stopped the run: %s",
              d->idle      ? "the machine waits for input."
              : d->cut_off ? "--max-insns is used up."
                           : "this is its end.");
}

static bool at_latest(struct debug *d) {
  model_return(d, timeline_latest(d->t));
  if (d->stopped && d->no_memory) return fail_broken_off(d);
  return say(d, "%s",
             d->stopped   ? "Interrupted."
             : d->idle    ? "The machine waits for input here."
             : d->cut_off ? "The end of the run: --max-insns is used up."
             : d->ended   ? "The end of the run."
                          : "The latest position so far; repeat the command to run further.");
}

/* The last trap of the lane behind a position; 0 = none. */
static uint64_t last_trap_of(const struct debug *d, uint32_t lane, uint64_t position) {
  const uint64_t n = index_last_trap(d, index_events(d), lane);
  return n && index_note(d, n).position >= position ? n : 0;
}

/* A call does not return, or the program ends before the next line. The session goes to the end of the lane,
 * and stays where it was when it was interrupted. */
static bool fail_goal(struct debug *d, const struct goal *goal, uint64_t here) {
  char words[200];
  if (d->stopped) return model_return(d, here), fail_broken_off(d);
  const uint64_t trap = d->idle ? 0 : last_trap_of(d, goal->lane, here);
  const char *lane = model_lane_name(d, goal->lane), *what = goal->what ? goal->what : "comes there";
  if (d->idle || !trap) {
    at_latest(d);
    return fail(d, "Before %s %s, %s.", lane, what, d->idle ? "the machine waits for input" : "the run ends");
  }
  model_return(d, index_note(d, trap).position);
  if (crash_is_here(d)) return fail(d, "%s goes no further: it dies here.", lane);
  return fail(d, "%s never %s: its last trap is #%llu, %s.", lane, what, (unsigned long long)trap,
              model_event_words(d, trap, words, sizeof words));
}

/* The search for trap breakpoints has looked, and counted hits, beyond the position at which another
 * breakpoint has stopped. Counts those hits anew, from event `first` to here; `hits` are the counts before
 * the search. */
static void recount(struct debug *d, uint64_t first, const uint32_t *hits) {
  struct stop *s;
  uint64_t here = model_position(d);
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].kind == STOP_TRAP) d->stop[i].hits = hits[i];
  for (struct note n; n = index_note(d, first), n.kind != NO_NOTE && n.position < here; first++)
    if (n.kind == RECORD_TRAP && (s = trap_stop(d, first))) s->hits++;
  model_return(d, here);
}

/* Searches the part of the run that is known; then extends the run a little and searches on. */
static bool continue_ahead(struct debug *d, struct goal *goal) {
  struct stop *s = NULL;
  const uint64_t here = model_position(d);
  uint32_t hits[STOPS];
  for (unsigned i = 0; i < d->nstops; i++) hits[i] = d->stop[i].hits;
  uint64_t first = index_before(d, model_position(d) + 1) + 1, next = first;
  bool states = goal || any_stop(d, false), traps = any_stop(d, true), ok;
  do {
    uint64_t event = traps ? find_trap_stop(d, 1, &next, &s) : 0;
    const struct crash crash = crash_after(d, here);
    uint64_t limit = event ? index_note(d, event).position : timeline_latest(d->t);
    const bool dies = crash.event && (event ? crash.position < limit : crash.position <= limit);
    if (dies) limit = crash.position;
    if (states && !d->stopped && continue_to_state(d, 1, limit, goal, &ok)) {
      if (traps) recount(d, first, hits);
      return ok;
    }
    if (dies) {
      ok = crash_go(d, &crash);
      if (traps) recount(d, first, hits);
      return ok;
    }
    if (event) return continue_to_trap(d, event, s);
  } while (!d->stopped && index_extend(d));
  if (goal) return fail_goal(d, goal, here);
  return at_latest(d) && end_unstopped(d);
}

static bool continue_back(struct debug *d) {
  struct stop *s = NULL;
  uint64_t next = index_before(d, model_position(d));
  uint64_t event = any_stop(d, true) ? find_trap_stop(d, -1, &next, &s) : 0;
  bool ok;
  if (d->stopped) return fail_broken_off(d);
  if (any_stop(d, false) && continue_to_state(d, -1, event ? index_note(d, event).position : 0, NULL, &ok))
    return ok;
  if (event) return continue_to_trap(d, event, s);
  return model_go(d, 0) && fail(d, "No breakpoint stopped the run back: this is reset.");
}

bool model_continue(struct debug *d, int direction) {
  model_remember(d);
  arm_watches(d);
  arrive_here(d);
  d->stopped = false;
  return direction > 0 ? continue_ahead(d, NULL) : continue_back(d);
}

bool model_run_to(struct debug *d, struct goal *goal) {
  model_remember(d);
  arm_watches(d);
  arrive_here(d);
  d->stopped = false;
  goal->reached = false;
  return continue_ahead(d, goal);
}

bool model_end(struct debug *d) {
  model_remember(d);
  d->stopped = false;
  for (uint64_t limit = timeline_latest(d->t) + END_LIMIT;
       timeline_latest(d->t) < limit && index_extend(d);) {
  }
  return at_latest(d);
}

bool model_run_on(struct debug *d) {
  model_remember(d);
  bool further = index_extend(d) && !d->idle && !d->ended;
  timeline_go(d->t, timeline_latest(d->t));
  return further;
}
