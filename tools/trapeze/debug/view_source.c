/* view_source.c - the code pane as source: the file that the PC, or the frame that is looked at, stands in. */
#include <string.h>

#include "view.h"

/* The frame that is looked at, if its source can be read. */
static bool source_place(struct debug *d, struct source_function *at) {
  const struct stack_frame f = frame_viewed(d);
  *at = frame_function(d, &f);
  return at->file && source_line(d, at->file, at->line);
}

static void source_row(struct debug *d, struct cells *c, const char *file, int line, int row, bool here) {
  bool in_comment = source_in_comment(d, file, line);
  const char *text = source_line(d, file, line);
  const int column = cells_printf(c, row, 0, here ? CURRENT : DIM, "%s%5d ", here ? "▶" : " ", line);
  if (text && here)
    cells_put(c, row, column, CURRENT, text);
  else if (text)
    highlight_line(c, row, column, highlight_language(file), text, &in_comment);
}

bool view_source(struct debug *d, struct cells *c) {
  struct source_function at;
  if (!source_place(d, &at)) return false;
  if (c->title)
    cells_printf(c->title, 0, 5, DIM, "%s%s%s:%d", at.name ? at.name : "", at.name ? ", " : "",
                 base_name(at.file), at.line);
  const int lines = source_lines(d, at.file);
  const int home = at.line - 1 < c->window / 2 ? at.line - 1 : c->window / 2;
  const int first = home - (at.line - 1); /* the row of line 1 */
  cells_reach(c, first);
  cells_reach(c, first + lines - 1);
  for (int row = c->scroll; row < c->scroll + c->height; row++)
    if (row >= first && row < first + lines) source_row(d, c, at.file, row - first + 1, row, row == home);
  return true;
}
