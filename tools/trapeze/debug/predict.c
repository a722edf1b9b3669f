/* predict.c - the guessing game: which lane will handle the trap, and with which verdict? */
#include <string.h>

#include "debug.h"

static bool guess(struct debug *d, const char *a) {
  char lane[48], verdict[16];
  struct place p = model_place(d);
  const struct note n = index_note(d, p.event);
  const char *blank = strrchr(a, ' ');
  if (!blank || !p.before || n.kind != RECORD_TRAP)
    return fail(
        d,
        "predict: go to just before a trap (key t), then give LANE VERDICT, for example `kernel reflect`.");
  snprintf(lane, sizeof lane, "%.*s", (int)(blank - a), a);
  snprintf(verdict, sizeof verdict, "%s", blank + 1);
  const struct record *rec = timeline_event(d->t, p.event);
  if (!rec) return fail(d, "Memory is short: the event cannot be looked at.");
  uint32_t answers =
      rec->to; /* the lane that handles it in the end: for a reflected trap the guest's kernel */
  for (uint64_t e = p.event + 1; rec->verdict[0] != VERDICT_HOST && e <= index_events(d); e++)
    if (index_note(d, e).kind == RECORD_RESUME &&
        d->lanes[index_note(d, e).to].depth + (rec->verdict[0] != VERDICT_REFLECT) ==
            d->lanes[n.from].depth) {
      answers = index_note(d, e).to;
      break;
    }
  bool right = strcmp(verdict, recorder_verdict_name(n.verdict)) == 0 && lane_matches(d, lane, answers);
  d->predict.right += right;
  d->predict.wrong += !right;
  return say(d, "%s: %s, %s. Score: %u of %u.", right ? "Right" : "No", model_lane_name(d, answers),
             recorder_verdict_name(n.verdict), d->predict.right, d->predict.right + d->predict.wrong);
}

bool command_predict(struct debug *d, struct call c) {
  const char *a = c.args;
  if (!*a || strcmp(a, "on") == 0 || strcmp(a, "off") == 0) {
    d->predict.on = *a ? a[1] == 'n' : !d->predict.on;
    return say(d, d->predict.on
                      ? "Predict is on. Before a trap (t), press P and enter, say, `kernel reflect`."
                      : "Predict is off.");
  }
  return guess(d, a);
}
