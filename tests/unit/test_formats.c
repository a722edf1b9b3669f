/* test_formats.c - the formats that tell a result, fed with what would break them: control characters, half
 * characters, markup of each format, forged lines. With a folder as argument it writes each format's file of
 * each sample there instead, for tests/formats.t to hold against the schemas. */
#include "kit.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdnoreturn.h>

#include "tools/trapeze/grade/format/format.h"

/* ---- samples ---- */

#define NASTY                                                                                      \
  "\x1b[31mred\x07 <b>&amp; ]]> \"quoted\" \\ back % \xff\xc0\x80 half \xe2\x82 far \xed\xa0\x80 " \
  "\xf4\x90\x80\x80 "                                                                              \
  "turned \xe2\x80\xae non \xef\xbf\xbe c1 \xc2\x9b fine \xc3\xa9 \xf0\x9d\x84\x9e\ttab # SKIP"

#define COLONS "::forged::this is ::forged::this is ::forged::this is a ::forged::this is the ::forged::x "

#define FORGED                                                                                             \
  "Expected one exit, saw two.\n\nnot ok 99 - forged\nok 98 - forged\n  ...\n{\"scores\": {\"a\": 100}}\n" \
  "</failure></testcase>\n::stop-commands::forged\n \xc2\xa0 ::error::forged\nsee ##[group]forged "        \
  "##vso[x]\n" COLONS COLONS COLONS NASTY                                                                  \
  "\n   #12  app -> host-os   broken at eighty columns, but the blanks of the row stay\n"                  \
  "A sentence that goes on for so long that a terminal of eighty columns could not show it in a single "   \
  "line, and \xc3\xbc"                                                                                     \
  "ber.\n"

static char title[] = "title " NASTY " {}: not ok", figure_name[] = "name \"<&";

static struct lab_test tests[] = {
    {.id = "plain", .title = "says hello", .points = 2},
    {.id = "nasty-1", .title = title, .points = 7.5, .partial = true},
    {.id = "secret", .title = "SECRET TITLE", .points = 3, .visibility = HIDDEN},
    {.id = "later",
     .title = "after the due date, a title that is long enough not to fit into what is left of the line",
     .points = 1,
     .visibility = AFTER_DUE_DATE},
    {.id = "builds-on", .title = "builds on nasty", .points = 1.25},
};
static struct lab_figure figures[] = {{.name = figure_name, .counter = "instructions"},
                                      {.name = "fewer", .counter = "exits", .descending = true}};
static struct lab lab = {.path = "x",
                         .name = "99-nasty",
                         .title = title,
                         .test = tests,
                         .tests = 5,
                         .figure = figures,
                         .figures = 2};

struct sample {
  struct test_result test[5];
  struct figure_result figure[2];
  struct result r;
};

static struct sample nasty(void) {
  return (struct sample){
      .test = {{&tests[0], TEST_PASSED, 2, "", NULL, 0, 0, false, NULL},
               {&tests[1], TEST_FAILED, 2.5000001, FORGED, "trapeze debug --at 12 'a \"b\" <c>'", 0, 0, false,
                NULL},
               {&tests[2], TEST_FAILED, 0, "SECRET FEEDBACK", "SECRET COMMAND", 0, 0, false, NULL},
               {&tests[3], TEST_PASSED, 1, "", NULL, 0, 0, false, NULL},
               {&tests[4], TEST_SKIPPED, 0, "", NULL, 0, 0, false, NULL}},
      .figure = {{&figures[0], true, 1234567890123}, {&figures[1], true, 7}},
      .r = {.lab = &lab,
            .student = "eve " NASTY "\nok 97 - forged",
            .score = 5.5000001,
            .max = 14.75,
            .digest = {"0000000000001234", "fedcba9876543210"}}};
}
static struct sample perfect(void) {
  struct sample s = nasty();
  for (unsigned i = 0; i < 5; i++)
    s.test[i] = (struct test_result){&tests[i], TEST_PASSED, tests[i].points, "", NULL, 0, 0, false, NULL};
  s.r.score = s.r.max;
  s.r.student = "ada";
  return s;
}
static struct sample unbuilt(void) {
  struct sample s = nasty();
  for (unsigned i = 0; i < 5; i++)
    s.test[i] = (struct test_result){&tests[i], TEST_SKIPPED, 0, "", NULL, 0, 0, false, NULL};
  s.r.score = 0;
  s.r.trouble = "answer.c is missing.\nb.c:1: " NASTY "\nok 96 - forged\n";
  s.figure[1].known = false;
  return s;
}
static struct sample only(void) {
  struct sample s = nasty();
  s.test[0] = s.test[2] = s.test[3] = s.test[4] = (struct test_result){0};
  s.r.score = 2.5, s.r.max = 7.5;
  return s;
}
static const struct {
  const char *name;
  struct sample (*make)(void);
} samples[] = {{"nasty", nasty}, {"perfect", perfect}, {"unbuilt", unbuilt}, {"only", only}};

static const char *const names[] = {"text",    "json",  "gradescope", "prairielearn",
                                    "autolab", "junit", "tap",        "html"};

static struct sample *
at_home(struct sample *s) { /* a sample's result points into it: after each copy again */
  s->r.test = s->test;
  s->r.figure = s->figure;
  return s;
}

/* What a format writes; the caller frees it. */
static char *written(const char *format, struct sample s) {
  char *text;
  size_t size;
  FILE *f = open_memstream(&text, &size);
  assert_non_null(format_find(format));
  format_find(format)->write(f, &at_home(&s)->r);
  fclose(f);
  assert_int_equal(strlen(text), size);
  return text;
}

static json_t *parsed(const char *format, struct sample s) {
  char *text = written(format, s);
  json_error_t error;
  json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  if (!all) fail_msg("%s: %s in: %.200s", format, error.text, text);
  free(text);
  return all;
}

static const char *string_of(const json_t *o, const char *key) {
  const char *s = json_string_value(json_object_get(o, key));
  if (!s) fail_msg("no string %s", key);
  return s;
}

/* ---- words and numbers ---- */

static void points_have_two_digits_at_most(void **state) {
  static const struct {
    double points;
    const char *text;
  } cases[] = {{0, "0"},           {10, "10"},       {100, "100"},      {3.5, "3.5"},
               {10 / 3.0, "3.33"}, {2.999, "3"},     {-0.001, "0"},     {0.05, "0.05"},
               {7.10, "7.1"},      {1e6, "1000000"}, {0.1 + 0.2, "0.3"}};
  char buf[32];
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(points_text(cases[i].points, buf), cases[i].text);
}

static void numbers_in_json_are_as_short_as_points(void **state) {
  (void)state;
  json_t *third = json_points(10 / 3.0), *whole = json_points(2.9999);
  char *text = json_dumps(third, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
  assert_string_equal(text, "3.33");
  assert_true(json_is_integer(whole) && json_integer_value(whole) == 3);
  free(text);
  json_decref(third), json_decref(whole);
}

static void cleaned(const char *in, const char *out) {
  char *clean = text_clean(in);
  assert_string_equal(clean, out);
  free(clean);
}

#define BAD "\xEF\xBF\xBD"
static void text_is_made_valid(void **state) {
  (void)state;
  cleaned(NULL, "");
  cleaned("plain\n\ttext \xc3\xa9 \xe2\x82\xac \xf0\x9d\x84\x9e \xed\x9f\xbf",
          "plain\n\ttext \xc3\xa9 \xe2\x82\xac \xf0\x9d\x84\x9e \xed\x9f\xbf");
  cleaned("\x01\x1b\r\x7f", BAD BAD BAD BAD);
  cleaned("\xff\xfe\x80", BAD BAD BAD);
  cleaned("\xc0\xaf", BAD BAD); /* overlong */
  cleaned("\xe0\x80\xaf", BAD BAD BAD);
  cleaned("\xe2\x82", BAD BAD); /* cut off */
  cleaned("\xe2\x82x", BAD BAD "x");
  cleaned("\xed\xa0\x80", BAD BAD BAD);         /* a surrogate */
  cleaned("\xf4\x90\x80\x80", BAD BAD BAD BAD); /* beyond Unicode */
  cleaned("\xc2\x9b|\xe2\x80\xae|\xe2\x81\xa6|\xe2\x80\xa8|\xef\xbf\xbf|\xef\xb7\x90",
          BAD "|" BAD "|" BAD "|" BAD "|" BAD "|" BAD);
  /* what a build server would obey */
  cleaned("::stop-commands::x\n\t \xc2\xa0::error::y\na::b",
          ":\\:stop-commands::x\n\t \xc2\xa0:\\:error::y\na::b");
  cleaned("a ##[group]b ##vso[c] ###[d ## #[ ##e f[", "a #\\#[group]b #\\#vso[c] ##\\#[d ## #[ ##e f[");
  char *line = text_line("a\nb\tc");
  assert_string_equal(line, "a b c");
  free(line);
}

/* ---- all formats ---- */

static void output_is_clean_text_with_a_newline_at_the_end(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (size_t j = 0; j < sizeof samples / sizeof *samples; j++) {
      char *text = written(names[i], samples[j].make()), *clean = text_clean(text);
      assert_string_equal(text, clean);
      assert_int_equal(text[strlen(text) - 1], '\n');
      free(text), free(clean);
    }
}

static void two_writings_agree(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *one = written(names[i], nasty()), *two = written(names[i], nasty());
    assert_string_equal(one, two);
    free(one), free(two);
  }
}

static void hidden_titles_go_only_where_they_stay_hidden(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct sample s = nasty();
    s.test[3] =
        (struct test_result){&tests[3], TEST_FAILED, 0.5, "after the due date, too", NULL, 0, 0, false, NULL};
    char *text = written(names[i], s);
    bool keeps = !strcmp(names[i], "json") || !strcmp(names[i], "gradescope");
    assert_int_equal(strstr(text, "SECRET") != NULL, keeps);
    assert_int_equal(strstr(text, "after the due date") != NULL, keeps);
    free(text);
  }
}

static void tests_left_out_are_not_there(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *text = written(names[i], only());
    assert_null(strstr(text, "plain"));
    assert_non_null(strstr(text, "nasty-1"));
    free(text);
  }
  assert_null(format_find("nonesuch"));
}

/* ---- each format ---- */

static void json_holds_all(void **state) {
  (void)state;
  json_t *o = parsed("json", nasty()), *tests_of = json_object_get(o, "tests"),
         *t = json_array_get(tests_of, 1);
  char *feedback = text_clean(FORGED);
  assert_int_equal(json_integer_value(json_object_get(o, "trapeze_result")), 2);
  assert_int_equal(json_array_size(tests_of), 5);
  assert_true(json_real_value(json_object_get(o, "score")) == 5.5);
  assert_string_equal(string_of(t, "feedback"), feedback);
  assert_string_equal(string_of(t, "status"), "failed");
  assert_string_equal(string_of(json_array_get(tests_of, 4), "status"), "skipped");
  assert_true(json_is_null(json_object_get(o, "trouble")));
  assert_int_equal(
      json_integer_value(json_object_get(json_array_get(json_object_get(o, "leaderboard"), 0), "value")),
      1234567890123);
  free(feedback);
  json_decref(o);
  o = parsed("json", unbuilt());
  assert_true(json_is_string(json_object_get(o, "trouble")));
  assert_true(json_is_null(json_object_get(json_array_get(json_object_get(o, "leaderboard"), 1), "value")));
  json_decref(o);
}

static void gradescope_says_what_is_seen_when(void **state) {
  static const char *const visibility[] = {"visible", "visible", "hidden", "after_due_date", "visible"};
  static const char *const status[] = {"passed", "failed", "failed", "passed", "failed"};
  (void)state;
  json_t *o = parsed("gradescope", nasty()), *t;
  size_t i;
  json_array_foreach(json_object_get(o, "tests"), i, t) {
    assert_string_equal(string_of(t, "visibility"), visibility[i]);
    assert_string_equal(string_of(t, "status"), status[i]);
    assert_true(json_number_value(json_object_get(t, "max_score")) == tests[i].points);
  }
  assert_int_equal(i, 5);
  assert_non_null(
      strstr(string_of(json_array_get(json_object_get(o, "tests"), 1), "output"), "trapeze debug"));
  assert_int_equal(json_array_size(json_object_get(o, "leaderboard")), 2);
  assert_string_equal(string_of(json_array_get(json_object_get(o, "leaderboard"), 1), "order"), "desc");
  json_decref(o);
  o = parsed("gradescope", unbuilt());
  assert_int_equal(json_array_size(json_object_get(o, "leaderboard")), 1); /* the one that is known */
  assert_non_null(strstr(string_of(o, "output"), "answer.c is missing"));
  json_decref(o);
}

static void prairielearn_takes_no_attempt_for_nothing(void **state) {
  (void)state;
  json_t *o = parsed("prairielearn", nasty());
  assert_true(json_is_true(json_object_get(o, "gradable")));
  assert_float_equal(json_real_value(json_object_get(o, "score")), 5.5 / 14.75, 1e-6);
  json_decref(o);
  o = parsed("prairielearn", unbuilt());
  assert_true(json_is_false(json_object_get(o, "gradable")));
  assert_null(json_object_get(o, "score"));
  assert_int_equal(json_array_size(json_object_get(o, "format_errors")), 3);
  json_decref(o);
  struct sample s = nasty(); /* something did not build, and yet there are points */
  s.r.trouble = "b.c did not build";
  o = parsed("prairielearn", s);
  assert_true(json_is_true(json_object_get(o, "gradable")));
  json_decref(o);
  s = perfect(), s.r.max = s.r.score = 0;
  o = parsed("prairielearn", s);
  assert_float_equal(json_real_value(json_object_get(o, "score")), 1, 0);
  json_decref(o);
}

static json_t *last_line(struct sample s) {
  char *text = written("autolab", s), *end = strrchr(text, '\n');
  *end = 0;
  char *line = strrchr(text, '\n') + 1;
  json_t *o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
  if (!o) fail_msg("the last line is no JSON: %s", line);
  free(text);
  return o;
}

static void autolab_ends_with_the_scores(void **state) {
  (void)state;
  json_t *o = last_line(nasty()), *scores = json_object_get(o, "scores");
  assert_int_equal(json_object_size(scores), 5);
  assert_float_equal(json_number_value(json_object_get(scores, "nasty-1")), 2.5, 0);
  assert_int_equal(json_array_size(json_object_get(o, "scoreboard")), 3);
  json_decref(o);
  o = last_line(unbuilt());
  assert_null(json_object_get(o, "scoreboard"));
  json_decref(o);
}

static unsigned lines_with(const char *text, const char *start) {
  unsigned n = strncmp(text, start, strlen(start)) == 0;
  char with_newline[64];
  snprintf(with_newline, sizeof with_newline, "\n%s", start);
  for (const char *at = text; (at = strstr(at, with_newline)); at++) n++;
  return n;
}

static void tap_cannot_be_forged(void **state) {
  (void)state;
  char *text = written("tap", nasty());
  assert_int_equal(lines_with(text, "ok "), 2);
  assert_int_equal(lines_with(text, "not ok "), 3);
  assert_int_equal(lines_with(text, "  ---"), 2);
  assert_int_equal(lines_with(text, "  ..."), 2);
  assert_non_null(strstr(text, "\\# SKIP {}: not ok\n"));
  assert_non_null(strstr(text, "\\\\ back"));
  assert_int_equal(lines_with(text, "not ok 5 - builds-on: builds on nasty # SKIP "), 1);
  free(text);
}

static void junit_counts(void **state) {
  (void)state;
  char *text = written("junit", nasty());
  assert_non_null(strstr(text, "tests=\"5\" failures=\"2\" errors=\"0\" skipped=\"1\""));
  assert_int_equal(
      lines_with(text, "<testsuites name=\"trapeze\" tests=\"5\" failures=\"2\" errors=\"0\" time=\"0\">"),
      1);
  assert_null(strstr(text, "]]>"));
  assert_int_equal(lines_with(text, "    <testcase"), 5);
  free(text);
}

static void text_fits_a_terminal(void **state) {
  (void)state;
  char *text = written("text", nasty()), *rest = text, *line;
  assert_non_null(strstr(text, "  partly   2.5/7.5  nasty-1"));
  assert_non_null(strstr(
      text,
      "\n       #12  app -> host-os   broken at eighty columns, but the blanks of the row\n         stay\n"));
  assert_non_null(strstr(text, "      trapeze debug --at 12 'a \"b\" <c>'\n"));
  assert_non_null(strstr(text, "\nHidden tests that were not passed: secret.\n"));
  assert_null(strstr(text, "Begin with")); /* where there is but one to begin with */
  while ((line = strsep(&rest, "\n"))) {
    size_t width = 0;
    for (const char *c = line; *c; c++) width += ((unsigned char)*c & 0xC0) != 0x80;
    if (width > 80) fail_msg("%zu columns: %s", width, line);
  }
  free(text);
  struct sample two = nasty();
  two.test[0] = (struct test_result){&tests[0], TEST_FAILED, 0, "No.", NULL, 0, 0, false, NULL};
  text = written("text", two);
  assert_non_null(strstr(text, "\nBegin with plain"));
  free(text);
  text = written("text", perfect());
  assert_non_null(strstr(text, "ada has 14.75 of 14.75 points"));
  assert_null(strstr(text, "Begin with"));
  free(text);
}

/* ---- files for the schemas ---- */

static int write_all(const char *folder) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (size_t j = 0; j < sizeof samples / sizeof *samples; j++) {
      char path[4096];
      snprintf(path, sizeof path, "%s/%s.%s", folder, samples[j].name, names[i]);
      FILE *f = fopen(path, "w");
      if (!f) return 1;
      struct sample s = samples[j].make();
      format_find(names[i])->write(f, &at_home(&s)->r);
      if (fclose(f) != 0) return 1;
    }
  return 0;
}

int main(int argc, char **argv) {
  if (argc > 1) return write_all(argv[1]);
  const struct CMUnitTest all[] = {
      cmocka_unit_test(points_have_two_digits_at_most),
      cmocka_unit_test(numbers_in_json_are_as_short_as_points),
      cmocka_unit_test(text_is_made_valid),
      cmocka_unit_test(output_is_clean_text_with_a_newline_at_the_end),
      cmocka_unit_test(two_writings_agree),
      cmocka_unit_test(hidden_titles_go_only_where_they_stay_hidden),
      cmocka_unit_test(tests_left_out_are_not_there),
      cmocka_unit_test(json_holds_all),
      cmocka_unit_test(gradescope_says_what_is_seen_when),
      cmocka_unit_test(prairielearn_takes_no_attempt_for_nothing),
      cmocka_unit_test(autolab_ends_with_the_scores),
      cmocka_unit_test(tap_cannot_be_forged),
      cmocka_unit_test(junit_counts),
      cmocka_unit_test(text_fits_a_terminal),
  };
  return cmocka_run_group_tests_name("formats", all, NULL, NULL);
}
