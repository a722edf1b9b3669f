/* cells.c - rectangles of characters, each with a style that says what it means. */
#define _GNU_SOURCE /* wcwidth */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "view.h"

#define TAB 4 /* columns: four words of `x/xw` and their symbol fit in 80 */

struct cells *cells_new(int width, int height, bool ascii) {
  struct cells *c = must(calloc(1, sizeof *c));
  c->width = width;
  c->height = c->window = height;
  c->ascii = ascii;
  c->cell = must(calloc((size_t)width * (size_t)height + 1, sizeof *c->cell));
  return c;
}

void cells_free(struct cells *c) {
  free(c->cell);
  free(c);
}

/* ---- characters ---- */

uint32_t utf8_next(const char **text) {
  const unsigned char *p = (const unsigned char *)*text;
  unsigned n = *p < 0x80 ? 0 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3;
  uint32_t ch = n ? *p & (0x3Fu >> n) : *p;
  for (*text += 1; n-- && (**text & 0xC0) == 0x80; *text += 1) ch = ch << 6 | (**text & 0x3F);
  return ch;
}

int utf8_columns(uint32_t ch) {
  const int n = ch < 0x80 ? 1 : wcwidth((wchar_t)ch);
  return n < 0 ? 1 : n;
}

static uint32_t plain(uint32_t ch) {
  static const struct {
    uint32_t ch;
    char ascii;
  } table[] = {
      {0x2500, '='}, {0x2502, '|'}, {0x25B6, '>'}, {0x25C0, '<'}, {0x25CF, 'o'}, {0x253C, '+'}, {0x2014, '-'},
      {0x2026, '.'}, {0x2192, '>'}, {0x2190, '<'}, {0x2588, '#'}, {0x2591, '.'}, {0x25BC, 'v'}, {0x2260, '*'},
      {0x250A, ':'}, {0x2504, '-'}, {0x25B8, '>'}, {0x2713, '+'}, {0x2717, 'x'}, {0x2191, '^'}, {0x2193, 'v'},
  };
  if (ch < 0x7F) return ch;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].ch == ch) return (unsigned char)table[i].ascii;
  return '?';
}

size_t utf8_put(uint32_t ch, char *buf) {
  if (ch < 0x80) return buf[0] = (char)ch, 1;
  if (ch < 0x800) return buf[0] = (char)(0xC0 | ch >> 6), buf[1] = (char)(0x80 | (ch & 0x3F)), 2;
  size_t n = 0;
  if (ch < 0x10000)
    buf[n++] = (char)(0xE0 | ch >> 12);
  else {
    buf[n++] = (char)(0xF0 | (ch >> 18 & 7));
    buf[n++] = (char)(0x80 | (ch >> 12 & 0x3F));
  }
  buf[n++] = (char)(0x80 | (ch >> 6 & 0x3F));
  buf[n++] = (char)(0x80 | (ch & 0x3F));
  return n;
}

/* ---- writing ---- */

void cells_reach(struct cells *c, int row) {
  if (row + 1 > c->rows) c->rows = row + 1;
  if (row < c->first) c->first = row;
}

/* The cell in a row and column of the content; NULL: it is out of sight. */
static struct cell *cell_at(struct cells *c, int row, int column) {
  const long y = (long)row - c->scroll, x = (long)column - c->shift;
  const bool inside = y >= 0 && y < c->height && x >= 0 && x < c->width;
  return inside ? &c->cell[y * c->width + x] : NULL;
}

/* Writes a character that takes no column of its own, such as an accent, into the cell before it. */
static void put_mark(struct cells *c, int row, int column, uint32_t ch) {
  struct cell *k = cell_at(c, row, column - 1);
  if (k && k->ch == CELL_BEHIND_WIDE) k = cell_at(c, row, column - 2);
  if (k && k->ch && !k->mark && !c->ascii) k->mark = ch;
}

int cells_put_char(struct cells *c, int row, int column, enum style style, uint32_t ch) {
  if (ch < ' ' || (ch >= 0x7F && ch < 0xA0)) ch = '?';
  if (c->ascii) ch = plain(ch);
  const int columns = utf8_columns(ch);
  if (columns == 0) return put_mark(c, row, column, ch), column;
  if (column + columns > c->columns) c->columns = column + columns;
  struct cell *k = cell_at(c, row, column), *behind = columns > 1 ? cell_at(c, row, column + 1) : NULL;
  if (columns > 1 && !behind) ch = ' '; /* half of a character cannot be shown */
  if (k) *k = (struct cell){ch, 0, (uint8_t)style};
  if (behind) *behind = (struct cell){k ? CELL_BEHIND_WIDE : ' ', 0, (uint8_t)style};
  return column + columns;
}

/* The columns from the beginning of the text at which the character ends. */
static int end_of(int columns, uint32_t ch) {
  return ch == '\t' ? columns + TAB - columns % TAB : columns + utf8_columns(ch);
}

int cells_put(struct cells *c, int row, int column, enum style style, const char *text) {
  const int start = column;
  cells_reach(c, row);
  while (*text) {
    const uint32_t ch = utf8_next(&text);
    if (ch != '\t') column = cells_put_char(c, row, column, style, ch);
    if (ch == '\t')
      for (const int end = start + end_of(column - start, ch); column < end;)
        column = cells_put_char(c, row, column, style, ' ');
  }
  return column;
}

int cells_printf(struct cells *c, int row, int column, enum style style, const char *format, ...) {
  char text[1024];
  va_list ap;
  va_start(ap, format);
  vsnprintf(text, sizeof text, format, ap);
  va_end(ap);
  return cells_put(c, row, column, style, text);
}

/* Bytes of the text's beginning that fit into `room` columns; of words, only whole ones if one fits. */
static size_t line_of(const char *text, int room) {
  const char *p = text;
  size_t words = 0;
  for (int columns = 0; *p && *p != '\n';) {
    const char *from = p;
    const uint32_t ch = utf8_next(&p);
    columns = end_of(columns, ch);
    if (columns > room && from > text) return words ? words : (size_t)(from - text);
    if (*p == ' ' || *p == '\t') words = (size_t)(p - text);
  }
  return (size_t)(p - text);
}

int cells_wrap(struct cells *c, int row, int column, enum style style, const char *text) {
  const int room = c->width - column < 8 ? 8 : c->width - column;
  while (*text) {
    const size_t n = line_of(text, room);
    char *line = must(strndup(text, n));
    cells_put(c, row++, column, style, line);
    free(line);
    text += n;
    if (*text == '\n')
      text++;
    else
      text += strspn(text, " \t");
  }
  return row;
}

void cells_fill(struct cells *c, enum style style) {
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++) c->cell[y * c->width + x] = (struct cell){' ', 0, (uint8_t)style};
}

/* ---- finding ---- */

/* Does the row of a buffer hold the text from this column on? Small and capital letters are the same. */
static bool holds(const struct cell *row, int width, int x, const char *text) {
  while (*text) {
    const uint32_t want = utf8_next(&text);
    while (x < width && row[x].ch == CELL_BEHIND_WIDE) x++;
    const uint32_t have = x < width ? row[x].ch ? row[x].ch : ' ' : 0;
    if (towlower((wint_t)have) != towlower((wint_t)want)) return false;
    x++;
  }
  return true;
}

int cells_find(const struct cells *c, int y, int from, const char *text) {
  for (int x = from; *text && x < c->width; x++)
    if (holds(&c->cell[y * c->width], c->width, x, text)) return x;
  return -1;
}

void cells_mark(struct cells *c, const char *text) {
  const char *p = text;
  int columns = 0;
  while (*p) columns += utf8_columns(utf8_next(&p));
  for (int y = 0; y < c->height; y++)
    for (int x = 0; (x = cells_find(c, y, x, text)) >= 0; x += columns)
      for (int i = x; i < x + columns && i < c->width; i++) c->cell[y * c->width + i].style = FOUND;
}

static void print_cell(const struct cell *k, FILE *out) {
  char bytes[4];
  if (k->ch == CELL_BEHIND_WIDE) return;
  fwrite(bytes, 1, utf8_put(k->ch ? k->ch : ' ', bytes), out);
  if (k->mark) fwrite(bytes, 1, utf8_put(k->mark, bytes), out);
}

static void print_style(enum style style, FILE *out) {
  const struct appearance *look = &style_appearance[style];
  fputs("\x1b[0", out);
  if (look->bold) fputs(";1", out);
  if (look->dim) fputs(";2", out);
  if (look->underlined) fputs(";4", out);
  if (look->reversed) fputs(";7", out);
  if (look->colour != LOOK_NO_COLOUR) fprintf(out, ";3%d", look->colour);
  fputc('m', out);
}

static void print_row(const struct cell *line, int n, bool styled, FILE *out) {
  enum style style = PLAIN;
  while (n > 0 && (line[n - 1].ch == 0 || line[n - 1].ch == ' ') && !(styled && line[n - 1].style != PLAIN))
    n--;
  for (int i = 0; i < n; i++) {
    if (styled && line[i].style != style) print_style(style = line[i].style, out);
    print_cell(&line[i], out);
  }
  if (style != PLAIN) print_style(PLAIN, out);
  fputc('\n', out);
}

static void print_all(const struct cells *c, bool styled, FILE *out) {
  for (int row = 0; row < c->height && row < c->rows - c->scroll; row++)
    print_row(&c->cell[row * c->width], c->width, styled, out);
}

void cells_print(const struct cells *c, FILE *out) { print_all(c, false, out); }
void cells_print_styled(const struct cells *c, FILE *out) { print_all(c, true, out); }
