/* chart.c - bars for `trapeze verify performance`: overhead on a logarithmic scale, and who executed what. */
#include <math.h>
#include <string.h>

#include "performance.h"
#include "tools/trapeze/drawing.h"

static const char *const who_name[WHOS] = {"guest", "VMMs", "kernels below"};

/* ---- scale ---- */

static double longest(const struct run_cost *cost, unsigned n) {
  double most = 1;
  for (unsigned d = 0; d < n; d++)
    if (cost[d].overhead > most) most = cost[d].overhead;
  return log(most * 2);
}

/* Of a bar as long as 1: a tenth is the least, so that the bare run is seen. */
static double length(double overhead, double most) {
  double l = log(overhead < 1 ? 1 : overhead) / most;
  return 0.1 + 0.9 * l;
}

static double part(const struct run_cost *c, enum who w) {
  uint64_t all = run_total(c);
  return all ? (double)c->by[w] / (double)all : 0;
}

/* ---- text ---- */

static void blocks(FILE *f, const char *block, double n) {
  for (int i = (int)(n + 0.5); i > 0; i--) fputs(block, f);
}

void chart_text(FILE *f, const struct run_cost *cost, unsigned n) {
  static const char *const shade[WHOS] = {"█", "▓", "░"};
  double most = longest(cost, n);
  fputs("\noverhead against bare, logarithmic\n", f);
  for (unsigned d = 0; d < n; d++) {
    fprintf(f, "  depth %u ", d);
    blocks(f, "█", 50 * length(cost[d].overhead, most));
    fprintf(f, " %.2fx\n", cost[d].overhead);
  }
  fprintf(f, "who executed it: █ %s, ▓ %s, ░ %s\n", who_name[0], who_name[1], who_name[2]);
  for (unsigned d = 0; d < n; d++) {
    fprintf(f, "  depth %u ", d);
    for (int w = 0; w < WHOS; w++) blocks(f, shade[w], 50 * part(&cost[d], (enum who)w));
    fprintf(f, " %.1f%% guest\n", 100 * part(&cost[d], WHO_GUEST));
  }
}

/* ---- SVG ---- */

enum { ROW = 34, BAR = 22, LEFT = 100, WIDTH = 560, TOP = 110 };
/* A colour for each of the three, and one for all of them together. */
static const char *const *const colour[WHOS] = {&drawing_colour[5], &drawing_colour[3], &drawing_colour[1]};
#define TOGETHER drawing_colour[2]

/* Where an overhead is on the axis, which begins at 1 and ends at `most`. */
static double x_of(double overhead, double most) {
  return LEFT + WIDTH * log(overhead < 1 ? 1 : overhead) / log(most);
}

/* The axis' end: the first of 2, 5, 10, 20, ... that no bar reaches. */
static double axis_end(const struct run_cost *cost, unsigned n) {
  double end = 2, over = 1;
  for (unsigned d = 0; d < n; d++) over = cost[d].overhead > over ? cost[d].overhead : over;
  for (int i = 0; end <= over; i++) end *= i % 3 == 0 ? 2.5 : 2;
  return end;
}

static void svg_depths(FILE *f, double y, unsigned n) {
  char label[32];
  for (unsigned d = 0; d < n; d++, y += ROW) {
    snprintf(label, sizeof label, d ? "depth %u" : "bare", d);
    drawing_text(f, LEFT - 12, y + 17, "end", label);
  }
}

static void svg_axis(FILE *f, double y, double most, unsigned n) {
  char label[32];
  double v = 1;
  for (int i = 0; v <= most * 1.01; v *= i % 3 == 1 ? 2.5 : 2, i++) {
    snprintf(label, sizeof label, "%g×", v);
    drawing_rule(f, x_of(v, most), y - 8, x_of(v, most), y + n * ROW);
    drawing_text(f, x_of(v, most), y + n * ROW + 20, "middle", label);
  }
}

static void svg_overheads(FILE *f, double y, const struct run_cost *cost, unsigned n) {
  const double most = axis_end(cost, n);
  char label[32];
  drawing_text(f, 16, y - 20, "start", "Instructions of the machine for one of the bare run (logarithmic)");
  svg_axis(f, y, most, n);
  svg_depths(f, y, n);
  for (unsigned d = 0; d < n; d++, y += ROW) {
    const double x = x_of(cost[d].overhead, most);
    snprintf(label, sizeof label, "%.2f", cost[d].overhead);
    drawing_box(f, LEFT, y, x - LEFT < 3 ? 3 : x - LEFT, BAR, TOGETHER);
    drawing_text(f, (x - LEFT < 3 ? LEFT + 3 : x) + 8, y + 17, "start", label);
  }
}

static void svg_legend(FILE *f, double y) {
  double x = LEFT;
  for (int w = 0; w < WHOS; w++) {
    drawing_box(f, x, y, 14, 14, *colour[w]);
    drawing_text(f, x + 22, y + 13, "start", who_name[w]);
    x += 60 + drawing_width(who_name[w], DRAWING_TEXT, false);
  }
}

static void svg_parts(FILE *f, double y, const struct run_cost *cost, unsigned n) {
  drawing_text(f, 16, y - 20, "start", "Who executed them");
  svg_depths(f, y, n);
  for (int i = 0; i <= 4; i++) {
    char label[16];
    const double x = LEFT + WIDTH * i / 4.0;
    snprintf(label, sizeof label, "%d %%", 25 * i);
    drawing_rule(f, x, y - 8, x, y + n * ROW);
    drawing_text(f, x, y + n * ROW + 20, "middle", label);
  }
  for (unsigned d = 0; d < n; d++, y += ROW) {
    double x = LEFT;
    for (int w = 0; w < WHOS; w++) {
      const double width = WIDTH * part(&cost[d], (enum who)w);
      if (width > 0) drawing_box(f, x, y, width, BAR, *colour[w]);
      x += width;
    }
  }
  svg_legend(f, y + 40);
}

void chart_svg(FILE *f, const char *title, const struct run_cost *cost, unsigned n) {
  char label[128];
  const double second = TOP + n * ROW + 80;
  snprintf(label, sizeof label, "%.40s: what a VM costs", title);
  drawing_begin(f, LEFT + WIDTH + 90, second + n * ROW + 74, label);
  svg_overheads(f, TOP, cost, n);
  svg_parts(f, second, cost, n);
  drawing_end(f);
}
