/* rubric.c - points that a person has given. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rubric.h"
#include "tools/trapeze/grade/build/digest.h"

/* ---- reading ---- */

/* 2, 2.5; a comma is a point, too */
static bool number(const char *text, double *value) {
  char copy[16], *end;
  if (strlen(text) >= sizeof copy || strspn(text, "0123456789.,") != strlen(text)) return false;
  strcpy(copy, text);
  for (char *c = copy; *c; c++)
    if (*c == ',') *c = '.';
  *value = strtod(copy, &end);
  return *copy && !*end;
}

static bool bad(const struct rubric *r, struct mark at, struct lab_error *error, const char *text,
                const char *why) {
  snprintf(error->text, sizeof error->text, "%s:%u:%u: '%.60s': %s", r->path, at.line, at.column, text, why);
  return false;
}

static bool check_cell(const struct rubric *r, const struct csv_row *row, size_t column,
                       const struct lab_test *t, struct lab_error *error) {
  const char *text = csv_text(row, column);
  double points;
  char why[100];
  if (!*text || (number(text, &points) && points <= t->points)) return true;
  snprintf(why, sizeof why, "expected points of test %.30s, a number from 0 to %g", t->id, t->points);
  return bad(r, row->cell[column].at, error, text, why);
}

static bool check_test(const struct rubric *r, const struct lab_test *t, struct lab_error *error) {
  size_t column = csv_column(&r->csv, t->id);
  if (column == SIZE_MAX)
    return bad(r, (struct mark){1, 1}, error, t->id, "no column has this heading, a test's id");
  for (size_t i = 1; i < r->csv.rows; i++)
    if (!check_cell(r, &r->csv.row[i], column, t, error)) return false;
  return true;
}

static const struct csv_row *row_of(const struct rubric *r, const char *student) {
  for (size_t i = 1; i < r->csv.rows; i++)
    if (strcmp(csv_text(&r->csv.row[i], r->student), student) == 0) return &r->csv.row[i];
  return NULL;
}

static bool check_students(const struct rubric *r, struct lab_error *error) {
  for (size_t i = 1; i < r->csv.rows; i++) {
    const struct csv_row *row = &r->csv.row[i];
    const char *student = csv_text(row, r->student);
    if (!*student) return bad(r, row->cell[0].at, error, "", "a line needs a student's ID");
    if (row_of(r, student) != row) return bad(r, row->cell[r->student].at, error, student, "there twice");
  }
  return true;
}

bool rubric_parse(const char *path, struct bytes text, const struct lab *lab, struct rubric *r,
                  struct lab_error *error) {
  *r = (struct rubric){0};
  if (!csv_parse(path, text, &r->csv, error)) return false;
  r->path = must(strdup(path));
  size_t column = csv_column(&r->csv, "student");
  r->student = column == SIZE_MAX ? 0 : column;
  bool good = check_students(r, error);
  for (size_t i = 0; i < lab->tests && good; i++)
    if (lab->test[i].rubric) good = check_test(r, &lab->test[i], error);
  if (!good) rubric_free(r);
  return good;
}

struct rubric rubric_read(const char *path, const struct lab *lab) {
  struct rubric r;
  struct lab_error error;
  bool any = false;
  for (size_t i = 0; i < lab->tests; i++) any |= lab->test[i].rubric != NULL;
  if (!any) die(STATUS_USAGE, "--rubric %s: no test of lab %s has a `rubric`", path, lab->name);
  struct bytes text = file_read(path);
  if (!rubric_parse(path, text, lab, &r, &error)) die(STATUS_USAGE, "%s", error.text);
  free(text.data);
  return r;
}

void rubric_free(struct rubric *r) {
  csv_free(&r->csv);
  free(r->path);
  *r = (struct rubric){0};
}

/* ---- looking ---- */

bool rubric_points(const struct rubric *r, const struct lab_test *t, const char *student, double *points,
                   const char **comment) {
  const struct csv_row *row = row_of(r, student);
  char *heading = NULL;
  if (!row || !number(csv_text(row, csv_column(&r->csv, t->id)), points)) return false;
  if (asprintf(&heading, "%s comment", t->id) < 0) must(NULL);
  size_t column = csv_column(&r->csv, heading);
  *comment = column == SIZE_MAX ? "" : csv_text(row, column);
  free(heading);
  return true;
}

uint64_t rubric_digest(const struct rubric *r, const char *student, uint64_t digest) {
  const struct csv_row *row = row_of(r, student);
  for (size_t i = 0; row && i < r->csv.row[0].cells; i++)
    digest = digest_add_text(digest_add_text(digest, csv_text(&r->csv.row[0], i)), csv_text(row, i));
  return digest;
}
