/* command_look.c - the commands that show something and leave the session where it is. */
#include <string.h>

#include "view.h"

static void print_pane(struct debug *d, enum pane pane) {
  static const int heights[PANES] = {14, 18, 14, 16, 8, 24, 8};
  struct cells *c = cells_new(80, heights[pane], true);
  pane_rows[pane].render(d, c);
  cells_print(c, d->out);
  cells_free(c);
}

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
            s->list == LIST_SYSCALL ? "system call" : "TLB fault",
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

static void show_registers(struct debug *d) { print_pane(d, PANE_CPU); }
static void show_events(struct debug *d) { print_pane(d, PANE_TRAPS); }

/* What `info` knows beside the panes and `locals`. */
static const struct {
  const char *name;
  void (*show)(struct debug *d);
} subjects[] = {
    {"", show_status},       {"status", show_status},     {"registers", show_registers},
    {"events", show_events}, {"lanes", list_lanes},       {"lists", list_lists},
    {"b", stops_list},       {"breakpoints", stops_list}, {"bookmarks", list_bookmarks},
};

bool command_info(struct debug *d, struct call c) {
  if (strcmp(c.args, "locals") == 0) return say_nothing(d), source_locals(d);
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
    if (strcmp(c.args, subjects[i].name) == 0) return subjects[i].show(d), say_nothing(d);
  for (enum pane p = 0; p < PANES; p++)
    if (strcmp(c.args, pane_rows[p].name) == 0) return print_pane(d, p), say_nothing(d);
  return fail(d, "info: there is no '%s'; `help info` lists what there is.", c.args);
}

bool command_print(struct debug *d, struct call c) {
  const char *a = c.args;
  char text[400];
  uint32_t value;
  if (!*a) return fail(d, "print: expected a register, an address or a variable.");
  if (source_print(d, a, text, sizeof text)) return say(d, "%s = %s", a, text);
  if (!expr_value(d, a, &value))
    return fail(d, "print: there is no '%s' here, or it has been optimized out.", a);
  image_symbol(image_of(d, recorder_current(timeline_recorder(d->t))), value, text, sizeof text);
  return say(d, "%s = 0x%08x = %u%s%s", a, value, value, *text && value > 4095 ? " = " : "",
             value > 4095 ? text : "");
}

bool command_examine(struct debug *d, struct call c) {
  const char *a = c.args;
  bool physical = strncmp(a, "phys ", 5) == 0;
  uint32_t address;
  const bool variable = source_hides_register(d, a) && source_address(d, a, &address);
  if (!variable && !expr_value(d, physical ? a + 5 : a, &address) && !source_address(d, a, &address))
    return fail(d, "x: expected an address, not '%s'.", a);
  d->memory = address & ~3u;
  d->memory_physical = physical;
  d->moved = false;
  print_pane(d, PANE_MEMORY);
  d->pane = PANE_MEMORY;
  return say_nothing(d);
}

bool command_walk(struct debug *d, struct call c) {
  const char *a = c.args;
  if (!expr_value(d, a, &d->walk)) return fail(d, "walk: expected an address, not '%s'.", a);
  d->walk_set = true;
  d->pane = PANE_MMU;
  print_pane(d, PANE_MMU);
  return say_nothing(d);
}
bool command_screen(struct debug *d, struct call c) {
  const char *a = c.args;
  int columns = 80, rows = 24, scroll[PANES] = {0};
  if (*a &&
      (sscanf(a, "%dx%d", &columns, &rows) != 2 || columns < 1 || rows < 1 || columns > 500 || rows > 500))
    return fail(d, "screen: expected COLUMNSxROWS, for example 80x24.");
  struct cells *cells = cells_new(columns, rows, false);
  compose(d, cells, scroll);
  cells_print(cells, d->out);
  cells_free(cells);
  return say_nothing(d);
}

bool command_list(struct debug *d, struct call c) {
  (void)c;
  print_pane(d, PANE_CODE);
  return say_nothing(d);
}

bool command_why(struct debug *d, struct call c) {
  char text[1024];
  (void)c;
  model_why(d, text, sizeof text);
  fprintf(d->out, "%s\n", text);
  d->pane = PANE_WHY;
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
