/* cells.c - rectangles of characters, each with a style that says what it means. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

struct cells *cells_new(int width, int height, bool ascii) {
  struct cells *c = must(calloc(1, sizeof *c));
  c->width = width;
  c->height = height;
  c->ascii = ascii;
  c->cell = must(calloc((size_t)width * (size_t)height + 1, sizeof *c->cell));
  return c;
}

void cells_free(struct cells *c) {
  free(c->cell);
  free(c);
}

/* ---- characters ---- */

static uint32_t next_char(const char **text) {
  const unsigned char *p = (const unsigned char *)*text;
  unsigned n = *p < 0x80 ? 0 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3;
  uint32_t ch = n ? *p & (0x3Fu >> n) : *p;
  for (*text += 1; n-- && (**text & 0xC0) == 0x80; *text += 1) ch = ch << 6 | (**text & 0x3F);
  return ch;
}

static uint32_t plain(uint32_t ch) {
  static const struct {
    uint32_t ch;
    char ascii;
  } table[] = {
      {0x2500, '='}, {0x2502, '|'}, {0x25B6, '>'}, {0x25C0, '<'}, {0x25CF, 'o'}, {0x253C, '+'}, {0x2014, '-'},
      {0x2026, '.'}, {0x2192, '>'}, {0x2190, '<'}, {0x2588, '#'}, {0x2591, '.'}, {0x25BC, 'v'}, {0x2260, '*'},
      {0x250A, ':'}, {0x2504, '-'}, {0x25B8, '>'}, {0x2713, '+'}, {0x2717, 'x'},
  };
  if (ch < 0x7F) return ch;
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (table[i].ch == ch) return (unsigned char)table[i].ascii;
  return '?';
}

size_t utf8_put(uint32_t ch, char *buf) {
  if (ch < 0x80) return buf[0] = (char)ch, 1;
  if (ch < 0x800) return buf[0] = (char)(0xC0 | ch >> 6), buf[1] = (char)(0x80 | (ch & 0x3F)), 2;
  buf[0] = (char)(0xE0 | ch >> 12);
  buf[1] = (char)(0x80 | (ch >> 6 & 0x3F));
  buf[2] = (char)(0x80 | (ch & 0x3F));
  return 3;
}

/* ---- writing ---- */

int cells_put(struct cells *c, int row, int column, enum style style, const char *text) {
  if (row + 1 > c->rows) c->rows = row + 1;
  row -= c->scroll;
  while (*text) {
    uint32_t ch = next_char(&text);
    if (ch < ' ' || ch == 0x7F) ch = '?';
    if (row >= 0 && row < c->height && column >= 0 && column < c->width)
      c->cell[row * c->width + column] = (struct cell){c->ascii ? plain(ch) : ch, (uint8_t)style};
    column++;
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

int cells_wrap(struct cells *c, int row, int column, enum style style, const char *text) {
  char line[512];
  int room = c->width - column;
  if (room < 8) room = 8;
  if (room >= (int)sizeof line) room = sizeof line - 1;
  while (*text) {
    int n = (int)strlen(text);
    if (n > room)
      for (n = room; n > 0 && text[n] != ' '; n--) {
      }
    if (n == 0) n = room;
    snprintf(line, sizeof line, "%.*s", n, text);
    cells_put(c, row++, column, style, line);
    text += n;
    while (*text == ' ') text++;
  }
  return row;
}

void cells_print(const struct cells *c, FILE *out) {
  for (int row = 0; row < c->height && row < c->rows - c->scroll; row++) {
    const struct cell *line = &c->cell[row * c->width];
    int n = c->width;
    while (n > 0 && (line[n - 1].ch == 0 || line[n - 1].ch == ' ')) n--;
    for (int i = 0; i < n; i++) {
      char bytes[4];
      fwrite(bytes, 1, utf8_put(line[i].ch ? line[i].ch : ' ', bytes), out);
    }
    fputc('\n', out);
  }
}
