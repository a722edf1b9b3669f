/* scroll.c - scrolling and searching in the panes. */
#include <limits.h>
#include <string.h>

#include "screen.h"

#define FAR (INT_MAX / 4) /* rows; further than any pane reaches */

int scroll_height(enum pane p) { return screen.l.pane[p].height ? screen.l.pane[p].height - 1 : 0; }

static int width_of(enum pane p) { return screen.l.pane[p].width - (screen.l.pane[p].column > 0); }

void scroll_pane(enum pane p, int rows) {
  int *n = &screen.look.scroll[p];
  *n = rows < 0 ? (*n < -FAR ? *n : *n + rows) : *n > FAR ? *n : *n + rows;
}

void scroll_to_end(enum pane p, int direction) { screen.look.scroll[p] = direction * FAR; }

void scroll_columns(enum pane p, int columns) {
  int *n = &screen.look.shift[p];
  *n = *n + columns < 0 ? 0 : *n > FAR ? *n : *n + columns;
}

void scroll_home(void) {
  memset(screen.look.scroll, 0, sizeof screen.look.scroll);
  memset(screen.look.shift, 0, sizeof screen.look.shift);
  screen.look.found = NULL;
}

/* Where the panes count their rows from. */
struct origin {
  uint64_t position, output;
  uint32_t memory;
  unsigned frame;
  bool source, physical, all;
};

static struct origin origin_now(void) {
  const struct debug *d = screen.d;
  struct origin o;
  size_t output;
  memset(&o, 0, sizeof o);
  timeline_output(d->t, &output);
  o.position = model_position(d), o.output = output;
  o.memory = d->memory, o.frame = frame_number(d);
  o.source = d->source, o.physical = d->memory_physical, o.all = d->all;
  return o;
}

void scroll_after_move(void) {
  static struct origin last;
  const struct origin now = origin_now();
  const int memory = screen.look.scroll[PANE_MEMORY];
  const bool same_memory = now.memory == last.memory && now.physical == last.physical;
  if (memcmp(&now, &last, sizeof now) != 0) {
    scroll_home();
    if (same_memory) screen.look.scroll[PANE_MEMORY] = memory; /* its address is the reader's choice */
  }
  last = now;
}

/* ---- searching ---- */

/* Looks on until the text is found, the content ends or Ctrl-C comes. */
static bool find_from(enum pane p, int direction, int *row, int *column) {
  const double began = terminal_now();
  enum find found = FIND_ON;
  while (found == FIND_ON && !screen.interrupted) {
    found = pane_find(screen.d, p, width_of(p), scroll_height(p), screen.found, direction, row, column);
    if (terminal_now() - began > 0.2) terminal_say("Searching. Ctrl-C stops that.");
  }
  return found == FIND_HERE;
}

static void say_nowhere(enum pane p, int direction) {
  if (screen.interrupted)
    say(screen.d, "Interrupted.");
  else
    say(screen.d, "No %s row of %s has '%s'.", direction > 0 ? "later" : "earlier", pane_rows[p].title,
        screen.found);
  screen.interrupted = 0;
}

/* Scrolls so that the text at a column is seen. */
static void show_column(enum pane p, int column, int length) {
  int *shift = &screen.look.shift[p];
  if (column < *shift || column + length > *shift + width_of(p))
    *shift = column + length > width_of(p) ? column + length - width_of(p) : 0;
}

void scroll_search(int direction, bool again) {
  const enum pane p = (enum pane)screen.d->pane;
  const int height = scroll_height(p), top = screen.look.scroll[p];
  if (!*screen.found || !height) {
    say(screen.d, "Nothing was searched for.");
    return;
  }
  const bool known = again && screen.look.found && screen.look.found_in == p;
  int column = 0, row = known ? screen.found_row + direction : direction > 0 ? top : top + height - 1;
  if (!find_from(p, direction, &row, &column)) {
    say_nowhere(p, direction);
    return;
  }
  show_column(p, column, (int)strlen(screen.found));
  screen.found_row = row;
  if (row < top || row >= top + height) screen.look.scroll[p] = row - height / 2;
  screen.look.found = screen.found;
  screen.look.found_in = p;
  say(screen.d, "n: the next row with '%s'  N: the previous one  Escape: back to here", screen.found);
}
