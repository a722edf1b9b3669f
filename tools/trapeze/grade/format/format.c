/* format.c - the table of formats, and the words and numbers that several of them write. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

const struct format *const format_all[] = {&format_text,         &format_json,    &format_gradescope,
                                           &format_prairielearn, &format_autolab, &format_junit,
                                           &format_tap,          &format_html,    NULL};

const struct format *format_find(const char *name) {
  for (size_t i = 0; format_all[i]; i++)
    if (strcmp(format_all[i]->name, name) == 0) return format_all[i];
  return NULL;
}

/* ---- words ---- */

const char *visibility_name(enum visibility v) {
  static const char *const names[] = {"visible", "hidden", "after_due_date", "after_published"};
  return names[v];
}

const char *status_name(enum test_status s) {
  static const char *const names[] = {"passed", "failed", "skipped"};
  return names[s];
}

const char *test_title(const struct test_result *t) { return test_open(t) ? t->test->title : "hidden test"; }

static void put_words(FILE *f, const struct test_result *t) {
  if (t->status == TEST_SKIPPED && !(t->feedback && *t->feedback))
    fputs("Not run: a test that it builds on has failed.", f);
  if (t->feedback) fputs(t->feedback, f);
  if (t->debug) fprintf(f, "\nTo look at it: %s\n", t->debug);
}

char *test_words(const struct test_result *t, bool reader_hides) {
  char *words = NULL;
  size_t size;
  FILE *f = must(open_memstream(&words, &size));
  if (test_open(t) || reader_hides || t->status == TEST_PASSED)
    put_words(f, t);
  else
    fprintf(f, "This hidden test was %s.", t->status == TEST_FAILED ? "not passed" : "not run");
  fclose(f);
  char *clean = text_clean(words);
  free(words);
  return clean;
}

/* ---- JSON ---- */

json_t *json_points(double points) {
  double r = points_rounded(points);
  return r == floor(r) ? json_integer((json_int_t)r) : json_real(r);
}

void json_write(FILE *f, json_t *value, bool indented) {
  /* With 12 digits, what json_points has rounded comes out as short as it went in. */
  size_t flags = JSON_REAL_PRECISION(12) | JSON_ENCODE_ANY | (indented ? JSON_INDENT(2) : 0);
  if (json_dumpf(value, f, flags) != 0 && !ferror(f)) must(NULL);
  fputc('\n', f);
  json_decref(value);
}
