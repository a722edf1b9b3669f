/* tap.c - the Test Anything Protocol, version 14: testanything.org, "TAP 14 specification". */
#include <stdlib.h>
#include <string.h>

#include "format.h"

/* In a description `#` begins a directive, and `\` escapes. */
static void description(FILE *f, const char *text) {
  char *line = text_line(text);
  for (const char *c = line; *c; c++) {
    if (*c == '#' || *c == '\\') fputc('\\', f);
    fputc(*c, f);
  }
  free(line);
}

static void comments(FILE *f, const char *text) {
  char *clean = text_clean(text), *rest = clean, *line;
  while ((line = strsep(&rest, "\n")))
    if (*line) fprintf(f, "# %s\n", line);
  free(clean);
}

/* Lines as a YAML list of JSON strings, which YAML takes as they are. */
static void listed(FILE *f, const char *key, char *words) {
  char *line;
  fprintf(f, "  %s:\n", key);
  while ((line = strsep(&words, "\n"))) {
    if (!*line && !words) break; /* the text ended with a newline */
    fputs("    - ", f);
    json_write(f, json_text(line), false);
  }
}

static void diagnostic(FILE *f, const struct test_result *t) {
  char buf[32], *words = test_words(t, false);
  fprintf(f, "  ---\n  score: %s\n", points_text(t->score, buf));
  fprintf(f, "  max: %s\n", points_text(t->test->points, buf));
  if (*words) listed(f, "feedback", words);
  fputs("  ...\n", f);
  free(words);
}

static void test(FILE *f, unsigned number, const struct test_result *t) {
  /* A skipped test has no points: a reader that knows no directives must not take it for a success. */
  fprintf(f, "%s %u - %s: ", t->status == TEST_PASSED ? "ok" : "not ok", number, t->test->id);
  description(f, test_title(t));
  if (t->status == TEST_SKIPPED) fputs(" # SKIP a test that it builds on has failed", f);
  fputc('\n', f);
  if (t->status == TEST_FAILED) diagnostic(f, t);
}

static void write(FILE *f, const struct result *r) {
  unsigned n = 0, number = 0;
  char score[32], max[32];
  for (size_t i = 0; i < r->lab->tests; i++) n += test_told(&r->test[i]);
  fprintf(f, "TAP version 14\n1..%u%s\n", n, n ? "" : " # no test was asked for");
  comments(f, r->student);
  if (r->trouble) comments(f, r->trouble);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) test(f, ++number, &r->test[i]);
  fprintf(f, "# %s of %s points\n", points_text(r->score, score), points_text(r->max, max));
}

const struct format format_tap = {"tap", "results.tap", write};
