/* csv.h - tables from outside as comma-separated values (RFC 4180): a roster, points that a person has given. */
#ifndef CSV_H
#define CSV_H

#include "tools/trapeze/grade/lab/lab.h"

struct csv_cell {
  char *text;     /* without quotes, and without blanks around it unless they were in quotes */
  struct mark at; /* where it begins */
};
struct csv_row {
  struct csv_cell *cell;
  size_t cells;
};
struct csv {
  struct csv_row *row; /* row[0] is the heading; rows without any text are left out */
  size_t rows;
};

/* Reads a table, for csv_free; `path` is what mistakes call the file. Cells are separated by the one of comma,
 * semicolon and tabulator that the heading has first; lines end with LF or CR LF; a mark at the beginning that says
 * UTF-8 is skipped. Each row has as many cells as the heading, or fewer. Returns false with *error set when there is
 * a mistake: a quote that nothing closes, text behind a closing quote, bytes that are no UTF-8, a control character,
 * more cells than the heading has, no heading, more than 100000 rows. Dies with STATUS_USAGE when memory is short. */
bool csv_parse(const char *path, struct bytes text, struct csv *csv, struct lab_error *error);
void csv_free(struct csv *csv);

/* Takes a row out. */
void csv_drop(struct csv *csv, size_t row);
/* The column whose heading is `name`, whatever its case; SIZE_MAX when there is none. */
size_t csv_column(const struct csv *csv, const char *name);
/* The text of a row's cell in a column; "" when the row ends before it. */
const char *csv_text(const struct csv_row *row, size_t column);

/* Writes a cell. Students choose the names of their folders: a text that a spreadsheet would take for a formula gets an
 * apostrophe before it, and what is not printable is written as \x0a. */
void csv_write_cell(FILE *f, const char *text);

#endif
