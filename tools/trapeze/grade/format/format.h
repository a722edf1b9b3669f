/* format.h - the formats that a result can be written in, and what the files that write them share.
 * labs/FORMATS.md describes each format. */
#ifndef FORMAT_H
#define FORMAT_H

#include "tools/trapeze/grade/judge/result.h"
#include "tools/trapeze/json_out.h"
#include "tools/trapeze/untrusted.h"

/* A format writes one result. Each format has a file of its own, NAME.c. */
struct format {
  const char *name; /* --format NAME */
  const char *file; /* what `-o DIR` calls the file: "results.json" */
  /* Writes `r` to `f`. Errors of the stream are left to ferror(f); dies with STATUS_USAGE when memory is
   * short. */
  void (*write)(FILE *f, const struct result *r);
};
extern const struct format format_text, format_json, format_gradescope, format_prairielearn, format_autolab,
    format_junit, format_tap, format_html;
extern const struct format *const format_all[]; /* all of them, then NULL */

/* The format called `name`; NULL when there is none. */
const struct format *format_find(const char *name);

/* ---- for the files that write formats ---- */

enum { RESULT_VERSION = 2 }; /* of our own JSON, labs/FORMATS.md */

/* Points as points_text rounds them: an integer when whole. A new value. */
json_t *json_points(double points);
/* Writes `value` and a newline, indented or in one line, and frees the value. */
void json_write(FILE *f, json_t *value, bool indented);

/* Is the test part of the result? (With --only, others are not.) */
static inline bool test_told(const struct test_result *t) { return t->test != NULL; }
/* May students see what the test is about, wherever the result goes? */
static inline bool test_open(const struct test_result *t) { return t->test->visibility == VISIBLE; }
/* "visible", "hidden", "after_due_date" or "after_published": the words of a lab.yaml, which are
 * Gradescope's. */
const char *visibility_name(enum visibility v);
/* "passed", "failed" or "skipped". */
const char *status_name(enum test_status s);
/* A title that students may see: the test's own, or "hidden test" when the test is not visible. */
const char *test_title(const struct test_result *t);
/* Why the test has fewer than full marks (or was skipped), then the debugger's command. Of a test that is not
 * visible to students the words say only that it failed, unless `reader_hides`: the service that reads the
 * file hides such tests itself. Cleaned as by text_clean; the caller frees the result. */
char *test_words(const struct test_result *t, bool reader_hides);

#endif
