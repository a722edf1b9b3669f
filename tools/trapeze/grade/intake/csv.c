/* csv.c - reads comma-separated values, strictly: what cannot be understood is a mistake with its place. */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv.h"
#include "isa/utf8.h"
#include "tools/trapeze/untrusted.h"

enum { ROWS_MOST = 100000 };

struct reading {
  const char *path;
  const uint8_t *at, *end;
  struct mark place;
  char separator; /* 0 = the heading has not told yet */
  struct csv *csv;
  struct lab_error *error;
  bool bad;
};

static void mistake(struct reading *r, struct mark at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void mistake(struct reading *r, struct mark at, const char *format, ...) {
  va_list ap;
  if (r->bad) return;
  r->bad = true;
  int n = snprintf(r->error->text, sizeof r->error->text, "%s:%u:%u: ", r->path, at.line, at.column);
  va_start(ap, format);
  if (n >= 0 && (size_t)n < sizeof r->error->text)
    vsnprintf(r->error->text + n, sizeof r->error->text - (size_t)n, format, ap);
  va_end(ap);
}

/* ---- characters ---- */

/* The next byte; -1 at the end. */
static int peek(const struct reading *r) { return r->at < r->end ? *r->at : -1; }

static bool at_newline(const struct reading *r) {
  return peek(r) == '\n' || (peek(r) == '\r' && r->end - r->at > 1 && r->at[1] == '\n');
}

/* Takes one character, of up to four bytes, into `to`. */
static void take(struct reading *r, struct bytes *to) {
  uint32_t point;
  size_t n = pg32_utf8_decode(r->at, (size_t)(r->end - r->at), &point);
  if (n == 0)
    mistake(r, r->place, "a byte that is no UTF-8; save the table as UTF-8");
  else if ((point < ' ' && point != '\t' && point != '\n' && !(point == '\r' && at_newline(r))) ||
           point == 0x7F)
    mistake(r, r->place, "a control character: \\x%02x", (unsigned)point);
  if (r->bad) return;
  if (to) bytes_append(to, r->at, n);
  r->at += n;
  r->place.column++;
  if (point == '\n') r->place.line++, r->place.column = 1;
}

/* ---- cells ---- */

static bool ends_cell(struct reading *r) {
  int c = peek(r);
  if (!r->separator && (c == ',' || c == ';' || c == '\t')) r->separator = (char)c;
  return c < 0 || at_newline(r) || (r->separator && c == r->separator);
}

static void skip_blanks(struct reading *r) {
  while (!r->bad && !ends_cell(r) && (peek(r) == ' ' || peek(r) == '\t')) take(r, NULL);
}

static void quoted(struct reading *r, struct bytes *text) {
  struct mark begin = r->place;
  take(r, NULL);
  while (!r->bad) {
    if (peek(r) < 0) mistake(r, begin, "nothing closes the quote that begins here");
    if (r->bad) return;
    if (peek(r) != '"') {
      take(r, text);
      continue;
    }
    take(r, NULL);
    if (peek(r) != '"') break;
    take(r, text); /* two of them stand for one */
  }
  skip_blanks(r);
  if (!r->bad && !ends_cell(r))
    mistake(r, r->place, "text behind a closing quote; expected the end of the cell");
}

static void plain(struct reading *r, struct bytes *text) {
  while (!r->bad && !ends_cell(r)) take(r, text);
  while (text->size && (text->data[text->size - 1] == ' ' || text->data[text->size - 1] == '\t'))
    text->size--;
}

static void read_cell(struct reading *r, struct csv_row *row) {
  struct bytes text = {0};
  skip_blanks(r);
  struct csv_cell cell = {.at = r->place};
  if (peek(r) == '"')
    quoted(r, &text);
  else
    plain(r, &text);
  bytes_append(&text, "", 1);
  cell.text = (char *)text.data;
  row->cell = must(realloc(row->cell, (row->cells + 1) * sizeof *row->cell));
  row->cell[row->cells++] = cell;
  if (r->csv->rows && row->cells > r->csv->row[0].cells)
    mistake(r, cell.at, "cell %zu of a row; the heading has %zu", row->cells, r->csv->row[0].cells);
}

/* ---- rows ---- */

static void free_row(struct csv_row *row) {
  for (size_t i = 0; i < row->cells; i++) free(row->cell[i].text);
  free(row->cell);
}

static bool is_empty(const struct csv_row *row) {
  for (size_t i = 0; i < row->cells; i++)
    if (*row->cell[i].text) return false;
  return true;
}

static void read_row(struct reading *r) {
  struct csv_row row = {0};
  struct mark begin = r->place;
  for (;;) {
    read_cell(r, &row);
    if (r->bad || peek(r) < 0 || at_newline(r)) break;
    take(r, NULL); /* the separator */
  }
  while (!r->bad && at_newline(r)) {
    bool last = peek(r) == '\n';
    take(r, NULL);
    if (last) break;
  }
  if (r->csv->rows == ROWS_MOST) mistake(r, begin, "more than %d rows", ROWS_MOST);
  if (r->bad || is_empty(&row)) {
    free_row(&row);
    return;
  }
  if (!r->separator) r->separator = ',';
  if ((r->csv->rows & (r->csv->rows + 1)) == 0) /* room is doubled */
    r->csv->row = must(realloc(r->csv->row, 2 * (r->csv->rows + 1) * sizeof *r->csv->row));
  r->csv->row[r->csv->rows++] = row;
}

bool csv_parse(const char *path, struct bytes text, struct csv *csv, struct lab_error *error) {
  *csv = (struct csv){0};
  struct reading r = {.path = path,
                      .at = text.data,
                      .end = text.data + text.size,
                      .place = {1, 1},
                      .csv = csv,
                      .error = error};
  if (text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0) r.at += 3;
  while (!r.bad && r.at < r.end) read_row(&r);
  if (!r.bad && csv->rows == 0) mistake(&r, (struct mark){1, 1}, "the table is empty; expected a heading");
  if (!r.bad) return true;
  csv_free(csv);
  return false;
}

void csv_free(struct csv *csv) {
  for (size_t i = 0; i < csv->rows; i++) free_row(&csv->row[i]);
  free(csv->row);
  *csv = (struct csv){0};
}

void csv_drop(struct csv *csv, size_t row) {
  free_row(&csv->row[row]);
  memmove(&csv->row[row], &csv->row[row + 1], (csv->rows - row - 1) * sizeof *csv->row);
  csv->rows--;
}

/* ---- looking ---- */

size_t csv_column(const struct csv *csv, const char *name) {
  for (size_t i = 0; i < csv->row[0].cells; i++)
    if (strcasecmp(csv->row[0].cell[i].text, name) == 0) return i;
  return SIZE_MAX;
}

const char *csv_text(const struct csv_row *row, size_t column) {
  return column < row->cells ? row->cell[column].text : "";
}

/* ---- writing ---- */

void csv_write_cell(FILE *f, const char *name) {
  char *text = printable_name(name);
  const char *apostrophe = strchr("=+-@", *text) && *text ? "'" : "";
  bool quoted = strpbrk(text, ",\"");
  fprintf(f, "%s%s", quoted ? "\"" : "", apostrophe);
  for (const char *c = text; *c; c++) {
    if (*c == '"') fputc('"', f);
    fputc(*c, f);
  }
  if (quoted) fputc('"', f);
  free(text);
}
