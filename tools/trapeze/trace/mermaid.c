/* mermaid.c - a Mermaid sequence diagram: lanes are participants, in the order of the layers, traps and resumes are
 * messages. Mermaid draws a few dozen events well, so select them with --events. */
#include <stdlib.h>

#include "tools/trapeze/markup.h"
#include "trace.h"

struct mermaid {
  FILE *messages; /* which are written behind the participants, once these are all known */
  char *text;
  size_t size;
  uint32_t *lane; /* that take part */
  size_t lanes, room;
};

static void begin(struct trace *t) {
  struct mermaid *s = t->state = must(calloc(1, sizeof *s));
  s->messages = must(open_memstream(&s->text, &s->size));
}

static void take_part(struct trace *t, uint32_t lane) {
  struct mermaid *s = t->state;
  for (size_t i = 0; i < s->lanes; i++)
    if (s->lane[i] == lane) return;
  if (s->lanes == s->room) s->lane = must(realloc(s->lane, (s->room = 2 * s->room + 8) * sizeof *s->lane));
  s->lane[s->lanes++] = lane;
}

static void steps(FILE *f, const struct record *rec) {
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    const char *words = recorder_step_words(s);
    if (words)
      fprintf(f, "  Note over L%u,L%u: %s %u. %s\n", rec->from, rec->to,
              trace_list_title((enum lecture_list)s->list), s->step, words);
  }
}

static void record(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128];
  FILE *f = ((struct mermaid *)t->state)->messages;
  if (rec->kind != RECORD_TRAP && rec->kind != RECORD_RESUME) return;
  take_part(t, rec->from);
  take_part(t, rec->to);
  if (rec->kind == RECORD_TRAP)
    fprintf(f, "  L%u->>L%u: %s (%s)\n", rec->from, rec->to, trace_what(t, rec, what, sizeof what),
            trace_verdicts(rec, verdicts, sizeof verdicts));
  else
    fprintf(f, "  L%u-->>L%u: resume at 0x%08x\n", rec->from, rec->to, rec->resume.pc);
  steps(f, rec);
}

static void end(struct trace *t) {
  struct mermaid *s = t->state;
  if (fclose(s->messages) != 0) must(NULL);
  trace_sort_lanes(t, s->lane, s->lanes);
  fputs("sequenceDiagram\n", t->out);
  for (size_t i = 0; i < s->lanes; i++) {
    fprintf(t->out, "  participant L%u as ", s->lane[i]);
    mermaid_name(t->out, trace_lane(t, s->lane[i]));
    fputc('\n', t->out);
  }
  fwrite(s->text, 1, s->size, t->out);
  free(s->text);
  free(s->lane);
  free(s);
}

const struct trace_format trace_mermaid = {"mermaid", false, begin, record, end, NULL};
