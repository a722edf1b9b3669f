/* command_search.c - `search`: moves to events by their words. */
#define _GNU_SOURCE /* strcasestr */
#include <string.h>

#include "debug.h"

static bool says(struct debug *d, uint64_t event, const char *text) {
  const struct note n = index_note(d, event);
  if (n.kind != RECORD_TRAP && n.kind != RECORD_RESUME) return false;
  if (strcasestr(model_lane_name(d, n.from), text) || strcasestr(model_lane_name(d, n.to), text)) return true;
  if (n.kind == RECORD_TRAP && strcasestr(pg32_cause_name(n.cause), text)) return true;
  const struct record *rec = timeline_event(d->t, event);
  const char *call = rec ? why_call_name(d, rec) : NULL;
  if (call && strcasestr(call, text)) return true;
  char says[LIST_STEP_TEXT];
  for (unsigned i = 0; rec && i < rec->steps; i++)
    if (strcasestr(timeline_step_text(d->t, &rec->step[i], says, sizeof says), text)) return true;
  return n.kind == RECORD_TRAP && strcasestr(recorder_verdict_name(n.verdict), text);
}

/* The first event from `e` on, in a direction, that mentions the text; 0 = none. */
static uint64_t find_event(struct debug *d, uint64_t e, int direction, const char *text) {
  for (;; e += (uint64_t)(int64_t)direction) {
    while (direction > 0 && e > index_events(d) && index_extend(d)) { /* the extension may contain no event */
    }
    if (e == 0 || e > index_events(d)) return 0;
    if (says(d, e, text)) return e;
  }
}

bool command_search(struct debug *d, struct call c) {
  const char *a = c.args;
  static char last[80];
  if (strlen(a) >= sizeof last)
    return fail(d, "search: at most %zu characters are possible.", sizeof last - 1);
  if (*a) snprintf(last, sizeof last, "%s", a);
  if (!*last) return fail(d, "search: expected a text to search for.");
  const uint64_t here = model_position(d);
  const uint64_t from = c.direction > 0 ? index_before(d, here + 1) + 1 : index_before(d, here);
  const uint64_t event = find_event(d, from, c.direction, last);
  if (event) return model_event(d, event);
  return fail(d, "No %s event mentions '%s'.", c.direction > 0 ? "later" : "earlier", last);
}
