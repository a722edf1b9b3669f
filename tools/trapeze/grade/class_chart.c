/* class_chart.c - the statistics of a class as SVG: how many students have how many points, and which tests they lost
 * points in. */
#include <string.h>

#include "isa/utf8.h"
#include "class_statistics.h"
#include "tools/trapeze/grade/judge/result.h"
#include "tools/trapeze/drawing.h"

enum { LEFT = 230, COLUMN = 56, HEIGHT = 200, ROW = 30, BAR = 330, WIDTH = LEFT + 10 * COLUMN + 60 };

/* By how many points: all, some, none, skipped. */
static const char *const *const colour[] = {&drawing_colour[2], &drawing_colour[4], &drawing_colour[1],
                                            &drawing_colour[5]};
static const char *const called[] = {"all points", "some", "none", "skipped"};

/* At most so many characters of a text, and a mark where some are left out. */
static const char *clipped(const char *s, size_t characters, char *buf, size_t size) {
  size_t bytes = 0;
  uint32_t point;
  for (size_t n = 0; s[bytes] && n < characters; n++) {
    const size_t length = pg32_utf8_decode(s + bytes, strlen(s + bytes), &point);
    bytes += length ? length : 1;
  }
  snprintf(buf, size, "%.*s%s", (int)bytes, s, s[bytes] ? "…" : "");
  return buf;
}

static void histogram(FILE *f, double y, const struct statistics *s) {
  char label[32];
  size_t most = 1;
  for (unsigned i = 0; i < STATISTICS_BINS; i++)
    if (s->bin[i] > most) most = s->bin[i];
  for (unsigned i = 0; i < STATISTICS_BINS; i++) {
    double height = (double)HEIGHT * (double)s->bin[i] / (double)most, x = LEFT + i * COLUMN;
    if (s->bin[i]) drawing_box(f, x + 2, y + HEIGHT - height, COLUMN - 4, height, *colour[0]);
    snprintf(label, sizeof label, "%zu", s->bin[i]);
    if (s->bin[i]) drawing_text(f, x + COLUMN / 2.0, y + HEIGHT - height - 4, "middle", label);
    drawing_text(f, x, y + HEIGHT + 20, "middle", points_text(s->max * i / STATISTICS_BINS, label));
  }
  drawing_text(f, LEFT + STATISTICS_BINS * COLUMN, y + HEIGHT + 20, "middle", points_text(s->max, label));
  drawing_text(f, 16, y + HEIGHT + 20, "start", "points");
}

static void test_row(FILE *f, double y, const struct statistics *s, const struct test_statistics *t) {
  const size_t n[] = {t->full, t->part, t->none, t->skipped};
  char label[64], id[4 * 20 + 4];
  double x = LEFT;
  drawing_text(f, 16, y + 15, "start", clipped(t->id, 20, id, sizeof id));
  for (unsigned i = 0; i < 4; i++) {
    double width = BAR * (double)n[i] / (double)s->graded;
    if (n[i]) drawing_box(f, x, y, width, ROW - 6, *colour[i]);
    x += width;
  }
  snprintf(label, sizeof label, "%.0f%% of the points lost", 100 * t->lost);
  drawing_text(f, LEFT + BAR + 8, y + 15, "start", label);
}

static void legend(FILE *f, double y) {
  for (unsigned i = 0; i < 4; i++) {
    drawing_box(f, LEFT + 130 * i, y, 12, 12, *colour[i]);
    drawing_text(f, LEFT + 130 * i + 18, y + 11, "start", called[i]);
  }
}

void statistics_svg(FILE *f, const struct statistics *s) {
  char lab[4 * 40 + 4], title[4 * 60 + 4], head[sizeof lab + sizeof title + 2];
  double y = 90;
  snprintf(head, sizeof head, "%s: %s", clipped(s->lab, 40, lab, sizeof lab),
           clipped(s->title, 60, title, sizeof title));
  drawing_begin(f, WIDTH, y + HEIGHT + 90 + ROW * (double)s->tests, head);
  snprintf(head, sizeof head, "%zu students: %zu graded, %zu without a result, %zu absent", s->students,
           s->graded, s->ungraded, s->absent);
  drawing_text(f, 16, 62, "start", head);
  if (s->graded) {
    histogram(f, y, s);
    y += HEIGHT + 44;
    for (size_t i = 0; i < s->tests; i++, y += ROW) test_row(f, y, s, &s->test[i]);
    legend(f, y + 6);
  }
  drawing_end(f);
}
