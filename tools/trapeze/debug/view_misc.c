/* view_misc.c - the small panes: memory, console, why, and the time line; and the table of all. */
#include <string.h>

#include "view.h"

void view_memory(struct debug *d, struct cells *c) {
  int per_row = c->width >= 80 ? 8 : 4 * 9 + 7 <= c->width ? 4 : 2;
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  for (int row = 0; row < c->height; row++) {
    uint32_t base = d->memory + 4u * (uint32_t)(row * per_row);
    int x =
        cells_printf(c, row, 0, DIM, "%s%06x", d->memory_physical || !(regs.status & ST_T) ? "p" : "v", base);
    for (int i = 0; i < per_row; i++) {
      uint32_t word, index = (uint32_t)(row * per_row + i);
      bool ok = memory_word(d, d->memory_physical, base + 4u * (uint32_t)i, &word);
      bool changed = ok && d->moved && index < 64 && d->memory_before && d->memory_before[index] != word;
      if (!ok)
        x = cells_put(c, row, x + 1, DIM, "--------");
      else
        x = cells_printf(c, row, x + (i > 0 && !changed), changed ? CHANGED : PLAIN, "%s%08x",
                         changed ? "*"
                         : i     ? ""
                                 : " ",
                         word);
    }
  }
}

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

/* Writes text as a terminal of the pane's width shows it, without its first `hidden` rows; returns the
 * cursor's row. */
static int write_console(struct cells *c, const char *text, size_t n, int hidden) {
  int row = 0, x = 0;
  for (size_t i = 0, length; i < n; i += length ? length : 1) {
    length = utf8_length(text + i, n - i);
    if (text[i] == '\n') {
      row++, x = 0;
    } else if ((unsigned char)text[i] < ' ') {
      x = control(text[i], x, c->width);
    } else {
      char character[5] = "?";
      if (length) snprintf(character, sizeof character, "%.*s", (int)length, text + i);
      if (x >= c->width) row++, x = 0;
      if (row >= hidden) cells_put(c, row - hidden, x, PLAIN, character);
      x++;
    }
  }
  if (row >= hidden) cells_put(c, row - hidden, x, CURRENT, "_");
  return row;
}

/* The last lines of the console, as many as fit. */
void view_console(struct debug *d, struct cells *c) {
  size_t n;
  const char *text = (const char *)timeline_output(d->t, &n);
  size_t from = n;
  for (int lines = 0; from > 0; from--)
    if (text[from - 1] == '\n' && from != n && ++lines >= c->height) break;
  if (n == 0) {
    cells_put(c, 0, 0, DIM, "(no output from the guest yet)");
    return;
  }
  int rows = write_console(c, text + from, n - from, INT32_MAX) + 1;
  write_console(c, text + from, n - from, rows > c->height ? rows - c->height : 0);
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
    [PANE_CODE] = {"code", "code", view_code},
    [PANE_CPU] = {"cpu", NULL, view_cpu},
    [PANE_TRAPS] = {"traps", NULL, view_traps},
    [PANE_MMU] = {"mmu", "MMU", view_mmu},
    [PANE_MEMORY] = {"memory", "memory", view_memory},
    [PANE_CONSOLE] = {"console", "console", view_console},
    [PANE_WHY] = {"why", "why", view_why},
};
