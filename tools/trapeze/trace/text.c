/* text.c - one line for each trap: event, tick, lane, trap, verdicts, steps; made for 80 columns.
 *
 * The lines are put together without printf, which would take most of the time of a run with many traps. */
#include <string.h>

#include "isa/utf8.h"
#include "trace.h"

struct line {
  char text[512]; /* more than names, trap, verdicts and steps take at their longest */
  size_t n;
};

static void begin(struct trace *t) {
  fprintf(t->out, "%7s %9s %-16s %-22s %s\n", "event", "tick", "lane", "trap", "verdict");
}

/* Appends text, filled up with blanks to `width`, and a blank. */
static void left(struct line *l, const char *text, size_t width) {
  const size_t bytes = strlen(text), n = pg32_utf8_length(text);
  memcpy(l->text + l->n, text, bytes);
  l->n += bytes;
  for (size_t i = n; i < width + 1; i++) l->text[l->n++] = ' ';
  if (n > width) l->text[l->n++] = ' ';
}

static void right(struct line *l, uint64_t number, size_t width) {
  char digits[24], *first = digits + sizeof digits;
  *--first = 0;
  do *--first = (char)('0' + number % 10), number /= 10;
  while (number);
  for (size_t i = strlen(first); i < width; i++) l->text[l->n++] = ' ';
  left(l, first, 0);
}

/* A line for each wrong answer: what the VMM did. */
static void mistakes(struct trace *t, const struct record *rec) {
  char text[WRONG_TEXT];
  for (unsigned l = 1; l <= rec->levels; l++)
    if (rec->verdict[l] == VERDICT_WRONG || rec->verdict[l] == VERDICT_OTHER)
      fprintf(t->out, "        level %u: %s\n", l, recorder_wrong_text(rec, l, text, sizeof text));
}

static void record(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128];
  struct line l;
  l.n = 0;
  if (rec->kind != RECORD_TRAP) return;
  right(&l, rec->event, 7);
  right(&l, rec->tick, 9);
  left(&l, trace_lane(t, rec->from), 16);
  left(&l, trace_what(t, rec, what, sizeof what), 22);
  left(&l, trace_verdicts(rec, verdicts, sizeof verdicts), 0);
  for (unsigned i = 0; i < rec->steps; i++) {
    if (!rec->step[i].step) continue;
    l.text[l.n++] = trace_list_letter(rec->step[i].list);
    right(&l, rec->step[i].step, 0);
  }
  l.text[l.n - 1] = '\n'; /* in place of the last blank */
  fwrite(l.text, 1, l.n, t->out);
  mistakes(t, rec);
}

static void end(struct trace *t) { (void)t; }

const struct trace_format trace_text = {"text", false, begin, record, end, NULL};
