/* command_look.c - the commands that show something and leave the session where it is. */
#include <string.h>

#include "eval/eval.h"
#include "view.h"

static void list_lanes(struct debug *d) {
  static const char *const kinds[] = {"kernel", "process", "user", "idle"};
  for (uint32_t i = 0; i < d->nlanes; i++)
    fprintf(d->out, "%-24s depth %u  %s\n", d->lanes[i].name, d->lanes[i].depth, kinds[d->lanes[i].kind]);
}

static void list_lists(struct debug *d) {
  uint64_t seen = 0;
  for (size_t i = 0; i < d->nlists; i++) {
    const struct list_stop *s = &d->lists[i];
    if (s->event != s->list_event || s->event == seen) continue;
    seen = s->event;
    fprintf(d->out, "#%-8llu level %u  %-12s %s, %s\n", (unsigned long long)s->event, s->level,
            s->list == LIST_SYSCALL ? "system call"
            : s->list == LIST_TLB   ? "TLB fault"
                                    : "protection",
            model_lane_name(d, d->notes[s->event - 1].from), pg32_cause_name(d->notes[s->event - 1].cause));
  }
}

static void list_bookmarks(struct debug *d) {
  for (unsigned i = 0; i < BOOKMARKS; i++)
    if (d->bookmark[i])
      fprintf(d->out, "%c  step %llu\n", i < 26 ? (int)('a' + i) : (int)('A' + i - 26),
              (unsigned long long)d->bookmark[i] - 1);
}

static void show_status(struct debug *d) {
  char text[512];
  model_status(d, text, sizeof text);
  fprintf(d->out, "%s\n", text);
}

static void show_registers(struct debug *d) { pane_print(d, PANE_CPU); }
static void show_events(struct debug *d) { pane_print(d, PANE_TRAPS); }

/* What `info` knows beside the panes, `locals` and `args`. */
static const struct {
  const char *name;
  void (*show)(struct debug *d);
} subjects[] = {
    {"", show_status},       {"status", show_status},     {"registers", show_registers},
    {"events", show_events}, {"lanes", list_lanes},       {"lists", list_lists},
    {"b", stops_list},       {"breakpoints", stops_list}, {"bookmarks", list_bookmarks},
};

bool command_info(struct debug *d, struct call c) {
  if (strcmp(c.args, "locals") == 0) return say_nothing(d), eval_locals(d, false);
  if (strcmp(c.args, "args") == 0) return say_nothing(d), eval_locals(d, true);
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
    if (strcmp(c.args, subjects[i].name) == 0) return subjects[i].show(d), say_nothing(d);
  for (enum pane p = 0; p < PANES; p++)
    if (strcmp(c.args, pane_rows[p].name) == 0) return pane_print(d, p), say_nothing(d);
  return fail(d, "info: there is no '%s'; `help info` lists what there is.", c.args);
}

bool command_walk(struct debug *d, struct call c) {
  const char *a = c.args;
  if (!expr_value(d, a, &d->walk)) return fail(d, "walk: expected an address, not '%s'.", a);
  d->walk_set = true;
  pane_select(d, PANE_MMU);
  pane_print(d, PANE_MMU);
  return say_nothing(d);
}
bool command_screen(struct debug *d, struct call c) {
  const char *a = c.args;
  int columns = 80, rows = 24;
  if (*a &&
      (sscanf(a, "%dx%d", &columns, &rows) != 2 || columns < 1 || rows < 1 || columns > 500 || rows > 500))
    return fail(d, "screen: expected COLUMNSxROWS, for example 80x24.");
  struct cells *cells = cells_new(columns, rows, false);
  compose(d, cells, NULL);
  cells_print(cells, d->out);
  cells_free(cells);
  return say_nothing(d);
}

bool command_list(struct debug *d, struct call c) {
  (void)c;
  pane_print(d, PANE_CODE);
  return say_nothing(d);
}

bool command_why(struct debug *d, struct call c) {
  char text[1024];
  (void)c;
  model_why(d, text, sizeof text);
  fprintf(d->out, "%s\n", text);
  pane_select(d, PANE_WHY);
  return say_nothing(d);
}

bool command_bt(struct debug *d, struct call c) {
  (void)c;
  return source_backtrace(d);
}

bool command_all(struct debug *d, struct call c) {
  (void)c;
  d->all = !d->all;
  return say(d, d->all ? "All events." : "Only the steps of the current list.");
}
