/* typing.c - input for the guest's console, at the latest position of the run. */
#include <stdlib.h>
#include <string.h>

#include "debug.h"

/* Why the timeline has not taken input. */
static bool past_input(struct debug *d) {
  if (model_position(d) == timeline_latest(d->t)) return fail(d, "Memory is short: not all of it was typed.");
  return fail(d, "This is the past, and its input is fixed: `fork` here, or `goto end` first.");
}

bool model_can_type(struct debug *d) {
  if (model_position(d) < timeline_latest(d->t)) return past_input(d);
  return !d->ended || fail(d, "The machine has stopped and reads no input.");
}

bool model_type_bytes(struct debug *d, const char *bytes, size_t n) {
  if (!timeline_input(d->t, bytes, n)) return past_input(d);
  d->idle = false;
  return true;
}

bool model_type(struct debug *d, const char *text) {
  char *bytes = must(malloc(strlen(text) + 1));
  size_t n = 0;
  for (; *text; text++) {
    bool escaped = *text == '\\' && text[1];
    if (escaped) text++;
    bytes[n++] = !escaped ? *text : *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
  }
  bool ok = model_type_bytes(d, bytes, n) && say(d, "Typed %zu byte%s.", n, n == 1 ? "" : "s");
  free(bytes);
  return ok;
}

/* ---- the commands ---- */

bool command_type(struct debug *d, struct call c) { return model_type(d, c.text); }

bool command_hangup(struct debug *d, struct call c) {
  (void)c;
  return timeline_hangup(d->t) ? say(d, "The console has hung up.") : past_input(d);
}

bool command_fork(struct debug *d, struct call c) {
  (void)c;
  timeline_fork(d->t);
  index_forget(d);
  return say(d, "A new future begins here.");
}
