/* command_look.c - the commands that show something and leave the session where it is. */
#include <string.h>

#include "view.h"

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
