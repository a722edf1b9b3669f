/* text.c - a result for the person who handed in: a line a test, then what is to be learnt from each
 * that lacks points, at 80 columns. Lines of feedback that begin with a space are tables and traces: they
 * are broken only where they are longer. */
#define _GNU_SOURCE /* vasprintf */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

enum { COLUMNS = 80, INDENT = 4, HANGING = 2 };

/* ---- paragraphs ---- */

static size_t columns(const char *text, size_t bytes) { /* one a code point, near enough */
  size_t n = 0;
  for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xC0) != 0x80;
  return n;
}

/* A line of prose, broken at spaces; `indent` columns of its first line have been written, and `hanging` begin each
 * further one. */
static void wrapped_hanging(FILE *f, char *line, size_t indent, size_t hanging) {
  size_t at = 0;
  char *word;
  while ((word = strsep(&line, " "))) {
    size_t width = columns(word, strlen(word));
    if (at > 0 && indent + at + 1 + width > COLUMNS) {
      fprintf(f, "\n%*s", (int)hanging, "");
      at = 0, indent = hanging;
    }
    bool command = at == 0 && strncmp(word, "::", 2) == 0; /* text_clean: a line must not begin so */
    fprintf(f, "%s%s%s", at ? " " : "", command ? ":\\" : "", word + command);
    width += command;
    at += (at ? 1 : 0) + width;
  }
  fputc('\n', f);
}

static void wrapped(FILE *f, char *line, size_t indent) { wrapped_hanging(f, line, indent, indent); }

/* A line of a table or a trace: its blanks stay, and it is broken only where it is too long. */
static void row_of_table(FILE *f, char *line) {
  size_t blanks = strspn(line, " \t");
  fprintf(f, "%*s%.*s", INDENT, "", (int)blanks, line);
  wrapped_hanging(f, line + blanks, INDENT + blanks, INDENT + blanks + HANGING);
}

/* A headline of our words and a lab's or a student's. */
__attribute__((format(printf, 2, 3))) static void headline(FILE *f, const char *format, ...) {
  char *line = NULL;
  va_list ap;
  va_start(ap, format);
  if (vasprintf(&line, format, ap) < 0) must(NULL);
  va_end(ap);
  char *clean = text_line(line);
  wrapped(f, clean, 0);
  free(line), free(clean);
}

static void paragraphs(FILE *f, const char *text) {
  char *clean = text_clean(text), *rest = clean, *line;
  while ((line = strsep(&rest, "\n"))) {
    if (!*line && !rest) break;
    if (!*line)
      fputc('\n', f);
    else if (*line == ' ' || *line == '\t')
      row_of_table(f, line);
    else {
      fprintf(f, "%*s", INDENT, "");
      wrapped(f, line, INDENT);
    }
  }
  free(clean);
}

/* ---- the tests ---- */

static const char *word(const struct test_result *t) {
  return t->status == TEST_FAILED && t->score > 0 ? "partly" : status_name(t->status);
}

static bool has_words(const struct test_result *t) {
  bool tells = t->status == TEST_FAILED ? (t->feedback && *t->feedback) || t->debug : t->mistake != NULL;
  return test_told(t) && test_open(t) && t->status != TEST_PASSED && tells;
}

static const char *mark(const struct test_result *t, char buf[72]) {
  char score[32], max[32];
  snprintf(buf, 72, "%s/%s", points_text(t->score, score), points_text(t->test->points, max));
  return buf;
}

static void row(FILE *f, const struct test_result *t, int ids, int marks) {
  char buf[72], *title = text_line(test_title(t));
  int indent = fprintf(f, "  %-7s  %*s  %-*s  ", word(t), marks, mark(t, buf), ids, t->test->id);
  wrapped(f, title, (size_t)indent);
  free(title);
}

static void table(FILE *f, const struct result *r) {
  int ids = 0, marks = 0;
  char buf[72];
  for (size_t i = 0; i < r->lab->tests; i++) {
    if (!test_told(&r->test[i])) continue;
    int id = (int)strlen(r->test[i].test->id), m = (int)strlen(mark(&r->test[i], buf));
    if (id > ids) ids = id;
    if (m > marks) marks = m;
  }
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) row(f, &r->test[i], ids, marks);
}

static void lesson(FILE *f, const struct test_result *t) {
  fputc('\n', f);
  headline(f, "%s: %s", t->test->id, test_title(t));
  if (t->feedback) paragraphs(f, t->feedback);
  if (t->debug) { /* to be copied: in one line however long */
    char *line = text_line(t->debug);
    fprintf(f, "%*sTo look at it:\n%*s%s\n", INDENT, "", INDENT + 2, "", line);
    free(line);
  }
}

static void hidden(FILE *f, const struct result *r) {
  unsigned n = 0;
  for (size_t i = 0; i < r->lab->tests; i++) {
    const struct test_result *t = &r->test[i];
    if (!test_told(t) || test_open(t) || t->status != TEST_FAILED) continue;
    fprintf(f, "%s%s", n++ ? ", " : "\nHidden tests that were not passed: ", t->test->id);
  }
  if (n) fputs(".\nWhat they check is not shown; see README.md and the visible tests.\n", f);
}

static void withheld(FILE *f, const struct lab *lab) {
  char points[32];
  if (lab->withheld == 0) return;
  fprintf(f,
          "\nThe lab has %u hidden test%s more, for %s points, which are not on this computer:\n"
          "your instructor grades with them.\n",
          lab->withheld, lab->withheld == 1 ? "" : "s", points_text(lab->withheld_points, points));
}

static void figures(FILE *f, const struct result *r) {
  for (size_t i = 0; i < r->lab->figures; i++) {
    char *name = text_line(r->figure[i].figure->name);
    if (r->figure[i].known) fprintf(f, "  %s: %llu\n", name, (unsigned long long)r->figure[i].value);
    free(name);
  }
}

static void heading(FILE *f, const struct result *r) {
  char score[32], max[32];
  headline(f, "%s: %s", r->lab->name, r->lab->title);
  headline(f, "%s has %s of %s points", r->student, points_text(r->score, score), points_text(r->max, max));
}

static void write(FILE *f, const struct result *r) {
  const struct test_result *first = NULL;
  unsigned lacking = 0;
  heading(f, r);
  if (r->trouble) {
    fputs("\nWith what was handed in:\n", f);
    paragraphs(f, r->trouble);
  }
  fputc('\n', f);
  table(f, r);
  figures(f, r);
  for (size_t i = 0; i < r->lab->tests; i++) {
    if (!has_words(&r->test[i])) continue;
    lesson(f, &r->test[i]);
    if (lacking++ == 0) first = &r->test[i];
  }
  hidden(f, r);
  withheld(f, r->lab);
  if (lacking > 1) fprintf(f, "\nBegin with %s: what comes later may be the same fault.\n", first->test->id);
}

const struct format format_text = {"text", "feedback.txt", write};
