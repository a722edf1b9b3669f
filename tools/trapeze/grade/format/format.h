/* format.h - what the files that write results share; result.h has what others need of them. */
#ifndef FORMAT_H
#define FORMAT_H

#include <jansson.h>

#include "tools/trapeze/grade/judge/result.h"

enum { RESULT_VERSION = 1 }; /* of our own JSON, labs/FORMATS.md */

/* A copy of `text` that every format can hold: valid UTF-8 with no control characters but newlines and tabs,
 * nothing that turns the writing direction, no code point that XML forbids; each offence becomes U+FFFD. NULL
 * counts as "". The caller frees it. */
char *text_clean(const char *text);
/* The same in one line: newlines and tabs become spaces. */
char *text_line(const char *text);

/* A JSON string of text_clean(text); null when `text` is NULL. */
json_t *json_text(const char *text);
/* Points as points_text rounds them, as an integer when whole. */
json_t *json_points(double points);
/* Adds `value`, which is handed over, to an object, or to an array. Both die when memory is short. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);
/* Writes `value`, indented or in one line, and a newline; frees it. */
void json_write(FILE *f, json_t *value, bool indented);

/* Of a test: is it in the result at all, and may students see what it is about, wherever the result goes? */
static inline bool test_told(const struct test_result *t) { return t->test != NULL; }
static inline bool test_open(const struct test_result *t) { return t->test->visibility == VISIBLE; }
/* "passed", "failed" or "skipped". */
const char *status_name(enum test_status s);
/* A title that students may see: a test's own, or, when it is not visible to them, "hidden test". */
const char *test_title(const struct test_result *t);
/* Why a test has fewer than full marks, for one that was skipped too; then the debugger's command. As
 * text_clean; the caller frees it. Of a test that is not visible to students only that it has failed, unless
 * the reader hides it by itself. */
char *test_words(const struct test_result *t, bool reader_hides);

#endif
