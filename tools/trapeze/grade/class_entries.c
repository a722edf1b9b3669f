/* class_entries.c - the hand-ins of a class with their results, all of one version of one lab. */
#include <stdlib.h>
#include <string.h>

#include "class_entries.h"
#include "class_result.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/intake/csv.h"
#include "tools/trapeze/grade/intake/members.h"

/* ---- results ---- */

/* The result in OUT/NAME; NULL when there is none. Dies when the file is not a whole result of ours. */
static json_t *result_of(const char *out, const char *name) {
  char *why;
  json_t *result = class_result(out, name, &why);
  if (why) die(STATUS_USAGE, "%s", why);
  return result;
}

char *result_columns(const json_t *result, const char *list, const char *member) {
  char *text;
  size_t size, i;
  const json_t *item;
  FILE *f = must(open_memstream(&text, &size));
  json_array_foreach(json_object_get(result, list), i, item) {
    const char *name = json_string_value(json_object_get(item, member));
    fputc(',', f);
    csv_write_cell(f, name ? name : "");
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
    char *x = result_columns(first, lists[i][0], lists[i][1]),
         *y = result_columns(other, lists[i][0], lists[i][1]);
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

/* ---- all of them ---- */

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static bool has(const struct entry *entry, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++)
    if (strcmp(entry[i].name, name) == 0) return true;
  return false;
}

struct entry *entries_gather(const struct class_options *o, size_t *n) {
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

void entries_free(struct entry *entry, size_t n) {
  for (size_t i = 0; i < n; i++) {
    free(entry[i].name);
    json_decref(entry[i].result);
  }
  free(entry);
}

const json_t *entries_first(const struct entry *entry, size_t n) {
  const struct entry *first = NULL;
  for (size_t i = 0; i < n; i++) {
    if (!entry[i].result) continue;
    if (!first) first = &entry[i];
    same_columns(first->result, first->name, entry[i].result, entry[i].name);
  }
  return first ? first->result : NULL;
}
