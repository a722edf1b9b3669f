/* compose.c - the whole screen as cells: panes, status line, time line and message. screen.c shows it,
 * export.c records it. */
#include <string.h>

#include "view.h"

static void paste(struct cells *to, const struct cells *from, struct rect r) {
  for (int y = 0; y < r.height && r.row + y < to->height; y++)
    for (int x = 0; x < r.width && r.column + x < to->width; x++)
      to->cell[(r.row + y) * to->width + r.column + x] = from->cell[y * from->width + x];
}

static void text_row(struct cells *c, struct rect r, enum style style, const char *text) {
  struct cells *line = cells_new(r.width, 1, c->ascii);
  cells_fill(line, style);
  cells_put(line, 0, 0, style, text);
  paste(c, line, r);
  cells_free(line);
}

/* ---- one pane ---- */

/* `scroll` within what the content allows. */
static int within(const struct cells *c, int scroll) {
  const int most = c->rows - c->height > c->first ? c->rows - c->height : c->first;
  return scroll < c->first ? c->first : scroll > most ? most : scroll;
}

/* `shift` within the columns that were written. */
static int within_columns(const struct cells *c, int shift) {
  const int most = c->columns > c->width ? c->columns - c->width : 0;
  return shift < 0 ? 0 : shift > most ? most : shift;
}

static struct cells *render_once(struct debug *d, enum pane pane, struct cells *c, int scroll, int shift,
                                 struct cells *title) {
  c->scroll = scroll;
  c->shift = shift;
  c->title = title;
  if (title) {
    memset(title->cell, 0, (size_t)title->width * sizeof *title->cell);
    title->shift = pane_rows[pane].ruled ? 0 : shift; /* else it is the head of a table */
  }
  pane_rows[pane].render(d, c);
  return c;
}

struct cells *pane_render(struct debug *d, enum pane pane, int width, int height, bool ascii, int *scroll,
                          int *shift, struct cells *title) {
  int none = 0;
  if (!shift) shift = &none;
  for (;;) {
    struct cells *c = render_once(d, pane, cells_new(width, height, ascii), *scroll, *shift, title);
    const int row = within(c, *scroll), column = within_columns(c, *shift);
    if (row == *scroll && column == *shift) return c;
    *scroll = row;
    *shift = column;
    cells_free(c);
  }
}

/* The name of the pane stands before what the pane has written into its title. */
static void finish_title(struct cells *title, enum pane p, bool selected) {
  title->shift = 0;
  for (int x = 0; pane_rows[p].ruled && x < title->width; x++)
    if (!title->cell[x].ch) cells_put(title, 0, x, DIM, "─");
  cells_put(title, 0, 0, selected ? FOCUS : TITLE, pane_rows[p].title);
}

/* Is there nothing in the title's column but perhaps a line? */
static bool is_free(const struct cells *title, int x) {
  const uint32_t ch = title->cell[x].ch;
  return ch <= ' ' || ch == 0x2500 || (ch == '=' && title->ascii);
}

/* At the right end of the title: is there more on the right of what is seen, above it or below it? */
static void show_more(struct cells *title, const struct cells *c) {
  const int end = c->scroll + c->height, x = title->width - 3;
  const bool more[3] = {c->columns - c->shift > c->width, c->first<c->scroll, c->rows> end};
  static const char *const signs[3] = {"→", "↑", "↓"};
  for (int i = 0; i < 3; i++)
    if (x < 0 || !is_free(title, x + i)) return;
  for (int i = 0; i < 3; i++)
    if (more[i]) cells_put(title, 0, x + i, DIM, signs[i]);
}

static void show_pane(struct debug *d, struct cells *c, enum pane p, struct rect r, struct look *look) {
  const int gap = r.column > 0;
  struct cells *title = cells_new(r.width - gap, 1, c->ascii);
  struct cells *content =
      pane_render(d, p, r.width - gap, r.height - 1, c->ascii, &look->scroll[p], &look->shift[p], title);
  if (look->found && look->found_in == p) cells_mark(content, look->found);
  finish_title(title, p, p == d->pane);
  show_more(title, content);
  paste(c, title, (struct rect){r.row, r.column + gap, 1, r.width - gap});
  paste(c, content, (struct rect){r.row + 1, r.column + gap, r.height - 1, r.width - gap});
  cells_free(title);
  cells_free(content);
}

/* The columns of a pane as text: a unit is two programs side by side, with notes. */
static int print_columns(enum pane pane) { return pane == PANE_UNIT ? 120 : 80; }

/* All rows of a pane whose rows are not too many; of the others, those that are seen at home. */
static struct cells *render_for_print(struct debug *d, enum pane pane, struct cells *title) {
  static const int heights[PANES] = {14, 17, 13, 16, 8, 24, 8, 16, 24, 60};
  const bool whole = pane == PANE_CONSOLE || pane == PANE_LOCALS || pane == PANE_WHY || pane == PANE_UNIT;
  int scroll = 0;
  struct cells *c = pane_render(d, pane, print_columns(pane), heights[pane], true, &scroll, NULL, title);
  const int first = c->first, rows = c->rows - c->first;
  if (!whole || (first == 0 && rows <= c->height)) return c;
  cells_free(c);
  c = cells_new(print_columns(pane), rows, true);
  c->window = heights[pane];
  c->scroll = first;
  pane_rows[pane].render(d, c);
  return c;
}

void pane_print(struct debug *d, enum pane pane) {
  struct cells *title = cells_new(80, 1, true), *c = render_for_print(d, pane, title);
  if (title->rows) {
    cells_put(title, 0, 0, TITLE, pane_rows[pane].title);
    cells_print(title, d->out);
  }
  cells_print(c, d->out);
  cells_free(title);
  cells_free(c);
}

void pane_select(struct debug *d, enum pane pane) {
  d->pane = pane;
  d->pane_selected = true;
}

/* ---- searching ---- */

/* The first row of the buffer in a direction that has the text in the columns that are seen; -1 = none. */
static int find_in_buffer(const struct cells *c, const char *text, int direction, int *x) {
  for (int i = 0; i < c->height; i++) {
    const int y = direction > 0 ? i : c->height - 1 - i;
    if ((*x = cells_find(c, y, 0, text)) >= 0) return y;
  }
  return -1;
}

/* Rows may be wider than the pane, which is therefore looked at in parts that overlap by the text's length. */
enum find pane_find(struct debug *d, enum pane pane, int width, int height, const char *text, int direction,
                    int *row, int *column) {
  const int from = direction > 0 ? *row : *row - PANE_FIND_ROWS + 1, length = (int)strlen(text);
  int best = -1, columns = 1, first = 0, rows = 0;
  for (int shift = 0; shift<columns; shift += width> length ? width - length : 1) {
    struct cells *c = cells_new(width, PANE_FIND_ROWS, false);
    int x;
    c->window = height;
    render_once(d, pane, c, from, shift, NULL);
    const int y = find_in_buffer(c, text, direction, &x);
    if (y >= 0 && (best < 0 || (direction > 0 ? y < best : y > best))) best = y, *column = shift + x;
    columns = c->columns, first = c->first, rows = c->rows;
    cells_free(c);
  }
  if (best >= 0) return *row = from + best, FIND_HERE;
  *row = direction > 0 ? from + PANE_FIND_ROWS : from - 1;
  return *row < first || *row >= rows ? FIND_NOWHERE : FIND_ON;
}

/* ---- the screen ---- */

static void too_small(struct cells *c) {
  cells_printf(c, 0, 0, STRONG, "%dx%d is too small:", c->width, c->height);
  cells_printf(c, 1, 0, PLAIN, "at least %dx%d is needed", LAYOUT_MIN_COLUMNS, LAYOUT_MIN_ROWS);
  cells_put(c, 2, 0, PLAIN, "(q leaves; --line needs no screen)");
}

struct layout compose(struct debug *d, struct cells *c, struct look *look) {
  char text[512];
  struct look home = {0};
  struct layout l = layout_of(c->height, c->width, (enum pane)d->pane, d->zoom);
  c->rows = c->height;
  if (l.too_small) {
    too_small(c);
    return l;
  }
  for (enum pane p = 0; p < PANES; p++)
    if (l.pane[p].height) show_pane(d, c, p, l.pane[p], look ? look : &home);
  model_status_within(d, l.status.width, text, sizeof text);
  text_row(c, l.status, CURRENT, text);
  struct cells *time = cells_new(l.timeline.width, 1, c->ascii);
  view_timeline(d, time);
  paste(c, time, l.timeline);
  cells_free(time);
  const char *hint = l.message.width < (int)strlen(HINT) ? SHORT_HINT : HINT;
  text_row(c, l.message, PLAIN, *d->said ? d->said : hint);
  return l;
}
