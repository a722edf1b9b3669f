/* mermaid.c - a Mermaid sequence diagram: lanes are participants, traps and resumes are messages. Mermaid
 * draws a few dozen events well, so select them with --events. */
#include <stdlib.h>

#include "tools/trapeze/markup.h"
#include "trace.h"

struct seen {
  uint32_t lanes;
  bool *declared;
};

static void begin(struct trace *t) {
  t->state = must(calloc(1, sizeof(struct seen)));
  fputs("sequenceDiagram\n", t->out);
}

static void declare(struct trace *t, uint32_t lane) {
  struct seen *s = t->state;
  uint32_t lanes = recorder_lanes(t->r);
  if (lanes > s->lanes) {
    s->declared = must(realloc(s->declared, lanes * sizeof *s->declared));
    while (s->lanes < lanes) s->declared[s->lanes++] = false;
  }
  if (s->declared[lane]) return;
  s->declared[lane] = true;
  fprintf(t->out, "  participant L%u as ", lane);
  mermaid_name(t->out, trace_lane(t, lane));
  fputc('\n', t->out);
}

static void steps(struct trace *t, const struct record *rec) {
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    const char *words = recorder_lecture_words(s->list, s->step);
    if (words)
      fprintf(t->out, "  Note over L%u,L%u: %s %u. %s\n", rec->from, rec->to,
              trace_list_title((enum lecture_list)s->list), s->step, words);
  }
}

static void record(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128];
  if (rec->kind != RECORD_TRAP && rec->kind != RECORD_RESUME) return;
  declare(t, rec->from);
  declare(t, rec->to);
  if (rec->kind == RECORD_TRAP)
    fprintf(t->out, "  L%u->>L%u: %s (%s)\n", rec->from, rec->to, trace_what(t, rec, what, sizeof what),
            trace_verdicts(rec, verdicts, sizeof verdicts));
  else
    fprintf(t->out, "  L%u-->>L%u: resume at 0x%08x\n", rec->from, rec->to, rec->resume.pc);
  steps(t, rec);
}

static void end(struct trace *t) {
  struct seen *s = t->state;
  free(s->declared);
  free(s);
}

const struct trace_format trace_mermaid = {"mermaid", false, begin, record, end, NULL};
