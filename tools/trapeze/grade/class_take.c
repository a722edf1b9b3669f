/* class_take.c - which of a student's hand-ins counts. */
#include <stdlib.h>
#include <string.h>

#include "class_take.h"
#include "tools/trapeze/grade/intake/intake.h"
#include "tools/trapeze/grade/intake/members.h"
#include "tools/trapeze/untrusted.h"

struct taking {
  enum class_take take;
  const struct entry *entry;
  size_t entries;
  char **owner; /* of each entry: the student after whom it is called */
  unsigned *attempt;
  struct groups groups;
  struct row *row;
  size_t rows;
};

/* ---- whose ---- */

static bool in_group(const struct taking *t, const char *hand_in, const char *student) {
  for (size_t i = 1; i < t->groups.csv.rows; i++) {
    const struct csv_row *row = &t->groups.csv.row[i];
    if (strcmp(csv_text(row, 0), hand_in) == 0 && strcmp(csv_text(row, 1), student) == 0) return true;
  }
  return false;
}

/* ---- which ---- */

static double score(const struct entry *e) { return json_number_value(json_object_get(e->result, "score")); }

/* Does entry `a` count rather than `b`? */
static bool counts_more(const struct taking *t, size_t a, size_t b) {
  const struct entry *x = &t->entry[a], *y = &t->entry[b];
  if (t->take == TAKE_LAST) return t->attempt[a] > t->attempt[b];
  if (!x->result || !y->result) return !x->result && y->result;
  if (score(x) != score(y)) return score(x) > score(y);
  return t->attempt[a] < t->attempt[b];
}

static const struct entry *counted(const struct taking *t, const char *student) {
  size_t best = t->entries;
  for (size_t i = 0; i < t->entries; i++) {
    if (strcmp(t->owner[i], student) != 0 && !in_group(t, t->entry[i].name, student)) continue;
    if (best == t->entries || counts_more(t, i, best)) best = i;
  }
  return best < t->entries ? &t->entry[best] : NULL;
}

/* ---- rows ---- */

static bool has_row(const struct taking *t, const char *student) {
  for (size_t i = 0; i < t->rows; i++)
    if (strcmp(t->row[i].student, student) == 0) return true;
  return false;
}

static void add_row(struct taking *t, const char *student) {
  if (has_row(t, student)) return;
  t->row = must(realloc(t->row, (t->rows + 1) * sizeof *t->row));
  t->row[t->rows++] = (struct row){must(strdup(student)), counted(t, student)};
}

static int by_student(const void *a, const void *b) {
  return strcmp(((const struct row *)a)->student, ((const struct row *)b)->student);
}

static void add_roster(struct taking *t, const char *path) {
  struct roster roster = roster_read(path);
  for (size_t i = 0; i < roster_students(&roster); i++) add_row(t, roster_id(&roster, i));
  roster_free(&roster);
}

static void note_unknown(const struct taking *t, size_t known, const char *roster) {
  for (size_t i = known; roster && i < t->rows; i++) {
    char *name = printable_name(t->row[i].student);
    fprintf(stderr, "trapeze: %s: not in %s\n", name, roster);
    free(name);
  }
}

/* Those who have handed in, by themselves or in a group. */
static void add_others(struct taking *t, const char *roster) {
  size_t known = t->rows;
  for (size_t i = 0; i < t->entries; i++) add_row(t, t->owner[i]);
  for (size_t i = 1; i < t->groups.csv.rows; i++) {
    const char *student = csv_text(&t->groups.csv.row[i], 1);
    if (counted(t, student)) add_row(t, student);
  }
  if (t->rows > known) qsort(t->row + known, t->rows - known, sizeof *t->row, by_student);
  note_unknown(t, known, roster);
}

struct row *rows_make(const struct class_options *o, const struct entry *entry, size_t entries,
                      size_t *rows) {
  struct taking t = {.take = o->take, .entry = entry, .entries = entries};
  t.owner = must(calloc(entries + 1, sizeof *t.owner));
  t.attempt = must(calloc(entries + 1, sizeof *t.attempt));
  for (size_t i = 0; i < entries; i++) t.owner[i] = member_student(entry[i].name, &t.attempt[i]);
  if (o->folder) t.groups = groups_read(o->folder);
  if (o->roster) add_roster(&t, o->roster);
  add_others(&t, o->roster);
  for (size_t i = 0; i < entries; i++) free(t.owner[i]);
  free(t.owner), free(t.attempt);
  groups_free(&t.groups);
  *rows = t.rows;
  return t.row;
}

void rows_free(struct row *row, size_t n) {
  for (size_t i = 0; i < n; i++) free(row[i].student);
  free(row);
}
