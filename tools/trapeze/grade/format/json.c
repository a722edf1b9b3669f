/* json.c - all of a result as JSON, ours: labs/FORMATS.md documents the members. */
#include "format.h"

static json_t *test(const struct test_result *t) {
  json_t *o = must(json_object());
  json_put(o, "id", json_text(t->test->id));
  json_put(o, "title", json_text(t->test->title));
  json_put(o, "visibility", json_string(visibility_name(t->test->visibility)));
  json_put(o, "status", json_string(status_name(t->status)));
  json_put(o, "score", json_points(t->score));
  json_put(o, "max", json_points(t->test->points));
  json_put(o, "rubric", json_text(t->test->rubric));
  json_put(o, "feedback", json_text(t->feedback ? t->feedback : ""));
  json_put(o, "debug", json_text(t->debug));
  return o;
}

static json_t *figure(const struct figure_result *f) {
  json_t *o = must(json_object());
  json_put(o, "name", json_text(f->figure->name));
  json_put(o, "value", f->known ? json_integer((json_int_t)f->value) : json_null());
  json_put(o, "order", json_string(f->figure->descending ? "desc" : "asc"));
  return o;
}

static json_t *digests(const struct result *r) {
  json_t *o = must(json_object());
  json_put(o, "lab", json_string(r->digest.lab));
  json_put(o, "submission", json_string(r->digest.submission));
  return o;
}

static void write(FILE *f, const struct result *r) {
  json_t *o = must(json_object()), *tests = must(json_array()), *figures = must(json_array());
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) json_push(tests, test(&r->test[i]));
  for (size_t i = 0; i < r->lab->figures; i++) json_push(figures, figure(&r->figure[i]));
  json_put(o, "trapeze_result", json_integer(RESULT_VERSION));
  json_put(o, "lab", json_text(r->lab->name));
  json_put(o, "title", json_text(r->lab->title));
  json_put(o, "student", json_text(r->student));
  json_put(o, "score", json_points(r->score));
  json_put(o, "max", json_points(r->max));
  json_put(o, "trouble", json_text(r->trouble));
  json_put(o, "digest", digests(r));
  json_put(o, "tests", tests);
  json_put(o, "leaderboard", figures);
  json_write(f, o, true);
}

const struct format format_json = {"json", "grade.json", write};
