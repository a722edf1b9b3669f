/* class_summary.c - the results of a class as CSV (RFC 4180): one line for each student, one column for each
 * test and each figure. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "class.h"
#include "tools/trapeze/grade/intake/members.h"
#include "class_result.h"
#include "class_take.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/lab/lab.h"
#include "tools/trapeze/untrusted.h"

/* Writes a cell. Students choose the names of their folders: a text that a spreadsheet would take for a
 * formula gets an apostrophe before it, and what is not printable is written as \x0a. */
static void cell(FILE *f, const char *name, bool first) {
  char *text = printable_name(name);
  if (!first) fputc(',', f);
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

static void number(FILE *f, const json_t *n) {
  fputc(',', f);
  if (json_is_integer(n)) fprintf(f, "%lld", (long long)json_integer_value(n));
  if (json_is_real(n)) fprintf(f, "%.12g", json_real_value(n));
}

/* ---- results ---- */

/* The result in OUT/NAME; NULL when there is none. Dies when the file is not a whole result of ours. */
static json_t *result_of(const char *out, const char *name) {
  char *why;
  json_t *result = class_result(out, name, &why);
  if (why) die(STATUS_USAGE, "%s", why);
  return result;
}

/* The names of a list's columns, one on each line, to be compared. */
static char *columns(const json_t *result, const char *list, const char *member) {
  char *text;
  size_t size, i;
  const json_t *item;
  FILE *f = must(open_memstream(&text, &size));
  json_array_foreach(json_object_get(result, list), i, item) {
    const char *name = json_string_value(json_object_get(item, member));
    cell(f, name ? name : "", false);
  }
  fclose(f);
  return text;
}

static void same_columns(const json_t *first, const char *first_name, const json_t *other, const char *name) {
  static const char *const lists[][2] = {{"tests", "id"}, {"leaderboard", "name"}};
  const char *a = json_string_value(json_object_get(first, "lab")),
             *b = json_string_value(json_object_get(other, "lab"));
  if (strcmp(a, b) != 0)
    die(STATUS_USAGE, "%s and %s: expected results of one lab, found %s and %s", first_name, name, a, b);
  for (size_t i = 0; i < 2; i++) {
    char *x = columns(first, lists[i][0], lists[i][1]), *y = columns(other, lists[i][0], lists[i][1]);
    if (strcmp(x, y) != 0)
      die(STATUS_USAGE, "%s and %s: expected the same tests, found%s and%s", first_name, name, x, y);
    free(x), free(y);
  }
  if (strcmp(class_result_lab(first), class_result_lab(other)) != 0)
    die(STATUS_USAGE,
        "%s and %s: expected results of one lab, found two versions of it; grade all with the same, --resume "
        "grades only those that differ",
        first_name, name);
}

static void heading(FILE *f, const json_t *result, bool students) {
  char *tests = result ? columns(result, "tests", "id") : NULL,
       *figures = result ? columns(result, "leaderboard", "name") : NULL;
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
  cell(f, student, true);
  fprintf(f, ",%s", status_of(e));
  if (students) cell(f, e ? e->name : "", false);
  if (e && e->result)
    write_result(f, e->result);
  else
    write_empty(f, first);
  fputs("\r\n", f);
}

/* ---- all of them ---- */

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static bool has(const struct entry *entry, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(entry[i].name, name) == 0) return true;
  return false;
}

/* All students, sorted: those with a result, and those who handed in and have none. */
static struct entry *gather(const struct class_options *o, size_t *n) {
  size_t tried;
  char **names = folder_names(o->summary, &tried);
  struct members more = o->folder ? members_in(o->folder, 0, 0) : (struct members){0};
  struct entry *entry = must(calloc(tried + more.n + 1, sizeof *entry));
  *n = 0;
  for (size_t i = 0; i < tried; i++) {
    json_t *result = result_of(o->summary, names[i]);
    entry[(*n)++] = (struct entry){must(strdup(names[i])), true, result};
  }
  for (size_t i = 0; i < more.n; i++) {
    const char *name = more.member[i].name;
    if (!has(entry, tried, name)) entry[(*n)++] = (struct entry){must(strdup(name)), false, NULL};
  }
  qsort(entry, *n, sizeof *entry, by_name);
  folder_names_free(names);
  members_free(&more);
  return entry;
}

static void entries_free(struct entry *entry, size_t n) {
  for (size_t i = 0; i < n; i++) {
    free(entry[i].name);
    json_decref(entry[i].result);
  }
  free(entry);
}

/* Any of the results, after checking that all are of one lab; NULL = there is none. */
static const json_t *check_results(const struct entry *entry, size_t n) {
  const struct entry *first = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!entry[i].result) continue;
    if (!first) first = &entry[i];
    same_columns(first->result, first->name, entry[i].result, entry[i].name);
  }
  return first ? first->result : NULL;
}

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
  struct entry *entry = gather(o, &n);
  const json_t *first = check_results(entry, n);
  heading(f, first, o->take != TAKE_EACH);
  size_t without =
      o->take == TAKE_EACH ? write_hand_ins(f, entry, n, first) : write_students(f, o, entry, n, first);
  if (without) fprintf(stderr, "trapeze: %zu of %zu have no result\n", without, n);
  entries_free(entry, n);
  return without ? GRADE_TROUBLE : GRADE_DONE;
}
