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
  for (int x = 0; x < r.width; x++) cells_put(line, 0, x, style, " ");
  cells_put(line, 0, 0, style, text);
  paste(c, line, r);
  cells_free(line);
}

static void title(struct debug *d, struct cells *c, enum pane p, struct rect r) {
  struct cells *line = cells_new(r.width, 1, c->ascii);
  for (int x = 0; x < r.width; x++) cells_put(line, 0, x, DIM, "─");
  cells_put(line, 0, 0, p == d->pane ? FOCUS : TITLE, pane_rows[p].title);
  paste(c, line, (struct rect){r.row, r.column, 1, r.width});
  cells_free(line);
}

static void pane(struct debug *d, struct cells *c, enum pane p, struct rect r, int *scroll) {
  int gap = r.column > 0, titled = pane_rows[p].title != NULL;
  struct rect inner = {r.row + titled, r.column + gap, r.height - titled, r.width - gap};
  if (titled) title(d, c, p, (struct rect){r.row, r.column + gap, 1, r.width - gap});
  struct cells *content = cells_new(inner.width, inner.height, c->ascii);
  content->scroll = *scroll;
  pane_rows[p].render(d, content);
  if (!titled && p == d->pane)
    for (int i = 0; i < content->width && content->cell[i].ch > ' '; i++) content->cell[i].style = FOCUS;
  if (*scroll && *scroll >= content->rows) *scroll = content->rows - 1;
  paste(c, content, inner);
  cells_free(content);
}

static void too_small(struct cells *c) {
  cells_printf(c, 0, 0, STRONG, "%dx%d is too small:", c->width, c->height);
  cells_printf(c, 1, 0, PLAIN, "at least %dx%d is needed", LAYOUT_MIN_COLUMNS, LAYOUT_MIN_ROWS);
  cells_put(c, 2, 0, PLAIN, "(q leaves; --line needs no screen)");
}

struct layout compose(struct debug *d, struct cells *c, int scroll[PANES]) {
  char text[512];
  struct layout l = layout_of(c->height, c->width, (enum pane)d->pane, d->zoom);
  c->rows = c->height;
  if (l.too_small) {
    too_small(c);
    return l;
  }
  for (enum pane p = 0; p < PANES; p++)
    if (l.pane[p].height) pane(d, c, p, l.pane[p], &scroll[p]);
  model_status(d, text, sizeof text);
  text_row(c, l.status, CURRENT, text);
  struct cells *time = cells_new(l.timeline.width, 1, c->ascii);
  view_timeline(d, time);
  paste(c, time, l.timeline);
  cells_free(time);
  text_row(c, l.message, PLAIN, *d->said ? d->said : HINT);
  return l;
}
