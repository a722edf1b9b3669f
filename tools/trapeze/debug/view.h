/* view.h - panes as buffers of cells: what a pane shows, without a terminal. */
#ifndef VIEW_H
#define VIEW_H

#include "debug.h"

/* Styles say what a cell means; screen.c gives them colours, and each also has a sign of its own in the text.
 */
enum style {
  PLAIN,
  TITLE,
  FOCUS,
  DIM,
  STRONG,
  CURRENT,
  CHANGED,
  DIFFERS,
  MISS,
  GOOD,
  LANE_APP,
  LANE_GUEST,
  LANE_VMM,
  LANE_HOST,
  STYLES
};

struct cell {
  uint32_t ch;
  uint8_t style;
};
struct cells {
  int width, height;
  bool ascii;        /* only ASCII may be used */
  struct cell *cell; /* row by row */
  int rows;          /* rows that were written, beyond `height` too: what scrolling needs */
  int scroll;        /* rows hidden above */
};

struct cells *cells_new(int width, int height, bool ascii);
void cells_free(struct cells *c);
/* Writes UTF-8 text; what does not fit is cut off. Returns the column after it. */
int cells_put(struct cells *c, int row, int column, enum style style, const char *text);
__attribute__((format(printf, 5, 6))) int cells_printf(struct cells *c, int row, int column, enum style style,
                                                       const char *format, ...);
/* Text broken at blanks; returns the row after it. */
int cells_wrap(struct cells *c, int row, int column, enum style style, const char *text);
/* As lines of UTF-8 or ASCII, without blanks at their ends. */
void cells_print(const struct cells *c, FILE *out);
size_t utf8_put(uint32_t ch, char *buf); /* bytes, at most 4 */

/* ---- the panes ---- */
enum pane { PANE_CODE, PANE_CPU, PANE_TRAPS, PANE_MMU, PANE_MEMORY, PANE_CONSOLE, PANE_WHY, PANES };
struct pane_row {
  const char *name, *title; /* title NULL: the pane's first row is one */
  void (*render)(struct debug *d, struct cells *c);
};
extern const struct pane_row pane_rows[PANES];

void view_code(struct debug *d, struct cells *c);
void view_cpu(struct debug *d, struct cells *c);
void view_traps(struct debug *d, struct cells *c);
void view_mmu(struct debug *d, struct cells *c);
void view_memory(struct debug *d, struct cells *c);
void view_console(struct debug *d, struct cells *c);
void view_why(struct debug *d, struct cells *c);
/* One row: the whole run, where we are on it, and where a column leads. */
void view_timeline(struct debug *d, struct cells *c);
uint64_t timeline_column(struct debug *d, int width, int column);
/* The event in a row of the traps pane that was rendered with this height; 0 = none. */
uint64_t traps_row(struct debug *d, int height, int row);

/* ---- layout.c ---- */
struct rect {
  int row, column, height, width;
}; /* height 0: not shown */
struct layout {
  bool too_small;
  struct rect status, timeline, message, pane[PANES]; /* panes: with their title row */
};
#define LAYOUT_MIN_COLUMNS 60
#define LAYOUT_MIN_ROWS 16
/* Rectangles for a screen of that size: `wanted` is shown if anything is; zoomed, it is alone. Rectangles do
 * not overlap and fill the screen. */
struct layout layout_of(int rows, int columns, enum pane wanted, bool zoom);

/* ---- compose.c ---- */
#define HINT "e/E list step  l/L list  t/T trap  s/S n/N f/F c/C  g go to  : command  ? help"
/* The whole screen, as large as `c`; scroll[p] rows of each pane are hidden above. */
struct layout compose(struct debug *d, struct cells *c, int scroll[PANES]);

#endif
