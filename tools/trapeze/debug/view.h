/* view.h - what each pane shows, as buffers of cells; no terminal is needed. */
#ifndef VIEW_H
#define VIEW_H

#include "debug.h"

/* A style says what a cell means. terminal.c gives it a colour; what a colour says, a sign in the text also
 * says. */
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
  int rows;          /* rows that were written, also those beyond `height`: scrolling needs to know */
  int scroll;        /* rows that are scrolled out of sight at the top */
};

struct cells *cells_new(int width, int height, bool ascii);
void cells_free(struct cells *c);
/* Writes UTF-8 text; what does not fit is cut off. Returns the column after the text. */
int cells_put(struct cells *c, int row, int column, enum style style, const char *text);
__attribute__((format(printf, 5, 6))) int cells_printf(struct cells *c, int row, int column, enum style style,
                                                       const char *format, ...);
/* Writes text in as many rows as it takes, broken at blanks; returns the row after the text. */
int cells_wrap(struct cells *c, int row, int column, enum style style, const char *text);
/* Prints the cells as lines of UTF-8 or ASCII, without blanks at the ends of lines. */
void cells_print(const struct cells *c, FILE *out);
/* Encodes a character; returns the number of bytes, at most 4. */
size_t utf8_put(uint32_t ch, char *buf);

/* ---- the panes ---- */
enum pane { PANE_CODE, PANE_CPU, PANE_TRAPS, PANE_MMU, PANE_MEMORY, PANE_CONSOLE, PANE_WHY, PANES };
struct pane_row {
  const char *name, *title; /* title NULL: the pane's first row serves as its title */
  void (*render)(struct debug *d, struct cells *c);
};
extern const struct pane_row pane_rows[PANES];
/* Writes a pane as text to d->out. */
void pane_print(struct debug *d, enum pane pane);

void view_code(struct debug *d, struct cells *c);
void view_cpu(struct debug *d, struct cells *c);
void view_traps(struct debug *d, struct cells *c);
void view_mmu(struct debug *d, struct cells *c);
void view_memory(struct debug *d, struct cells *c);
void view_console(struct debug *d, struct cells *c);
void view_why(struct debug *d, struct cells *c);
/* One row that stands for the whole run, with a mark at the current position;
 * and the position of a column. */
void view_timeline(struct debug *d, struct cells *c);
uint64_t timeline_column(struct debug *d, int width, int column);
/* The event in a row of the traps pane when it has this height; 0 = none. */
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
/* The rectangles for a screen of this size. Pane `wanted` is among them; with `zoom` it is the only pane.
 * Rectangles do not overlap, and they fill the screen. */
struct layout layout_of(int rows, int columns, enum pane wanted, bool zoom);

/* ---- compose.c ---- */
#define HINT "e/E list step  l/L list  t/T trap  s/S n/N f/F c/C  g go to  : command  ? help"
/* Writes the whole screen into `c`. scroll[p] rows of pane p are scrolled out of sight; scroll[p] is lowered
 * if the pane has fewer rows. Returns the layout. */
struct layout compose(struct debug *d, struct cells *c, int scroll[PANES]);

#endif
