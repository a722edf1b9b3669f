/* roster.c - the students of a class, and by which of a site's names for them they are found. */
#define _GNU_SOURCE /* asprintf */
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "members.h"
#include "roster.h"

/* ---- reading ---- */

static bool bad_row(const struct roster *r, const struct csv_row *row, struct lab_error *error,
                    const char *why, const char *what) {
  struct mark at = row->cell[r->column < row->cells ? r->column : 0].at;
  snprintf(error->text, sizeof error->text, "%s:%u:%u: '%.60s': %s", r->path, at.line, at.column, what, why);
  return false;
}

/* Can submissions be called so? */
static bool check_id(const struct roster *r, const struct csv_row *row, struct lab_error *error) {
  const char *id = csv_text(row, r->column);
  char *student = member_student(id, NULL);
  bool again = strcmp(student, id) != 0;
  free(student);
  if (!*id) return bad_row(r, row, error, "a student needs an ID", "");
  if (*id == '.' || strchr(id, '/') || strlen(id) > 200)
    return bad_row(r, row, error, "expected an ID that can be a folder's name", id);
  if (strpbrk(id, "\r\n\t")) return bad_row(r, row, error, "expected an ID in one line", id);
  if (again) return bad_row(r, row, error, "an ID cannot end as a second hand-in does", id);
  return true;
}

struct seen {
  const char *id;
  size_t row;
};

static int by_id(const void *a, const void *b) {
  const struct seen *x = a, *y = b;
  int ids = strcmp(x->id, y->id);
  return ids ? ids : (x->row > y->row) - (x->row < y->row);
}

static bool check_twice(const struct roster *r, struct lab_error *error) {
  size_t n = roster_students(r);
  struct seen *seen = must(calloc(n + 1, sizeof *seen));
  bool good = true;
  for (size_t i = 0; i < n; i++) seen[i] = (struct seen){roster_id(r, i), i + 1};
  qsort(seen, n, sizeof *seen, by_id);
  for (size_t i = 1; i < n && good; i++)
    if (strcmp(seen[i].id, seen[i - 1].id) == 0) {
      char why[60];
      snprintf(why, sizeof why, "line %u has this ID, too", r->csv.row[seen[i - 1].row].cell[0].at.line);
      good = bad_row(r, &r->csv.row[seen[i].row], error, why, seen[i].id);
    }
  free(seen);
  return good;
}

static size_t id_column(const struct csv *csv) {
  static const char *const headings[] = {"student", "email", "email address"};
  for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
    size_t column = csv_column(csv, headings[i]);
    if (column != SIZE_MAX) return column;
  }
  return 0;
}

bool roster_parse(const char *path, struct bytes text, struct roster *r, struct lab_error *error) {
  *r = (struct roster){0};
  if (!csv_parse(path, text, &r->csv, error)) return false;
  r->path = must(strdup(path));
  r->column = id_column(&r->csv);
  bool good = true;
  for (size_t i = r->csv.rows; i-- > 1;) /* of Canvas' gradebook: no student */
    if (strcmp(csv_text(&r->csv.row[i], 0), "Points Possible") == 0) csv_drop(&r->csv, i);
  for (size_t i = 1; i < r->csv.rows && good; i++) good = check_id(r, &r->csv.row[i], error);
  if (good && check_twice(r, error)) return true;
  roster_free(r);
  return false;
}

struct roster roster_read(const char *path) {
  struct roster r;
  struct lab_error error;
  struct bytes text = file_read(path);
  if (!roster_parse(path, text, &r, &error)) die(STATUS_USAGE, "%s", error.text);
  free(text.data);
  return r;
}

void roster_free(struct roster *r) {
  csv_free(&r->csv);
  free(r->path);
  *r = (struct roster){0};
}

size_t roster_students(const struct roster *r) { return r->csv.rows ? r->csv.rows - 1 : 0; }

const char *roster_id(const struct roster *r, size_t i) { return csv_text(&r->csv.row[i + 1], r->column); }

bool roster_has(const struct roster *r, const char *id) {
  for (size_t i = 0; i < roster_students(r); i++)
    if (strcmp(roster_id(r, i), id) == 0) return true;
  return false;
}

/* ---- finding ---- */

static const struct {
  enum student_key key;
  const char *heading;
} headings[] = {{KEY_NUMBER, "id"},        {KEY_NUMBER, "identifier"},
                {KEY_NUMBER, "canvas id"}, {KEY_NUMBER, "moodle id"},
                {KEY_ADDRESS, "email"},    {KEY_ADDRESS, "e-mail"},
                {KEY_ADDRESS, "login"},    {KEY_ADDRESS, "login id"},
                {KEY_ADDRESS, "username"}, {KEY_ADDRESS, "sis login id"},
                {KEY_SID, "sid"},          {KEY_SID, "sis user id"},
                {KEY_SID, "student id"},   {KEY_SID, "id number"},
                {KEY_NAME, "name"},        {KEY_NAME, "full name"},
                {KEY_NAME, "student"},     {KEY_ADDRESS, "email address"}};

/* How a key is compared: sites write names in lower case and without blanks and commas. */
static char *plain(enum student_key key, const char *text) {
  char *plain = must(strdup(text)), *to = plain;
  if (key == KEY_NUMBER && strncasecmp(text, "participant ", 12) == 0) text += 12;
  for (; *text; text++) {
    unsigned char c = (unsigned char)*text;
    if (key == KEY_NAME && c < 0x80 && !isalnum(c)) continue;
    *to++ = c < 0x80 ? (char)tolower(c) : (char)c;
  }
  *to = 0;
  return plain;
}

static bool same_key(enum student_key key, const char *plain_key, const char *cell) {
  char *other = plain(key, cell);
  bool same = *other && strcmp(plain_key, other) == 0;
  free(other);
  return same;
}

/* `Lovelace, Ada` is Ada Lovelace, too. */
static bool same_turned(const char *plain_key, const char *cell) {
  const char *comma = strchr(cell, ',');
  char *turned = NULL;
  if (!comma) return false;
  if (asprintf(&turned, "%s %.*s", comma + 1, (int)(comma - cell), cell) < 0) must(NULL);
  bool same = same_key(KEY_NAME, plain_key, turned);
  free(turned);
  return same;
}

static const char *named(const struct roster *r, const struct csv_row *row, const char *a, const char *b) {
  size_t column = csv_column(&r->csv, a);
  if (column == SIZE_MAX) column = csv_column(&r->csv, b);
  return column == SIZE_MAX ? "" : csv_text(row, column);
}

static bool same_names(const struct roster *r, const struct csv_row *row, const char *plain_key) {
  const char *first = named(r, row, "first name", "given name"),
             *last = named(r, row, "last name", "surname");
  char *name = NULL, *turned = NULL;
  if (!*first || !*last) return false;
  if (asprintf(&name, "%s %s", first, last) < 0 || asprintf(&turned, "%s %s", last, first) < 0) must(NULL);
  bool same = same_key(KEY_NAME, plain_key, name) || same_key(KEY_NAME, plain_key, turned);
  free(name), free(turned);
  return same;
}

static bool row_has(const struct roster *r, const struct csv_row *row, enum student_key key,
                    const char *plain_key) {
  for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
    if (headings[i].key != key) continue;
    size_t column = csv_column(&r->csv, headings[i].heading);
    if (column == SIZE_MAX) continue;
    const char *cell = csv_text(row, column);
    if (same_key(key, plain_key, cell) || (key == KEY_NAME && same_turned(plain_key, cell))) return true;
  }
  if (key == KEY_NAME && same_names(r, row, plain_key)) return true;
  return key != KEY_NUMBER &&
         same_key(key, plain_key, csv_text(row, r->column)); /* the ID may be any of them */
}

size_t roster_find(const struct roster *r, const struct student_keys *keys, char **why) {
  size_t n = roster_students(r), found = n;
  *why = NULL;
  for (enum student_key k = 0; k < STUDENT_KEYS && found == n; k++) {
    if (!keys->key[k] || !*keys->key[k]) continue;
    char *key = plain(k, keys->key[k]);
    for (size_t i = 0; i < n && !*why; i++) {
      if (!row_has(r, &r->csv.row[i + 1], k, key)) continue;
      if (found < n &&
          asprintf(why, "%s:%u and %u: both are '%s'", r->path, r->csv.row[found + 1].cell[0].at.line,
                   r->csv.row[i + 1].cell[0].at.line, keys->key[k]) < 0)
        must(NULL);
      if (found == n) found = i;
    }
    free(key);
  }
  return *why ? n : found;
}
