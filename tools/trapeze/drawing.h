/* drawing.h - SVG drawings for a wall: the one place that writes SVG. Texts of any origin stay texts, are 16 px high or
 * more, and have a width that is known beforehand, so that whoever draws can keep them apart.
 *
 * Lengths are in px; y grows downwards. Errors of the stream are left to ferror(). The functions die with STATUS_USAGE
 * when memory is short. */
#ifndef DRAWING_H
#define DRAWING_H

#include <stdbool.h>
#include <stdio.h>

enum { DRAWING_TEXT = 16, DRAWING_TITLE = 22, DRAWING_COLOURS = 6 };

/* Fills, from dark to light. Any two are told apart when printed in grey and by people who see no red, no green or no
 * blue (tests/drawings.py computes both). What they fill has a dark edge, for the last ones are light. */
extern const char *const drawing_colour[DRAWING_COLOURS];

/* Begins a drawing on white paper, whose title (a text for those who do not see it, too) stands at the top left. */
void drawing_begin(FILE *f, double width, double height, const char *title);
void drawing_end(FILE *f);

/* A text whose baseline is at y. `anchor` is SVG's: "start", "middle" or "end" of the text is at x. */
void drawing_text(FILE *f, double x, double y, const char *anchor, const char *text);
void drawing_bold(FILE *f, double x, double y, const char *anchor, const char *text);
/* How wide a text of that size is at most, in DejaVu Sans or a narrower font such as Arial. */
double drawing_width(const char *text, int size, bool bold);
/* Copies the part of `text` that fits into `width` at DRAWING_TEXT, broken at a blank if there is one, to buf, of `size`
 * bytes; returns what is left of `text`, without the blank: "" at its end. */
const char *drawing_piece(const char *text, double width, char *buf, size_t size);

/* A filled rectangle with a dark edge. */
void drawing_box(FILE *f, double x, double y, double width, double height, const char *fill);
/* A thin grey line, for axes and what else is in the background. */
void drawing_rule(FILE *f, double x1, double y1, double x2, double y2);
/* A line in that colour and width; `dashes` is SVG's stroke-dasharray, or NULL. */
void drawing_line(FILE *f, double x1, double y1, double x2, double y2, const char *colour, double width,
                  const char *dashes);
/* A dark arrow from (x1, y) to (x2, y); a dashed one if `back`. If both are the same x, a loop to the right that is
 * DRAWING_LOOP wide. It reaches 7 px above and below y. */
enum { DRAWING_LOOP = 34 };
void drawing_arrow(FILE *f, double x1, double x2, double y, bool back);

#endif
