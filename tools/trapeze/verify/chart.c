/* chart.c - bars for `trapeze verify performance`: overhead on a logarithmic scale, and who executed what. */
#include <math.h>
#include <string.h>

#include "performance.h"
#include "tools/trapeze/markup.h"

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

#define ROW 34
#define LEFT 80
#define WIDTH 480
static const char *const colour[WHOS] = {"#2a78b5", "#e08b2c", "#8c8c8c"};

static void text(FILE *f, double x, double y, const char *s) {
  fprintf(f, "<text x=\"%g\" y=\"%g\">", x, y);
  xml_text(f, s);
  fputs("</text>\n", f);
}

static void bar(FILE *f, double x, double y, double width, const char *fill) {
  fprintf(f, "<rect x=\"%.1f\" y=\"%g\" width=\"%.1f\" height=\"22\" fill=\"%s\"/>\n", x, y, width, fill);
}

static void svg_overhead(FILE *f, double y, const struct run_cost *c, double most) {
  char label[32];
  double width = WIDTH * length(c->overhead, most);
  snprintf(label, sizeof label, "%.2f", c->overhead);
  bar(f, LEFT, y, width, colour[WHO_GUEST]);
  text(f, LEFT + width + 8, y + 16, label);
}

static void svg_parts(FILE *f, double y, const struct run_cost *c) {
  double x = LEFT;
  for (int w = 0; w < WHOS; w++) {
    double width = WIDTH * part(c, (enum who)w);
    bar(f, x, y, width, colour[w]);
    x += width;
  }
}

static void svg_legend(FILE *f, double y) {
  for (int w = 0; w < WHOS; w++) {
    fprintf(f, "<rect x=\"%d\" y=\"%g\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", LEFT + 150 * w, y,
            colour[w]);
    text(f, LEFT + 150 * w + 18, y + 11, who_name[w]);
  }
}

void chart_svg(FILE *f, const char *title, const struct run_cost *cost, unsigned n) {
  char label[128];
  double y = 60, most = longest(cost, n);
  fprintf(f,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" font-family=\"sans-serif\" "
          "font-size=\"14\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
          LEFT + WIDTH + 80, 150 + 2 * n * ROW);
  snprintf(label, sizeof label, "%.40s: instructions of the machine for one of the bare run (log scale)",
           title);
  text(f, 16, 30, label);
  for (int panel = 0; panel < 2; panel++) {
    for (unsigned d = 0; d < n; d++, y += ROW) {
      snprintf(label, sizeof label, "depth %u", d);
      text(f, 16, y + 16, label);
      if (panel == 0)
        svg_overhead(f, y, &cost[d], most);
      else
        svg_parts(f, y, &cost[d]);
    }
    if (panel == 0) text(f, 16, y += 20, "who executed them");
    y += 12;
  }
  svg_legend(f, y);
  fputs("</svg>\n", f);
}
