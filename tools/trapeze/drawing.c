/* drawing.c - SVG drawings for a wall. */
#include <stdint.h>
#include <string.h>

#include "drawing.h"
#include "isa/utf8.h"
#include "markup.h"

#define INK "#1b1b1f"
#define GREY "#8a8a8a"

const char *const drawing_colour[DRAWING_COLOURS] = {"#1c2340", "#8f2d56", "#3b7cc0",
                                                     "#e08a2e", "#86cdb5", "#f6eaa6"};

/* ---- the drawing as a whole ---- */

void drawing_begin(FILE *f, double width, double height, const char *title) {
  const double least = drawing_width(title, DRAWING_TITLE, true) + 32;
  if (width < least) width = least;
  fprintf(f,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%.0f\" height=\"%.0f\" "
          "viewBox=\"0 0 %.0f %.0f\" "
          "font-family=\"'DejaVu Sans', Arial, sans-serif\" font-size=\"%d\" fill=\"" INK "\">\n<title>",
          width, height, width, height, DRAWING_TEXT);
  xml_text(f, title);
  /* A text that lies over an axis has white around it. */
  fputs("</title>\n<style>text { paint-order: stroke; stroke: white; stroke-width: 4px }</style>\n", f);
  fputs("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n", f);
  fprintf(f, "<text x=\"16\" y=\"34\" font-size=\"%d\" font-weight=\"bold\">", DRAWING_TITLE);
  xml_text(f, title);
  fputs("</text>\n", f);
}

void drawing_end(FILE *f) { fputs("</svg>\n", f); }

/* ---- texts ---- */

static void put_text(FILE *f, double x, double y, const char *anchor, const char *weight, const char *text) {
  if (!*text) return;
  fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>", x, y, anchor, weight);
  xml_text(f, text);
  fputs("</text>\n", f);
}

void drawing_text(FILE *f, double x, double y, const char *anchor, const char *text) {
  put_text(f, x, y, anchor, "", text);
}

void drawing_bold(FILE *f, double x, double y, const char *anchor, const char *text) {
  put_text(f, x, y, anchor, " font-weight=\"bold\"", text);
}

/* How wide the characters from ' ' to '~' are in DejaVu Sans, in hundredths of the size. */
static const unsigned char advance[] = {
    32, 41, 46, 84, 64, 96, 78, 28, 40,  40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 77, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79,
    61, 79, 70, 64, 62, 74, 69, 99, 69,  62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64,
    64, 28, 28, 58, 28, 98, 64, 62, 64,  64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34, 64, 84};

/* In hundredths of the size, of the character at *text, which is passed over. */
static unsigned advance_of(const char **text) {
  const unsigned char c = (unsigned char)**text;
  uint32_t point;
  if (c >= ' ' && c <= '~') return *text += 1, advance[c - ' '];
  const size_t length = pg32_utf8_decode(*text, strnlen(*text, 4), &point);
  *text += length ? length : 1;
  return 100;
}

double drawing_width(const char *text, int size, bool bold) {
  double hundredths = 0;
  while (*text) hundredths += advance_of(&text);
  return hundredths * size / 100 * (bold ? 1.2 : 1);
}

const char *drawing_piece(const char *text, double width, char *buf, size_t size) {
  const char *at = text, *blank = NULL;
  double used = 0;
  while (*at) {
    const char *next = at;
    used += advance_of(&next) * DRAWING_TEXT / 100.0;
    if ((used > width && at > text) || (size_t)(next - text) >= size) break;
    if (*at == ' ') blank = at;
    at = next;
  }
  const char *end = *at && blank ? blank : at;
  snprintf(buf, size, "%.*s", (int)(end - text), text);
  return end + (*end == ' ');
}

/* ---- shapes ---- */

void drawing_box(FILE *f, double x, double y, double width, double height, const char *fill) {
  fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" stroke=\"" INK "\"/>\n",
          x, y, width, height, fill);
}

void drawing_line(FILE *f, double x1, double y1, double x2, double y2, const char *colour, double width,
                  const char *dashes) {
  fprintf(f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%g\"", x1,
          y1, x2, y2, colour, width);
  if (dashes) fprintf(f, " stroke-dasharray=\"%s\"", dashes);
  fputs("/>\n", f);
}

void drawing_rule(FILE *f, double x1, double y1, double x2, double y2) {
  drawing_line(f, x1, y1, x2, y2, GREY, 1, NULL);
}

void drawing_arrow(FILE *f, double x1, double x2, double y, bool back) {
  const char *dashes = back ? " stroke-dasharray=\"8 5\"" : "";
  const double tip = x2 > x1 ? -14 : 14;
  if (x1 == x2)
    fprintf(f,
            "<path class=\"arrow\" d=\"M%.1f %.1fh%dv8h%d\" fill=\"none\" stroke=\"" INK
            "\" stroke-width=\"2\"%s/>\n",
            x1, y - 4, DRAWING_LOOP, -DRAWING_LOOP + 8, dashes),
        y += 4;
  else
    fprintf(f,
            "<line class=\"arrow\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"" INK
            "\" stroke-width=\"2\"%s/>\n",
            x1, y, x2 + tip, y, dashes);
  fprintf(f, "<path d=\"M%.1f %.1fl%g -6v12z\"/>\n", x2, y, tip);
}
