/* svg.c - a sequence diagram for a wall: a lifeline for each lane, in the order of the layers; a row for each trap and
 * each resume; and beside the rows the lecture's sentences. A lifeline is thick where its lane runs.
 *
 * A label stands above or below its arrow, between two lifelines that are far enough apart for it: next to the lane
 * that the arrow leaves. So no text touches a lifeline, an arrow or another text. */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/cpu_name.h"
#include "tools/trapeze/drawing.h"
#include "trace.h"

#define MOST 2000  /* events of a diagram */
#define KEPT 20000 /* and of lists that may yet be drawn */

struct row { /* a trap or a resume */
  uint64_t event, retired;
  uint32_t from, to;
  bool resume;
  char deed[64], note[136]; /* above and below the arrow */
  unsigned steps;
  struct list_step step[RECORD_STEPS];
};

struct span { /* the events of a list */
  uint64_t first, last;
  char title[128];
};

struct svg {
  struct row *row;
  size_t rows, row_room;
  struct span *open, *closed; /* with --tail */
  size_t opens, open_room, closes, close_room;
};

static void *room_for(void *items, size_t used, size_t *room, size_t size) {
  if (used < *room) return items;
  *room = *room ? 2 * *room : 64;
  return must(realloc(items, *room * size));
}

/* ---- which events ---- */

static void add_row(struct trace *t, const struct record *rec) {
  struct svg *s = t->state;
  s->row = room_for(s->row, s->rows, &s->row_room, sizeof *s->row);
  struct row *row = &s->row[s->rows++];
  *row = (struct row){rec->event, rec->retired, rec->from,  rec->to, rec->kind == RECORD_RESUME,
                      "",         "",           rec->steps, {{0}}};
  memcpy(row->step, rec->step, sizeof row->step);
  if (rec->kind == RECORD_TRAP) {
    trace_deed(t, rec, row->deed, sizeof row->deed);
    if (rec->levels) trace_verdicts(rec, row->note, sizeof row->note);
  } else {
    snprintf(row->deed, sizeof row->deed, "resume at 0x%08x", rec->resume.pc);
    if (rec->resumes)
      snprintf(row->note, sizeof row->note, "goes on after #%llu", (unsigned long long)rec->resumes);
  }
}

/* Forgets rows before the first list that may be drawn. */
static void forget(struct svg *s) {
  uint64_t first = UINT64_MAX;
  size_t n = 0;
  while (s->rows > KEPT && s->opens) memmove(s->open, s->open + 1, --s->opens * sizeof *s->open);
  for (size_t i = 0; i < s->opens; i++)
    if (s->open[i].first < first) first = s->open[i].first;
  for (size_t i = 0; i < s->closes; i++)
    if (s->closed[i].first < first) first = s->closed[i].first;
  while (n < s->rows && s->row[n].event < first) n++;
  memmove(s->row, s->row + n, (s->rows - n) * sizeof *s->row);
  s->rows -= n;
}

static void open_span(struct trace *t, const struct record *rec, const struct list_step *step) {
  struct svg *s = t->state;
  s->open = room_for(s->open, s->opens, &s->open_room, sizeof *s->open);
  struct span *span = &s->open[s->opens++];
  const char *call = trace_call(t, rec);
  span->first = rec->event;
  int n = snprintf(span->title, sizeof span->title, "%s", trace_list_title((enum lecture_list)step->list));
  if (call) n += snprintf(span->title + n, sizeof span->title - (size_t)n, " %s", call);
  if (step->list != LIST_SYSCALL)
    n += snprintf(span->title + n, sizeof span->title - (size_t)n, " at 0x%08x", rec->trap.badva);
  snprintf(span->title + n, sizeof span->title - (size_t)n, " by %s", trace_lane(t, rec->from));
}

static void close_span(struct trace *t, size_t i, const struct list_step *step, uint64_t event) {
  struct svg *s = t->state;
  struct span span = s->open[i];
  memmove(s->open + i, s->open + i + 1, (--s->opens - i) * sizeof span);
  if (t->complete && step->end != LIST_RETURNED) return;
  if (t->tail == 0) return;
  span.last = event;
  s->closed = room_for(s->closed, s->closes, &s->close_room, sizeof span);
  if (s->closes == t->tail) memmove(s->closed, s->closed + 1, --s->closes * sizeof span);
  s->closed[s->closes++] = span;
}

/* Lists begin and end with this record. */
static void take_steps(struct trace *t, const struct record *rec, bool end) {
  struct svg *s = t->state;
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *step = &rec->step[i];
    bool is_open = false;
    for (size_t k = 0; k < s->opens && !is_open; k++)
      if (s->open[k].first == step->list_event) {
        is_open = true;
        if (end && step->end) close_span(t, k, step, rec->event);
      }
    if (!end && !is_open && step->list_event == rec->event && trace_wants(t, rec)) open_span(t, rec, step);
  }
}

static void record(struct trace *t, const struct record *rec) {
  struct svg *s = t->state;
  if (rec->kind != RECORD_TRAP && rec->kind != RECORD_RESUME) return;
  if (t->tail == UINT64_MAX) {
    if (!trace_wants(t, rec)) return;
    if (s->rows == MOST)
      die(STATUS_USAGE, "-f svg: more than %d events; choose some with --events A..B, or lists with --tail N",
          MOST);
    add_row(t, rec);
    return;
  }
  take_steps(t, rec, false);
  add_row(t, rec);
  take_steps(t, rec, true);
  if (s->rows % 64 == 0) forget(s);
}

/* Keeps the rows of closed lists alone. */
static void choose(struct trace *t) {
  struct svg *s = t->state;
  size_t n = 0;
  if (t->tail == UINT64_MAX) return;
  if (s->closes == 0) die(STATUS_USAGE, "-f svg: no list that has ended passes the filters");
  for (size_t i = 0; i < s->rows; i++) {
    bool wanted = false;
    for (size_t k = 0; k < s->closes; k++)
      wanted |= s->row[i].event >= s->closed[k].first && s->row[i].event <= s->closed[k].last;
    if (wanted) s->row[n++] = s->row[i];
  }
  s->rows = n;
  if (n > MOST) die(STATUS_USAGE, "-f svg: the lists have %zu events, more than %d", n, MOST);
}

/* ---- the layout ---- */

enum { PAD = 18, HALF = 6, HEAD = 150, ABOVE = 30, LINE = 22, SENTENCE = 400 };

struct layout {
  uint32_t *lane; /* in the order of the layers */
  double *x;      /* of its lifeline, in the same order */
  size_t lanes;
  size_t *place;         /* where a lane is in these two, by its id */
  double ran_x, steps_x; /* where numbers of instructions and the names of steps end */
  double text_x, width, height;
};

static double max(double a, double b) { return a > b ? a : b; }

static void collect_lanes(const struct trace *t, const struct svg *s, struct layout *l) {
  const size_t all = recorder_lanes(t->r);
  bool *used = must(calloc(all + 1, sizeof *used));
  l->lane = must(calloc(all + 1, sizeof *l->lane));
  l->place = must(calloc(all + 1, sizeof *l->place));
  for (size_t i = 0; i < s->rows; i++) used[s->row[i].from] = used[s->row[i].to] = true;
  for (uint32_t i = 0; i < all; i++)
    if (used[i]) l->lane[l->lanes++] = i;
  trace_sort_lanes(t, l->lane, l->lanes);
  for (size_t i = 0; i < l->lanes; i++) l->place[l->lane[i]] = i;
  free(used);
}

/* The gap in which a row's label stands: gap i is behind lifeline i. */
static size_t gap_of(const struct row *row, const struct layout *l) {
  const size_t from = l->place[row->from], to = l->place[row->to];
  return to >= from ? from : from - 1;
}

/* The instructions since the row before: "+147"; "" for the first. */
static const char *ran(const struct row *row, const struct row *before, char *buf, size_t size) {
  *buf = 0;
  if (before) snprintf(buf, size, "+%llu", (unsigned long long)(row->retired - before->retired));
  return buf;
}

static bool same_step(const struct list_step *a, const struct list_step *b) {
  return a->list_event == b->list_event && a->step == b->step;
}

/* The row's steps: "T4 T5". */
static const char *steps(const struct row *row, char *buf, size_t size) {
  size_t n = 0;
  *buf = 0;
  for (unsigned k = 0; k < row->steps; k++)
    if (row->step[k].step && (k == 0 || !same_step(&row->step[k], &row->step[k - 1])))
      n += (size_t)snprintf(buf + n, size - n, "%s%c%u", n ? " " : "",
                            trace_list_letter((enum lecture_list)row->step[k].list), row->step[k].step);
  return buf;
}

/* The columns at the left: numbers of events, instructions, steps. */
static void place_numbers(const struct svg *s, struct layout *l) {
  char text[64];
  double number = 0, instructions = 0, names = 0;
  for (size_t i = 0; i < s->rows; i++) {
    const struct row *row = &s->row[i];
    snprintf(text, sizeof text, "#%llu", (unsigned long long)row->event);
    number = max(number, drawing_width(text, DRAWING_TEXT, false));
    instructions = max(instructions,
                       drawing_width(ran(row, i ? row - 1 : NULL, text, sizeof text), DRAWING_TEXT, false));
    names = max(names, drawing_width(steps(row, text, sizeof text), DRAWING_TEXT, true));
  }
  l->ran_x = 16 + number + 16 + instructions;
  l->steps_x = l->ran_x + 20 + names;
}

static double header_width(const struct trace *t, uint32_t lane) {
  return max(drawing_width(trace_lane(t, lane), DRAWING_TEXT, true),
             drawing_width(trace_layer_name(trace_layer(t, lane)), DRAWING_TEXT, false));
}

static void place_lanes(const struct trace *t, const struct svg *s, struct layout *l) {
  double *gap = must(calloc(l->lanes + 1, sizeof *gap));
  l->x = must(calloc(l->lanes + 1, sizeof *l->x));
  for (size_t i = 0; i < s->rows; i++) {
    const struct row *row = &s->row[i];
    const double width =
        max(drawing_width(row->deed, DRAWING_TEXT, false), drawing_width(row->note, DRAWING_TEXT, false)) +
        2 * (PAD + HALF) + (row->from == row->to ? DRAWING_LOOP : 0);
    double *wide = &gap[gap_of(row, l)];
    *wide = max(*wide, width);
  }
  place_numbers(s, l);
  double x = l->steps_x;
  for (size_t i = 0; i < l->lanes; i++) {
    const double half = header_width(t, l->lane[i]) / 2 + PAD;
    x += i ? max(gap[i - 1], header_width(t, l->lane[i - 1]) / 2 + half) : half;
    l->x[i] = x;
  }
  if (l->lanes) x += max(gap[l->lanes - 1], header_width(t, l->lane[l->lanes - 1]) / 2 + PAD);
  l->text_x = x + PAD;
  free(gap);
}

static bool has_sentences(const struct svg *s) {
  for (size_t i = 0; i < s->rows; i++)
    for (unsigned k = 0; k < s->row[i].steps; k++)
      if (s->row[i].step[k].step) return true;
  return false;
}

/* ---- sentences ---- */

/* Has an earlier row been the same step? */
static bool said(const struct svg *s, size_t row, unsigned k) {
  const struct list_step *step = &s->row[row].step[k];
  for (unsigned j = 0; j < k; j++)
    if (same_step(&s->row[row].step[j], step)) return true;
  for (size_t i = row; i-- > 0;)
    for (unsigned j = 0; j < s->row[i].steps; j++) {
      const struct list_step *before = &s->row[i].step[j];
      if (before->list_event == step->list_event) return before->step == step->step;
    }
  return false;
}

/* Writes the row's sentences from y on, unless out is NULL; returns how high they are. */
static double sentences(const struct trace *t, const struct svg *s, size_t row, double x, double y,
                        FILE *out) {
  double height = 0;
  for (unsigned k = 0; k < s->row[row].steps; k++) {
    const struct list_step *step = &s->row[row].step[k];
    const char *words = recorder_step_words(step);
    char text[400], line[200];
    if (!words || said(s, row, k)) continue;
    snprintf(text, sizeof text, "%c%u. %s", trace_list_letter((enum lecture_list)step->list), step->step,
             words);
    if (t->o->depth > 1)
      snprintf(text, sizeof text, "%c%u, level %u: %s", trace_list_letter((enum lecture_list)step->list),
               step->step, step->level, words);
    for (const char *rest = text; *rest; height += LINE) {
      const char *more = drawing_piece(rest, SENTENCE, line, sizeof line);
      if (out) drawing_text(out, x, y + height, "start", line);
      rest = more;
    }
    height += 6;
  }
  return height;
}

static double row_height(const struct trace *t, const struct svg *s, size_t row) {
  return max(ABOVE + (*s->row[row].note || s->row[row].from == s->row[row].to ? 34 : 16),
             sentences(t, s, row, 0, 0, NULL) + 10);
}

/* ---- drawing ---- */

/* By layer: light above, dark below. */
static const char *fill_of(const struct trace *t, uint32_t lane) {
  return drawing_colour[DRAWING_COLOURS - 1 - (int)trace_layer(t, lane)];
}

static void draw_lane(const struct trace *t, const struct layout *l, size_t i) {
  const double x = l->x[i];
  const uint32_t lane = l->lane[i];
  drawing_bold(t->out, x, HEAD - 52, "middle", trace_lane(t, lane));
  drawing_text(t->out, x, HEAD - 30, "middle", trace_layer_name(trace_layer(t, lane)));
  drawing_box(t->out, x - 40, HEAD - 22, 80, 12, fill_of(t, lane));
  drawing_rule(t->out, x, HEAD - 10, x, l->height - 50);
}

static void draw_row(const struct trace *t, const struct layout *l, const struct row *row,
                     const struct row *before, double y) {
  const double from = l->x[l->place[row->from]], to = l->x[l->place[row->to]];
  const double side = to >= from ? 1 : -1;
  char text[64];
  snprintf(text, sizeof text, "#%llu", (unsigned long long)row->event);
  drawing_text(t->out, 16, y + 5, "start", text);
  drawing_text(t->out, l->ran_x, y + 5, "end", ran(row, before, text, sizeof text));
  drawing_bold(t->out, l->steps_x, y + 5, "end", steps(row, text, sizeof text));
  const double middle = from == to ? from + HALF + DRAWING_LOOP + PAD : 0;
  if (from == to) {
    drawing_arrow(t->out, from + HALF, from + HALF, y, row->resume);
    drawing_text(t->out, middle, y - 2, "start", row->deed);
    drawing_text(t->out, middle, y + 20, "start", row->note);
    return;
  }
  const size_t gap = gap_of(row, l);
  const double centre = (l->x[gap] + l->x[gap + 1]) / 2;
  drawing_arrow(t->out, from + side * HALF, to - side * HALF, y, row->resume);
  drawing_text(t->out, centre, y - 11, "middle", row->deed);
  drawing_text(t->out, centre, y + 24, "middle", row->note);
}

static void subtitle(const struct trace *t, const struct svg *s, char *buf, size_t size) {
  char cpu[CPU_NAME_MOST];
  const struct options *o = t->o;
  int n = snprintf(buf, size, "%.40s, ", o->image ? o->image : o->argc ? o->argv[0] : "a shell");
  n += snprintf(buf + n, size - (size_t)n, o->depth ? "depth %u" : "the bare machine", o->depth);
  n += snprintf(buf + n, size - (size_t)n, ", CPU %s", cpu_name(o->cpu, cpu));
  if (o->way) n += snprintf(buf + n, size - (size_t)n, ", %.20s", o->way);
  if (s->rows)
    snprintf(buf + n, size - (size_t)n, ". Behind an event's number: instructions since the event before");
}

static const char legend[] = "Whole arrow: trap. Dashed arrow: resume. Thick lifeline: this lane runs.";

static void draw(const struct trace *t, const struct svg *s, struct layout *l) {
  char title[200], below[200];
  const size_t n = s->rows;
  double y = HEAD;
  if (s->closes == 1)
    snprintf(title, sizeof title, "%s", s->closed[0].title);
  else if (n)
    snprintf(title, sizeof title, "Events #%llu to #%llu", (unsigned long long)s->row[0].event,
             (unsigned long long)s->row[n - 1].event);
  else
    snprintf(title, sizeof title, "No trap and no resume passes the filters");
  subtitle(t, s, below, sizeof below);
  l->width =
      max(l->text_x + (has_sentences(s) ? SENTENCE + 16 : 0),
          max(drawing_width(below, DRAWING_TEXT, false), drawing_width(legend, DRAWING_TEXT, false)) + 32);
  l->height = HEAD + 60;
  for (size_t i = 0; i < n; i++) l->height += row_height(t, s, i);
  drawing_begin(t->out, l->width, l->height, title);
  drawing_text(t->out, 16, 62, "start", below);
  for (size_t i = 0; i < l->lanes; i++) draw_lane(t, l, i);
  for (size_t i = 0; i < n; i++) { /* who runs */
    const double from = i ? y + ABOVE : HEAD - 10, height = row_height(t, s, i);
    if (i == 0)
      drawing_box(t->out, l->x[l->place[s->row[0].from]] - HALF, from, 2 * HALF, y + ABOVE - from,
                  fill_of(t, s->row[0].from));
    const double until = y + height + (i + 1 < n ? ABOVE : 10);
    drawing_box(t->out, l->x[l->place[s->row[i].to]] - HALF, y + ABOVE, 2 * HALF, until - y - ABOVE,
                fill_of(t, s->row[i].to));
    y += height;
  }
  y = HEAD;
  for (size_t i = 0; i < n; i++) {
    draw_row(t, l, &s->row[i], i ? &s->row[i - 1] : NULL, y + ABOVE);
    sentences(t, s, i, l->text_x, y + ABOVE + 5, t->out);
    y += row_height(t, s, i);
  }
  drawing_text(t->out, 16, l->height - 16, "start", legend);
  drawing_end(t->out);
}

/* ---- the format ---- */

static void begin(struct trace *t) { t->state = must(calloc(1, sizeof(struct svg))); }

static void end(struct trace *t) {
  struct svg *s = t->state;
  struct layout l = {0};
  choose(t);
  collect_lanes(t, s, &l);
  place_lanes(t, s, &l);
  draw(t, s, &l);
  free(l.lane), free(l.x), free(l.place);
  free(s->row), free(s->open), free(s->closed);
  free(s);
}

const struct trace_format trace_svg = {"svg", true, begin, record, end, NULL};
