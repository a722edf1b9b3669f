/* view_misc.c - the small panes: console, why, and the time line; and the table of all. */
#include <string.h>

#include "view.h"

/* Bytes of the character in UTF-8 that text begins with; 0 = they are none. */
static size_t utf8_length(const char *text, size_t n) {
  const unsigned char first = (unsigned char)*text;
  const size_t length = first < 0x80   ? 1
                        : first < 0xC2 ? 0
                        : first < 0xE0 ? 2
                        : first < 0xF0 ? 3
                        : first < 0xF5 ? 4
                                       : 0;
  if (length > n) return 0;
  for (size_t i = 1; i < length; i++)
    if ((text[i] & 0xC0) != 0x80) return 0;
  return length;
}

/* The column after a control character other than a newline. */
static int control(char c, int x, int width) {
  if (c == '\r') return 0;
  if (c == '\b') return x > 0 ? x - 1 : 0;
  if (c == '\t') return x / 8 * 8 + 8 < width ? x / 8 * 8 + 8 : width - 1;
  return x;
}

/* Text as a terminal of the pane's width shows it. The text's row 0 is the content's row `top`; rows that are not
 * seen are not written. Returns the cursor's row. */
static int write_console(struct cells *c, const char *text, size_t n, int top) {
  int row = top, x = 0;
  for (size_t i = 0, length; i < n; i += length ? length : 1) {
    length = utf8_length(text + i, n - i);
    if (text[i] == '\n') {
      row++, x = 0;
    } else if ((unsigned char)text[i] < ' ') {
      x = control(text[i], x, c->width);
    } else {
      const char *p = text + i;
      const uint32_t ch = length ? utf8_next(&p) : '?';
      const int columns = c->ascii ? 1 : utf8_columns(ch);
      if (x + columns > c->width) row++, x = 0;
      if (row >= c->scroll && row < c->scroll + c->height) cells_put_char(c, row, x, PLAIN, ch);
      x += columns;
    }
  }
  if (row >= c->scroll && row < c->scroll + c->height) cells_put(c, row, x, CURRENT, "_");
  return row;
}

/* All that the console has shown; at home its end. */
void view_console(struct debug *d, struct cells *c) {
  size_t n;
  const char *text = (const char *)timeline_output(d->t, &n);
  if (n == 0) {
    cells_put(c, 0, 0, DIM, "(no output from the guest yet)");
    return;
  }
  struct cells *nothing = cells_new(c->width, 0, c->ascii);
  const int rows = write_console(nothing, text, n, 0) + 1, above = rows - c->window;
  cells_free(nothing);
  const int top = above > 0 ? -above : 0;
  write_console(c, text, n, top);
  cells_reach(c, top);
  cells_reach(c, top + rows - 1);
}

void view_why(struct debug *d, struct cells *c) {
  char text[1024];
  model_why(d, text, sizeof text);
  cells_wrap(c, 0, 0, PLAIN, text);
}

uint64_t timeline_column(struct debug *d, int width, int column) {
  uint64_t latest = timeline_latest(d->t);
  if (column < 0) column = 0;
  return width > 1 ? (uint64_t)((double)latest * column / (width - 1)) : 0;
}

/* How many events there are in a column's share of the run: none, few, many. */
static const char *busy(struct debug *d, int width, int column) {
  uint64_t a = timeline_column(d, width, column), b = timeline_column(d, width, column + 1);
  uint64_t n = index_before(d, b) - index_before(d, a);
  return n == 0 ? "─" : n < (b - a) / 500 ? "░" : "█";
}

void view_timeline(struct debug *d, struct cells *c) {
  uint64_t latest = timeline_latest(d->t), here = model_position(d);
  for (int x = 0; x < c->width; x++) cells_put(c, 0, x, DIM, busy(d, c->width, x));
  for (unsigned i = 0; i < BOOKMARKS; i++) {
    if (!d->bookmark[i] || !latest) continue;
    char letter[2] = {(char)(i < 26 ? 'a' + i : 'A' + i - 26), 0};
    cells_put(c, 0, (int)((double)(d->bookmark[i] - 1) / (double)latest * (c->width - 1)), STRONG, letter);
  }
  cells_put(c, 0, latest ? (int)((double)here / (double)latest * (c->width - 1)) : 0, CURRENT, "▼");
}

const struct pane_row pane_rows[PANES] = {
    [PANE_CODE] = {"code", "code", true, view_code},
    [PANE_CPU] = {"cpu", "CPU", false, view_cpu},
    [PANE_TRAPS] = {"traps", "traps", false, view_traps},
    [PANE_MMU] = {"mmu", "MMU", true, view_mmu},
    [PANE_MEMORY] = {"memory", "memory", true, view_memory},
    [PANE_CONSOLE] = {"console", "console", true, view_console},
    [PANE_WHY] = {"why", "why", true, view_why},
    [PANE_REGISTERS] = {"registers", "registers", true, view_registers},
    [PANE_LOCALS] = {"locals", "locals", true, view_locals},
    [PANE_UNIT] = {"unit", "unit", true, view_unit},
};
