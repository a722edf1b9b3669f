/* trace_text.c - one line a trap: event, tick, lane, trap, verdicts, steps. Readable at 80 columns. */
#include "trace.h"

static void begin(struct trace *t) {
  fprintf(t->out, "%7s %9s %-16s %-22s %s\n", "event", "tick", "lane", "trap", "verdict");
}

static void record(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128];
  if (rec->kind != RECORD_TRAP) return;
  fprintf(t->out, "%7llu %9llu %-16s %-22s ", (unsigned long long)rec->event, (unsigned long long)rec->tick,
          trace_lane(t, rec->from), trace_what(rec, what, sizeof what));
  fputs(trace_verdicts(rec, verdicts, sizeof verdicts), t->out);
  for (unsigned i = 0; i < rec->steps; i++)
    if (rec->step[i].step) fprintf(t->out, " %c%u", trace_list_letter(rec->step[i].list), rec->step[i].step);
  fputc('\n', t->out);
}

static void end(struct trace *t) { (void)t; }

const struct trace_format trace_text = {"text", false, begin, record, end};
