/* class_summary.c - the results of a class as CSV (RFC 4180): one line for each student, one column for each
 * test and each figure. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "class_take.h"
#include "tools/trapeze/grade/intake/csv.h"

static void number(FILE *f, const json_t *n) {
  fputc(',', f);
  if (json_is_integer(n)) fprintf(f, "%lld", (long long)json_integer_value(n));
  if (json_is_real(n)) fprintf(f, "%.12g", json_real_value(n));
}

/* ---- lines ---- */

static void heading(FILE *f, const json_t *result, bool students) {
  char *tests = result ? result_columns(result, "tests", "id") : NULL,
       *figures = result ? result_columns(result, "leaderboard", "name") : NULL;
  fprintf(f, "student,status%s,score,max%s%s\r\n", students ? ",hand-in" : "", tests ? tests : "",
          figures ? figures : "");
  free(tests), free(figures);
}

static void write_result(FILE *f, const json_t *result) {
  size_t i;
  const json_t *item;
  number(f, json_object_get(result, "score"));
  number(f, json_object_get(result, "max"));
  json_array_foreach(json_object_get(result, "tests"), i, item) number(f, json_object_get(item, "score"));
  json_array_foreach(json_object_get(result, "leaderboard"), i, item)
      number(f, json_object_get(item, "value"));
}

static void write_empty(FILE *f, const json_t *first) {
  size_t cells = 2 + json_array_size(json_object_get(first, "tests")) +
                 json_array_size(json_object_get(first, "leaderboard"));
  while (cells--) fputc(',', f);
}

static const char *status_of(const struct entry *e) {
  return !e ? "absent" : e->result ? "graded" : e->tried ? "error" : "missing";
}

/* A line; `e` is NULL when nothing was handed in. `first` is any result of the lab. */
static void write_row(FILE *f, const char *student, const struct entry *e, const json_t *first,
                      bool students) {
  csv_write_cell(f, student);
  fprintf(f, ",%s", status_of(e));
  if (students) fputc(',', f), csv_write_cell(f, e ? e->name : "");
  if (e && e->result)
    write_result(f, e->result);
  else
    write_empty(f, first);
  fputs("\r\n", f);
}

/* ---- all of them ---- */

/* Writes a line for each student. Returns how many of them have handed in and have no result. */
static size_t write_students(FILE *f, const struct class_options *o, const struct entry *entry, size_t n,
                             const json_t *first) {
  size_t rows, without = 0;
  struct row *row = rows_make(o, entry, n, &rows);
  for (size_t i = 0; i < rows; i++) {
    write_row(f, row[i].student, row[i].entry, first, true);
    without += row[i].entry && !row[i].entry->result;
  }
  rows_free(row, rows);
  return without;
}

static size_t write_hand_ins(FILE *f, const struct entry *entry, size_t n, const json_t *first) {
  size_t without = 0;
  for (size_t i = 0; i < n; i++) {
    write_row(f, entry[i].name, &entry[i], first, false);
    without += !entry[i].result;
  }
  return without;
}

int class_summary(const struct class_options *o, FILE *f) {
  size_t n;
  struct entry *entry = entries_gather(o, &n);
  const json_t *first = entries_first(entry, n);
  heading(f, first, o->take != TAKE_EACH);
  size_t without =
      o->take == TAKE_EACH ? write_hand_ins(f, entry, n, first) : write_students(f, o, entry, n, first);
  if (without) fprintf(stderr, "trapeze: %zu of %zu have no result\n", without, n);
  entries_free(entry, n);
  return without ? GRADE_TROUBLE : GRADE_DONE;
}
