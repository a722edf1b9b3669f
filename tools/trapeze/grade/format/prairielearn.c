/* prairielearn.c - PrairieLearn's /grade/results/results.json, by its manual, "External Grading".
 *
 * PrairieLearn shows a student all of it, so hidden tests have no title here. A submission that could not
 * even be taken or built, and has no point, is not gradable: it costs the student no attempt. */
#include <stdlib.h>
#include <string.h>

#include "format.h"

static json_t *test(const struct test_result *t) {
  json_t *o = must(json_object());
  char *words = test_words(t, false), *title = text_line(test_title(t));
  json_put(o, "name", json_text(t->test->id));
  json_put(o, "description", json_text(title));
  json_put(o, "points", json_points(t->score));
  json_put(o, "max_points", json_points(t->test->points));
  json_put(o, "message", json_string(status_name(t->status)));
  json_put(o, "output", json_text(words));
  free(words), free(title);
  return o;
}

static json_t *lines(const char *text) {
  json_t *all = must(json_array());
  char *copy = text_clean(text), *rest = copy, *line;
  while ((line = strsep(&rest, "\n")))
    if (*line) json_push(all, json_text(line));
  free(copy);
  return all;
}

/* Of a lab without points full marks are that every test has passed. */
static double share(const struct result *r) {
  if (r->max > 0) return r->score < 0 ? 0 : r->score > r->max ? 1 : r->score / r->max;
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i]) && r->test[i].status != TEST_PASSED) return 0;
  return 1;
}

static void write(FILE *f, const struct result *r) {
  json_t *o = must(json_object()), *tests = must(json_array());
  bool gradable = !(r->trouble && r->score <= 0);
  char score[32], max[32], message[96];
  snprintf(message, sizeof message, "%s of %s points", points_text(r->score, score),
           points_text(r->max, max));
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) json_push(tests, test(&r->test[i]));
  json_put(o, "gradable", json_boolean(gradable));
  if (gradable)
    json_put(o, "score", json_real(share(r)));
  else
    json_put(o, "format_errors", lines(r->trouble));
  json_put(o, "message", json_string(message));
  json_put(o, "output", json_text(r->trouble ? r->trouble : ""));
  json_put(o, "tests", tests);
  json_write(f, o, true);
}

const struct format format_prairielearn = {"prairielearn", "results.json", write};
