/* class_statistics.c - counts what a class has earned, and shows it in 80 columns. */
#include <stdlib.h>
#include <string.h>

#include "class_statistics.h"
#include "tools/trapeze/grade/judge/result.h"
#include "tools/trapeze/untrusted.h"

/* ---- counting ---- */

static const char *text_at(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static double number_at(const json_t *object, const char *key) {
  return json_number_value(json_object_get(object, key));
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The value below which the share `q` of the sorted values lie; between two values, the mean of both by distance. */
static double quantile(const double *sorted, size_t n, double q) {
  double at = q * (double)(n - 1);
  size_t below = (size_t)at;
  double rest = at - (double)below;
  return below + 1 < n ? sorted[below] * (1 - rest) + sorted[below + 1] * rest : sorted[below];
}

static void count_scores(struct statistics *s, double *score) {
  double sum = 0;
  qsort(score, s->graded, sizeof *score, by_value);
  for (size_t i = 0; i < s->graded; i++) {
    /* a small part of a point more, for points such as 0.1 have no exact double */
    double bin = s->max > 0 ? score[i] * STATISTICS_BINS / s->max + 1e-9 : STATISTICS_BINS;
    s->bin[bin >= STATISTICS_BINS ? STATISTICS_BINS - 1 : (size_t)bin]++;
    sum += score[i];
  }
  s->mean = sum / (double)s->graded;
  s->least = score[0], s->most = score[s->graded - 1];
  for (unsigned q = 0; q < 3; q++) s->quartile[q] = quantile(score, s->graded, 0.25 * (q + 1));
}

static void count_test(struct statistics *s, size_t i, const json_t *test) {
  struct test_statistics *t = &s->test[i];
  double score = number_at(test, "score");
  const char *status = text_at(test, "status");
  t->id = text_at(test, "id");
  t->max = number_at(test, "max");
  if (strcmp(status, "skipped") == 0)
    t->skipped++;
  else if (strcmp(status, "passed") == 0)
    t->full++;
  else if (score > 0)
    t->part++;
  else
    t->none++;
  t->lost += t->max > 0 ? 1 - score / t->max : strcmp(status, "passed") != 0;
}

struct statistics statistics_of(const struct row *row, size_t rows, const json_t *first) {
  struct statistics s = {.students = rows, .lab = text_at(first, "lab"), .title = text_at(first, "title")};
  s.tests = json_array_size(json_object_get(first, "tests"));
  s.test = must(calloc(s.tests + 1, sizeof *s.test));
  s.max = number_at(first, "max");
  double *score = must(calloc(rows + 1, sizeof *score));
  for (size_t i = 0; i < rows; i++) {
    const struct entry *e = row[i].entry;
    size_t k;
    const json_t *test;
    s.absent += !e;
    s.ungraded += e && !e->result;
    if (!e || !e->result) continue;
    score[s.graded++] = number_at(e->result, "score");
    json_array_foreach(json_object_get(e->result, "tests"), k, test) count_test(&s, k, test);
  }
  if (s.graded) count_scores(&s, score);
  for (size_t i = 0; i < s.tests && s.graded; i++) s.test[i].lost /= (double)s.graded;
  free(score);
  return s;
}

void statistics_free(struct statistics *s) { free(s->test); }

/* ---- text ---- */

enum { BAR = 40, SHORT_BAR = 20, ID = 20 };

/* The end of a line: a bar of n of `most` parts of `width` columns. Whatever is more than nothing is seen. */
static void bar(FILE *f, double n, double most, unsigned width) {
  unsigned columns = most > 0 ? (unsigned)(n * width / most + 0.5) : 0;
  if (n > 0 && columns == 0) columns = 1;
  if (columns) fputc(' ', f);
  while (columns--) fputs("█", f);
  fputc('\n', f);
}

static const char *points(double p, char buf[32]) { return points_text(p, buf); }

static void text_scores(FILE *f, const struct statistics *s) {
  char a[32], b[32], c[32], d[32], e[32], m[32];
  size_t most = 1;
  fprintf(f, "Of %s points:\n  mean %s, median %s, quartiles %s and %s, least %s, most %s\n\n",
          points(s->max, m), points(s->mean, a), points(s->quartile[1], b), points(s->quartile[0], c),
          points(s->quartile[2], d), points(s->least, e), points(s->most, (char[32]){0}));
  for (unsigned i = 0; i < STATISTICS_BINS; i++)
    if (s->bin[i] > most) most = s->bin[i];
  fputs("          points   students\n", f);
  for (unsigned i = 0; i < STATISTICS_BINS; i++) {
    fprintf(f, "%7s %s %-7s %4zu", points(s->max * i / STATISTICS_BINS, a),
            i + 1 < STATISTICS_BINS ? "<" : "-", points(s->max * (i + 1) / STATISTICS_BINS, b), s->bin[i]);
    bar(f, (double)s->bin[i], (double)most, BAR);
  }
}

static void text_tests(FILE *f, const struct statistics *s) {
  char max[32];
  fprintf(f, "\n%-*s points  full  part  none  skip  lost\n", ID, "test");
  for (size_t i = 0; i < s->tests; i++) {
    const struct test_statistics *t = &s->test[i];
    char *id = printable_name(t->id);
    fprintf(f, "%-*.*s %6s %5zu %5zu %5zu %5zu %4.0f%%", ID, ID, id, points(t->max, max), t->full, t->part,
            t->none, t->skipped, 100 * t->lost);
    bar(f, t->lost, 1, SHORT_BAR);
    free(id);
  }
  fputs("\nfull, part, none: students with all, some, no points; skip: not run, since\n"
        "another test is not passed; lost: the share of the test's points not earned\n",
        f);
}

/* Cuts a text after at most `most` bytes, and not within a character. */
static char *cut(char *text, size_t most) {
  size_t n = strlen(text);
  if (n <= most) return text;
  while (most && ((unsigned char)text[most] & 0xC0) == 0x80) most--;
  text[most] = 0;
  return text;
}

void statistics_text(FILE *f, const struct statistics *s) {
  char *lab = printable_name(s->lab), *title = printable_name(s->title);
  fprintf(f, "%s: %s\n", cut(lab, 30), cut(title, 48));
  fprintf(f, "%zu students: %zu graded, %zu without a result, %zu absent\n", s->students, s->graded,
          s->ungraded, s->absent);
  if (s->graded) text_scores(f, s), text_tests(f, s);
  free(lab), free(title);
}

/* ---- the command ---- */

static void draw(const char *path, const struct statistics *s) {
  char *text;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  statistics_svg(f, s);
  if (fclose(f) != 0) must(NULL);
  file_replace(path, text, size);
  free(text);
}

int class_statistics(const struct class_options *o, FILE *f, const char *svg) {
  size_t n, rows;
  struct class_options options = *o;
  if (options.take == TAKE_EACH) options.take = TAKE_LAST;
  struct entry *entry = entries_gather(o, &n);
  const json_t *first = entries_first(entry, n);
  struct row *row = rows_make(&options, entry, n, &rows);
  struct statistics s = statistics_of(row, rows, first);
  statistics_text(f, &s);
  if (svg) draw(svg, &s);
  int status = s.ungraded ? GRADE_TROUBLE : GRADE_DONE;
  statistics_free(&s);
  rows_free(row, rows);
  entries_free(entry, n);
  return status;
}
