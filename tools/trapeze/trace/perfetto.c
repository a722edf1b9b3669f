/* perfetto.c - Chrome's trace event format, which Perfetto reads. Each depth is shown as a process, each lane
 * as a thread, and a tick as a microsecond. A stretch during which a lane runs is a slice; a trap is an
 * instant event of the lane that it leaves. */
#include <stdlib.h>

#include "tools/trapeze/json_out.h"
#include "trace.h"

struct state {
  uint32_t lanes, depths;
  uint64_t since;
  bool comma;
};

static void item(struct trace *t) {
  struct state *s = t->state;
  fputs(s->comma ? ",\n" : "\n", t->out);
  s->comma = true;
}

static void begin(struct trace *t) {
  t->state = must(calloc(1, sizeof(struct state)));
  fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", t->out);
}

/* Names for lanes and depths not yet seen. */
static void names(struct trace *t) {
  struct state *s = t->state;
  for (; s->lanes < recorder_lanes(t->r); s->lanes++) {
    const struct lane *l = recorder_lane(t->r, s->lanes);
    for (; s->depths <= l->depth; s->depths++) {
      item(t);
      fprintf(t->out, "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":%u,\"args\":{\"name\":\"depth %u\"}}",
              s->depths, s->depths);
    }
    item(t);
    fprintf(t->out,
            "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":%u,\"tid\":%u,\"args\":{\"name\":", l->depth,
            l->id);
    json_out_string(t->out, l->name);
    fputs("}}", t->out);
  }
}

static void slice(struct trace *t, const struct record *rec) {
  struct state *s = t->state;
  if (rec->tick > s->since && trace_wants(t, rec)) {
    item(t);
    fputs("{\"ph\":\"X\"", t->out);
    json_out_member(t->out, "name", trace_lane(t, rec->from));
    json_out_number(t->out, "pid", trace_depth(t, rec->from));
    json_out_number(t->out, "tid", rec->from);
    json_out_number(t->out, "ts", s->since);
    json_out_number(t->out, "dur", rec->tick - s->since);
    fputc('}', t->out);
  }
  s->since = rec->tick;
}

static void instant(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128], text[LIST_STEP_TEXT];
  item(t);
  fputs("{\"ph\":\"i\",\"s\":\"t\"", t->out);
  json_out_member(t->out, "name", trace_what(t, rec, what, sizeof what));
  json_out_number(t->out, "pid", trace_depth(t, rec->from));
  json_out_number(t->out, "tid", rec->from);
  json_out_number(t->out, "ts", rec->tick);
  fprintf(t->out, ",\"args\":{\"event\":%llu", (unsigned long long)rec->event);
  json_out_number(t->out, "parent", rec->parent);
  json_out_member(t->out, "verdict", trace_verdicts(rec, verdicts, sizeof verdicts));
  fprintf(t->out, ",\"pc\":\"0x%08x\"", rec->trap.pc);
  for (unsigned i = 0; i < rec->steps; i++) {
    char key[16];
    snprintf(key, sizeof key, "%c%u", trace_list_letter(rec->step[i].list), rec->step[i].step);
    json_out_member(t->out, key, recorder_step_text(t->r, &rec->step[i], text, sizeof text));
  }
  fputs("}}", t->out);
}

static void record(struct trace *t, const struct record *rec) {
  names(t);
  if (rec->from != rec->to || rec->kind == RECORD_END) slice(t, rec);
  if (rec->kind == RECORD_TRAP && trace_wants(t, rec)) instant(t, rec);
}

static void end(struct trace *t) {
  fputs("\n]}\n", t->out);
  free(t->state);
}

const struct trace_format trace_perfetto = {"perfetto", true, begin, record, end, NULL};
