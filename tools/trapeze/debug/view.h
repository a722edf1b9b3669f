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
  FOUND, /* by a search */
  CODE_KEYWORD,
  CODE_TEXT, /* a string or a character */
  CODE_NUMBER,
  CODE_COMMENT,
  LANE_APP,
  LANE_GUEST,
  LANE_VMM,
  LANE_HOST,
  STYLES
};

/* How a style looks on a terminal: at the screen, and in a recording of it (styles.c). */
enum look_colour {
  LOOK_NO_COLOUR = -1,
  LOOK_YELLOW = 3,
  LOOK_BLUE = 4,
  LOOK_CYAN = 6
}; /* numbers of ANSI and curses */
struct appearance {
  bool bold, underlined, reversed, dim;
  enum look_colour colour;
};
extern const struct appearance style_appearance[STYLES];

#define CELL_BEHIND_WIDE UINT32_MAX /* the second column of the wide character before it */
struct cell {
  uint32_t ch;   /* 0 = nothing was written */
  uint32_t mark; /* a character that is shown over `ch`, such as an accent; 0 = none */
  uint8_t style;
};

/* A rectangle, through which a part of a pane's content is seen. Rows of the content are numbered; row 0 is the
 * top one of what the pane shows unless it is scrolled, so that rows above have negative numbers. */
struct cells {
  int width, height;
  bool ascii;        /* only ASCII may be used */
  struct cell *cell; /* row by row */
  int scroll, shift; /* numbers of the content's row at the top, and of its column at the left */
  int columns;       /* that were written, also those that are out of sight */
  int first, rows;   /* the content has at least rows `first` (at most 0) to `rows` - 1 */
  int window;        /* the pane's height, which is not `height` when more than the pane is looked through */
  struct cells *title; /* one row, into which a pane writes behind its name; NULL = not wanted */
};
struct cells *cells_new(int width, int height, bool ascii);
void cells_free(struct cells *c);
/* Writes UTF-8 text; what does not fit is cut off. Returns the column after the text. */
int cells_put(struct cells *c, int row, int column, enum style style, const char *text);
__attribute__((format(printf, 5, 6))) int cells_printf(struct cells *c, int row, int column, enum style style,
                                                       const char *format, ...);
/* Writes one character; returns the column after it. */
int cells_put_char(struct cells *c, int row, int column, enum style style, uint32_t ch);
/* Takes note that the content has this row, without writing anything. */
void cells_reach(struct cells *c, int row);
/* Writes text in as many rows as it takes, broken at newlines and blanks; returns the row after the text. */
int cells_wrap(struct cells *c, int row, int column, enum style style, const char *text);
/* Makes all of them blanks. */
void cells_fill(struct cells *c, enum style style);
/* The first column from `from` on where row `y` of the buffer (not of the content) has the text, whatever the
 * case of its letters; -1 = none. */
int cells_find(const struct cells *c, int y, int from, const char *text);
/* Gives the style FOUND to the text wherever it stands. */
void cells_mark(struct cells *c, const char *text);
/* Prints the cells as lines of UTF-8 or ASCII, without blanks at the ends of lines. */
void cells_print(const struct cells *c, FILE *out);
/* The same with the styles, as escape sequences of a terminal (ECMA-48, SGR). */
void cells_print_styled(const struct cells *c, FILE *out);
/* Encodes a character; returns the number of bytes, at most 4. */
size_t utf8_put(uint32_t ch, char *buf);
/* The character at *text, which must not be at the end; moves *text behind it. */
uint32_t utf8_next(const char **text);
/* The columns that a terminal gives to a character: 0 for an accent of its own, 2 for a wide one. */
int utf8_columns(uint32_t ch);

/* ---- the panes ---- */
enum pane {
  PANE_CODE,
  PANE_CPU,
  PANE_TRAPS,
  PANE_MMU,
  PANE_MEMORY,
  PANE_CONSOLE,
  PANE_WHY,
  PANE_REGISTERS,
  PANE_LOCALS,
  PANE_UNIT,
  PANES
};
/* render writes at least the rows of the content that are seen, those that are there; and takes note of as many
 * others (cells_reach) as scrolling needs to know: a row before and after those that are seen, if there is one. */
struct pane_row {
  const char *name;  /* for `info` */
  const char *title; /* the beginning of its title row */
  bool ruled;        /* the rest of the title row is a line */
  void (*render)(struct debug *d, struct cells *c);
};
extern const struct pane_row pane_rows[PANES];
/* A pane's content, scrolled by *scroll rows and *shift columns, or by as much of that as the content allows;
 * cells_free frees it. `shift` and `title` may be NULL. */
struct cells *pane_render(struct debug *d, enum pane pane, int width, int height, bool ascii, int *scroll,
                          int *shift, struct cells *title);
/* Looks for the text in rows of a pane of that size, from row *row on upwards (direction -1) or downwards, through
 * PANE_FIND_ROWS of them. FIND_ON: *row is where to go on. FIND_HERE: *column is where it begins. */
enum find { FIND_NOWHERE, FIND_HERE, FIND_ON };
#define PANE_FIND_ROWS 512
enum find pane_find(struct debug *d, enum pane pane, int width, int height, const char *text, int direction,
                    int *row, int *column);
/* Writes a pane as text to d->out. */
void pane_print(struct debug *d, enum pane pane);
/* A command's answer is in this pane: on the screen it is selected. */
void pane_select(struct debug *d, enum pane pane);

void view_code(struct debug *d, struct cells *c);
/* False, with nothing written: no source is known here. */
bool view_source(struct debug *d, struct cells *c);
void view_cpu(struct debug *d, struct cells *c);
void view_registers(struct debug *d, struct cells *c);
void view_locals(struct debug *d, struct cells *c);
void view_unit(struct debug *d, struct cells *c);
void view_traps(struct debug *d, struct cells *c);
void view_mmu(struct debug *d, struct cells *c);
void view_memory(struct debug *d, struct cells *c);
void view_console(struct debug *d, struct cells *c);
void view_why(struct debug *d, struct cells *c);
/* One row that stands for the whole run, with a mark at the current position;
 * and the position of a column. */
void view_timeline(struct debug *d, struct cells *c);
uint64_t timeline_column(struct debug *d, int width, int column);
/* The event in a row of the traps pane's content when the pane has this height (without its title); 0 = none. */
uint64_t traps_row(struct debug *d, int height, int row);
/* The frame that view_locals has drawn at a row of its content; -1 if there is none. */
int locals_frame(int row);

/* ---- highlight.c ---- */

enum language { LANGUAGE_C, LANGUAGE_ASSEMBLY };
/* By the end of the file's name. */
enum language highlight_language(const char *file);
/* Writes a line of source code, its words in their styles; returns the column after it. *in_comment: the line
 * begins, and the next one begins, inside a comment. `c` may be NULL: only *in_comment changes. */
int highlight_line(struct cells *c, int row, int column, enum language language, const char *line,
                   bool *in_comment);

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
#define REGISTER_ROWS 11    /* of the registers pane, three registers to a row ... */
#define REGISTER_COLUMNS 13 /* ... which take so many columns each */
/* The rectangles for a screen of this size. Pane `wanted` is among them; with `zoom` it is the only pane.
 * Rectangles do not overlap, and they fill the screen. */
struct layout layout_of(int rows, int columns, enum pane wanted, bool zoom);

/* ---- compose.c ---- */
#define HINT "e/E list step  l/L list  t/T trap  s/S n/N f/F c/C  g go to  : command  ? help"
#define SHORT_HINT "e/E list step  t/T trap  s/S n/N f/F c/C  : command  ? help"
struct look {         /* how the reader looks at the panes */
  int scroll[PANES];  /* by how many rows each has been scrolled; negative: up */
  int shift[PANES];   /* by how many columns */
  const char *found;  /* a text that is marked ... */
  enum pane found_in; /* ... in this pane; NULL = none */
};
/* Writes the whole screen into `c`; look->scroll and shift are brought to what the panes allow. `look` may be NULL: no pane is
 * scrolled. Returns the layout. */
struct layout compose(struct debug *d, struct cells *c, struct look *look);

#endif
