/* mouse.c - clicks and the wheel, which means the pane under the pointer. */
#define _GNU_SOURCE /* strdup */
#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

#define WHEEL_ROWS 3

static bool inside(struct rect r, int row, int column) {
  return row >= r.row && row < r.row + r.height && column >= r.column && column < r.column + r.width;
}

static void go_to_column(int column) {
  if (model_go(screen.d, timeline_column(screen.d, screen.l.timeline.width, column))) say(screen.d, "%s", "");
}

/* On the time line the wheel moves by a column. */
static void wheel(int row, int column, int direction) {
  if (inside(screen.l.timeline, row, column)) {
    const uint64_t here = model_position(screen.d),
                   by = timeline_column(screen.d, screen.l.timeline.width, 1);
    const uint64_t latest = timeline_latest(screen.d->t), ahead = here + by < latest ? here + by : latest;
    if (model_go(screen.d, direction > 0 ? ahead : here > by ? here - by : 0)) say(screen.d, "%s", "");
  }
  for (enum pane p = 0; p < PANES; p++)
    if (inside(screen.l.pane[p], row, column)) scroll_pane(p, direction * WHEEL_ROWS);
}

/* A frame of the locals pane becomes the one that is looked at. */
static void choose_frame(int row) {
  char command[24], *answer;
  const int frame = locals_frame(row);
  if (frame < 0) return;
  snprintf(command, sizeof command, "frame %d", frame);
  if (!command_run_line(screen.d, command)) return;
  answer = must(strdup(screen.d->answer));
  pager_drop_answer();
  answer[strcspn(answer, "\n")] = 0;
  say(screen.d, "%s", answer);
  free(answer);
}

static void click(int row, int column) {
  if (inside(screen.l.timeline, row, column)) {
    go_to_column(column);
    return;
  }
  for (enum pane p = 0; p < PANES; p++) {
    struct rect r = screen.l.pane[p];
    if (!inside(r, row, column)) continue;
    uint64_t event = 0;
    if (p == PANE_TRAPS && row > r.row)
      event = traps_row(screen.d, r.height - 1, row - r.row - 1 + screen.look.scroll[p]);
    screen.d->pane = p;
    say(screen.d, "%s", "");
    if (event) model_event(screen.d, event);
    if (p == PANE_LOCALS) choose_frame(row - r.row - 1 + screen.look.scroll[p]);
  }
}

static int wheel_of(const MEVENT *e) {
  return e->bstate & BUTTON4_PRESSED ? -1 : e->bstate & BUTTON5_PRESSED ? 1 : 0;
}

int mouse_wheel(void) {
  MEVENT e;
  return getmouse(&e) == OK ? wheel_of(&e) : 0;
}

void mouse_event(void) {
  MEVENT e;
  if (getmouse(&e) != OK) return;
  if (wheel_of(&e))
    wheel(e.y, e.x, wheel_of(&e));
  else
    click(e.y, e.x);
}
