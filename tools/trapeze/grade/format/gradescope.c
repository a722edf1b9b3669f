/* gradescope.c - Gradescope's results.json, by gradescope-autograders.readthedocs.io, "Autograder
 * Specifications". Gradescope itself hides what is not visible to students, so titles and words are all
 * there. */
#include <stdlib.h>

#include "format.h"

static json_t *tags(const struct test_result *t) {
  json_t *all = must(json_array());
  json_push(all, json_text(t->test->id));
  if (t->status == TEST_SKIPPED) json_push(all, json_string("skipped"));
  return all;
}

static json_t *extra(const struct test_result *t) {
  json_t *o = must(json_object());
  json_put(o, "id", json_text(t->test->id));
  json_put(o, "status", json_string(status_name(t->status)));
  return o;
}

static json_t *test(const struct test_result *t) {
  json_t *o = must(json_object());
  char *words = test_words(t, true), *name = text_line(t->test->title);
  json_put(o, "score", json_points(t->score));
  json_put(o, "max_score", json_points(t->test->points));
  json_put(o, "status", json_string(t->status == TEST_PASSED ? "passed" : "failed"));
  json_put(o, "name", json_text(name));
  json_put(o, "name_format", json_string("text"));
  json_put(o, "output", json_text(words));
  json_put(o, "output_format", json_string("text"));
  json_put(o, "tags", tags(t));
  json_put(o, "visibility", json_string(visibility_name(t->test->visibility)));
  json_put(o, "extra_data", extra(t));
  free(words), free(name);
  return o;
}

static json_t *leaderboard(const struct result *r) {
  json_t *all = must(json_array());
  for (size_t i = 0; i < r->lab->figures; i++) {
    const struct figure_result *f = &r->figure[i];
    if (!f->known) continue; /* a run that has not ended well is no figure to compare */
    json_t *o = must(json_object());
    json_put(o, "name", json_text(f->figure->name));
    json_put(o, "value", json_integer((json_int_t)f->value));
    json_put(o, "order", json_string(f->figure->descending ? "desc" : "asc"));
    json_push(all, o);
  }
  return all;
}

static json_t *provenance(const struct result *r) {
  json_t *o = must(json_object());
  json_put(o, "trapeze_result", json_integer(RESULT_VERSION));
  json_put(o, "lab", json_text(r->lab->name));
  json_put(o, "student", json_text(r->student));
  return o;
}

static void write(FILE *f, const struct result *r) {
  json_t *o = must(json_object()), *tests = must(json_array());
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) json_push(tests, test(&r->test[i]));
  json_put(o, "score", json_points(r->score));
  json_put(o, "output", json_text(r->trouble ? r->trouble : ""));
  json_put(o, "output_format", json_string("text"));
  json_put(o, "test_output_format", json_string("text"));
  json_put(o, "test_name_format", json_string("text"));
  json_put(o, "visibility", json_string("visible"));
  json_put(o, "stdout_visibility", json_string("hidden"));
  json_put(o, "extra_data", provenance(r));
  json_put(o, "tests", tests);
  if (r->lab->figures) json_put(o, "leaderboard", leaderboard(r));
  json_write(f, o, true);
}

const struct format format_gradescope = {"gradescope", "results.json", write};
