/* autolab.c - what Autolab takes from an autograder's stdout: text for the student, and in the last
 * line the autoresult, by docs.autolabproject.com, "Guide for Lab Authors" and "Scoreboards".
 *
 * The problems on Autolab's site must have the names of the tests; ids hold no colon. A scoreboard row is the
 * score and then the lab's figures; Autolab would rank a missing one as 0, so there is no row unless all are
 * known. */
#include "format.h"

static bool comparable(const struct result *r) {
  for (size_t i = 0; i < r->lab->figures; i++)
    if (!r->figure[i].known) return false;
  return r->lab->figures > 0;
}

static void write(FILE *f, const struct result *r) {
  json_t *o = must(json_object()), *scores = must(json_object());
  format_text.write(f, r);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) json_put(scores, r->test[i].test->id, json_points(r->test[i].score));
  json_put(o, "scores", scores);
  if (comparable(r)) {
    json_t *row = must(json_array());
    json_push(row, json_points(r->score));
    for (size_t i = 0; i < r->lab->figures; i++) json_push(row, json_integer((json_int_t)r->figure[i].value));
    json_put(o, "scoreboard", row);
  }
  json_write(f, o, false);
}

const struct format format_autolab = {"autolab", "autolab.txt", write};
