/* result.c - a result's own life, and the words and numbers that all formats share. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/format/format.h"

void result_free(struct result *r) {
  if (!r) return;
  for (size_t i = 0; i < r->lab->tests; i++) {
    free(r->test[i].feedback);
    free(r->test[i].debug);
  }
  free(r->test);
  free(r->figure);
  free(r->trouble);
  free(r->student);
  free(r);
}

const struct format *format_find(const char *name) {
  static const struct format *const all[] = {&format_text,         &format_json,    &format_gradescope,
                                             &format_prairielearn, &format_autolab, &format_junit,
                                             &format_tap};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}

/* ---- points ---- */

static double rounded(double points) { return round(points * 100) / 100 + 0.0; /* no negative zero */ }

const char *points_text(double points, char buf[32]) {
  snprintf(buf, 32, "%.2f", rounded(points));
  char *end = buf + strlen(buf);
  while (end[-1] == '0') *--end = 0;
  if (end[-1] == '.') end[-1] = 0;
  return buf;
}

json_t *json_points(double points) {
  double r = rounded(points);
  return r == floor(r) ? json_integer((json_int_t)r) : json_real(r);
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

/* ---- UTF-8 ---- */

/* The code point at `s` and its length; length 0 when there is none, by the Unicode standard's table 3-7. */
static unsigned decode(const unsigned char *s, uint32_t *point) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned length = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : s[0] >= 0xC2 ? 2 : 0;
  if (length == 0 || s[0] > 0xF4) return 0;
  *point = length == 1 ? s[0] : s[0] & (0x7Fu >> length);
  for (unsigned i = 1; i < length; i++) {
    if ((s[i] & 0xC0) != 0x80) return 0;
    *point = *point << 6 | (s[i] & 0x3F);
  }
  bool surrogate = *point >= 0xD800 && *point < 0xE000;
  return *point < least[length] || *point > 0x10FFFF || surrogate ? 0 : length;
}

static bool harmless(uint32_t point) {
  if (point == '\n' || point == '\t') return true;
  if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return false; /* controls */
  if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069))
    return false;                                                             /* direction */
  if (point == 0x2028 || point == 0x2029) return false;                       /* more kinds of newline */
  return (point & 0xFFFE) != 0xFFFE && !(point >= 0xFDD0 && point <= 0xFDEF); /* non-characters */
}

char *text_clean(const char *text) {
  const unsigned char *s = (const unsigned char *)(text ? text : "");
  char *clean = must(malloc(3 * strlen((const char *)s) + 1)), *to = clean; /* U+FFFD has three bytes */
  while (*s) {
    uint32_t point;
    unsigned length = decode(s, &point);
    if (length && harmless(point)) {
      memcpy(to, s, length);
      to += length;
    } else {
      memcpy(to, "\xEF\xBF\xBD", 3);
      to += 3;
    }
    s += length ? length : 1;
  }
  *to = 0;
  return clean;
}

char *text_line(const char *text) {
  char *line = text_clean(text);
  for (char *c = line; *c; c++)
    if (*c == '\n' || *c == '\t') *c = ' ';
  return line;
}

/* ---- JSON ---- */

json_t *json_text(const char *text) {
  if (!text) return json_null();
  char *clean = text_clean(text);
  json_t *string = json_string(clean);
  free(clean);
  return must(string);
}

void json_put(json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, must(value)) != 0) die(STATUS_USAGE, "out of memory");
}

void json_push(json_t *array, json_t *value) {
  if (json_array_append_new(array, must(value)) != 0) die(STATUS_USAGE, "out of memory");
}

void json_write(FILE *f, json_t *value, bool indented) {
  /* 12 digits: what json_points has rounded comes out as short as it went in */
  if (json_dumpf(value, f, JSON_REAL_PRECISION(12) | JSON_ENCODE_ANY | (indented ? JSON_INDENT(2) : 0)) !=
          0 &&
      !ferror(f))
    die(STATUS_USAGE, "out of memory");
  fputc('\n', f);
  json_decref(value);
}
