/* lecture.c - moves along the steps of the lecture's two lists, and from list to list. */
#include "tools/trapeze/trace/trace.h"
#include "debug.h"

#define LIST_STOPS 1000 /* stops within which a list ends, those of other lists included */

static bool go_to_list_stop(struct debug *d, uint64_t stop) {
  const struct list_stop s = index_stop(d, stop);
  if (!model_go(d, s.position)) return false;
  d->at_list_stop = stop;
  d->list = s.list_event;
  const char *what = trace_list_title(s.list);
  if (s.step)
    return say(d, "%s of %s, step %u of %u.", what, model_lane_name(d, index_note(d, s.list_event).from),
               s.step, s.list == LIST_SYSCALL ? 4 : 7);
  char text[LIST_STEP_TEXT];
  const struct record *rec = timeline_event(d->t, s.event);
  if (!rec || s.index >= rec->steps) return say(d, "%s, an event that the list does not number.", what);
  return say(d, "%s: %s", what,
             recorder_step_text(timeline_recorder(d->t), &rec->step[s.index], text, sizeof text));
}

bool model_list_step(struct debug *d, int direction) {
  uint64_t (*search)(struct debug *, uint64_t, uint64_t, uint64_t) =
      direction > 0 ? index_list_after : index_list_before;
  for (;;) {
    uint64_t i = d->at_list_stop ? search(d, model_position(d), d->at_list_stop, d->list) : 0;
    if (!i) i = search(d, model_position(d), d->at_list_stop, 0);
    if (i) return go_to_list_stop(d, i);
    if (direction < 0) return fail(d, "There is no earlier step of the lecture's lists.");
    if (!index_extend(d)) return fail(d, "There is no later step of the lecture's lists.");
  }
}

/* Does a complete list of the innermost VM begin at stop i? Incomplete ones are skipped: for example, the
 * system call _exit never returns, so its list has no fourth step. */
static bool begins_list(const struct debug *d, uint64_t stop) {
  const struct list_stop s = index_stop(d, stop);
  if (s.step != 1 || s.event != s.list_event || s.level != d->deepest) return false;
  for (int n = 0; stop && n < LIST_STOPS; n++, stop = index_stop_after(d, stop)) {
    const struct list_stop last = index_stop(d, stop);
    if (last.list_event == s.event && last.step == (s.list == LIST_SYSCALL ? 4 : 7)) return true;
  }
  return false;
}

/* A list that is being followed is left; the search starts from where that list began. */
bool model_list(struct debug *d, int direction) {
  uint64_t here = d->at_list_stop ? index_note(d, d->list).position + 1 : model_position(d), i, next;
  if (direction < 0) {
    for (i = index_list_before(d, here, 0, 0); i && !begins_list(d, i);) i = index_stop_before(d, i);
    return i ? go_to_list_stop(d, i) : fail(d, "No list of the lecture begins before this position.");
  }
  for (i = 0;; i = next) {
    while (!(next = i ? index_stop_after(d, i) : index_list_after(d, here, 0, 0)))
      if (!index_extend(d)) return fail(d, "No list of the lecture begins after this position.");
    if (begins_list(d, next)) return go_to_list_stop(d, next);
  }
}
