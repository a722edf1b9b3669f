/* command_move.c - the commands that move, bookmarks included. */
#include <ctype.h>
#include <string.h>

#include "crash.h"

/* ---- bookmarks ---- */

static bool is_mark(const char *a) { return isalpha((unsigned char)a[0]) && !a[1]; }
static unsigned mark_index(char letter) {
  return letter >= 'a' ? (unsigned)(letter - 'a') : (unsigned)(letter - 'A') + 26;
}

bool command_mark(struct debug *d, struct call c) {
  const char *a = c.args;
  if (!is_mark(a)) return fail(d, "mark: expected one letter, the name of the bookmark.");
  d->bookmark[mark_index(*a)] = model_position(d) + 1;
  return say(d, "Bookmark %c is here; `'%c` returns to it.", *a, *a);
}

static bool to_mark(struct debug *d, const char *a) {
  if (*a == '\'') a++;
  if (!is_mark(a) || !d->bookmark[mark_index(*a)])
    return fail(d, "There is no bookmark '%s'; `mark %s` sets one.", a, a);
  return model_go(d, d->bookmark[mark_index(*a)] - 1) && say(d, "At bookmark %c.", *a);
}

bool command_back_to(struct debug *d, struct call c) { return to_mark(d, c.args); }

/* ---- by number, event and source ---- */

bool command_goto(struct debug *d, struct call c) {
  const char *a = c.args;
  uint64_t n;
  if (*a == '\'') return to_mark(d, a);
  if (strcmp(a, "start") == 0)
    return model_go(d, d->start) && say(d, "The first instruction of the program.");
  if (strcmp(a, "reset") == 0) return model_go(d, 0) && say(d, "Reset.");
  if (strcmp(a, "end") == 0) return model_end(d);
  if (*a == '#' && number_of(a + 1, &n)) return model_event(d, n);
  if (number_of(a, &n)) return model_go(d, n) && say(d, "At step %llu.", (unsigned long long)n);
  return fail(d, "goto: expected #EVENT, a number of steps, 'BOOKMARK, start, end or reset.");
}

/* How many times; 0 = not a number. */
static int64_t count(const char *a) {
  uint64_t n;
  return number_of(a, &n) && n <= INT64_MAX ? (int64_t)n : *a ? 0 : 1;
}

static bool no_count(struct debug *d, const char *command, const char *a) {
  return fail(d, "%s: expected how many times, not '%s'.", command, a);
}

bool command_stepi(struct debug *d, struct call c) {
  int64_t n = count(c.args);
  return n ? model_step(d, c.direction * n) : no_count(d, "stepi", c.args);
}

bool command_nexti(struct debug *d, struct call c) {
  int64_t n = count(c.args);
  return n ? model_instructions_over(d, c.direction, (uint64_t)n) : no_count(d, "nexti", c.args);
}

bool command_step(struct debug *d, struct call c) {
  int64_t n = count(c.args);
  return n ? model_lines(d, c.direction, (uint64_t)n, true) : no_count(d, "step", c.args);
}

bool command_next(struct debug *d, struct call c) {
  int64_t n = count(c.args);
  return n ? model_lines(d, c.direction, (uint64_t)n, false) : no_count(d, "next", c.args);
}

bool command_trap(struct debug *d, struct call c) { return model_trap(d, c.direction); }
bool command_event(struct debug *d, struct call c) { return model_list_step(d, c.direction); }
bool command_lecture(struct debug *d, struct call c) { return model_list(d, c.direction); }
bool command_finish(struct debug *d, struct call c) { return model_finish(d, c.direction); }

/* N times: each stop but the last is passed over. A death ends it. */
bool command_continue(struct debug *d, struct call c) {
  const int64_t n = count(c.args);
  if (!n) return fail(d, "continue: expected how many times, not '%s'.", c.args);
  for (int64_t i = 1; i < n; i++) {
    if (!model_continue(d, c.direction)) return false;
    if (crash_is_here(d)) return true;
    stops_sweep(d);
  }
  return model_continue(d, c.direction);
}
