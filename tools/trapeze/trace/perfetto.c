/* perfetto.c - Chrome's trace event format, which Perfetto reads (ui.perfetto.dev). A level is shown as a process, a lane
 * as a thread of it, both in the order of the layers, and a tick as a microsecond.
 *
 * A stretch during which a lane runs is a slice (ph X), named by what the lane does. A trap is an instant (i) of the lane
 * that it leaves. An arrow (a flow: s, t, f) leads from a trap through all that handles it to the resume that answers it.
 * A list of the lecture is an asynchronous slice (b, e) of its level, in which its steps are slices: lists of several
 * processes overlap, which slices of a thread must not. Process and thread 0 mean something else to Perfetto, so both are
 * counted from 1. */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/json_out.h"
#include "trace.h"

enum { DEED = 64 };

struct lane_state {
  char handles[DEED]; /* a kernel: what it was entered for */
};

struct open_list {
  uint64_t event;
  unsigned level, lane;
  int step;          /* that is open; -1: none */
  const char *words; /* for that step; NULL: there are none */
  enum lecture_list list;
  char name[48];
};

struct point { /* of a flow: a slice */
  uint64_t flow, tick;
  uint32_t lane;
};

struct perfetto {
  bool comma, begins;
  uint64_t since, now; /* ticks: at which the lane began that runs; of the last record */
  char begun[DEED];    /* what that lane does, if that was known when it began; else "" */
  struct lane_state *lane;
  size_t lanes;
  char exit[RECORDER_DEPTH + 2][DEED];      /* the last trap out of a VM of that level */
  char reflected[RECORDER_DEPTH + 1][DEED]; /* for what that level's kernel is entered next; or "" */
  uint64_t flow;                            /* the trap that is being handled; 0: none */
  uint32_t trapped;                         /* the lane that it left */
  bool ends;                                /* the slice that runs is the last of the flow */
  struct point last; /* a point of the flow that is not written yet; lane is counted from 1, 0: none */
  bool begun_flow;   /* a point before that has been written */
  struct open_list *list;
  size_t lists, room;
};

static void item(struct trace *t) {
  struct perfetto *s = t->state;
  fputs(s->comma ? ",\n" : "\n", t->out);
  s->comma = true;
}

/* Begins an item: its phase, process, thread and time. */
static void event(struct trace *t, const char *phase, unsigned level, uint32_t lane, uint64_t tick) {
  item(t);
  fprintf(t->out, "{\"ph\":\"%s\",\"pid\":%u,\"tid\":%u,\"ts\":%llu", phase, level + 1, lane + 1,
          (unsigned long long)tick);
}

static void begin(struct trace *t) {
  t->state = must(calloc(1, sizeof(struct perfetto)));
  fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", t->out);
}

/* ---- flows ---- */

/* Writes the point that waits. */
static void put_point(struct trace *t, bool last) {
  struct perfetto *s = t->state;
  const struct point *p = &s->last;
  if (p->lane && (s->begun_flow || !last)) { /* an arrow needs two points */
    event(t, last ? "f" : s->begun_flow ? "t" : "s", trace_depth(t, p->lane - 1), p->lane - 1, p->tick);
    fprintf(t->out, ",\"cat\":\"trap\",\"name\":\"trap to resume\",\"id\":%llu%s}",
            (unsigned long long)p->flow, last ? ",\"bp\":\"e\"" : "");
    s->begun_flow = true;
  }
  s->last.lane = 0;
}

static void end_flow(struct trace *t) {
  struct perfetto *s = t->state;
  put_point(t, true);
  s->flow = 0;
  s->begun_flow = s->ends = false;
}

/* The flow passes through the slice of `lane` in which `tick` is. */
static void point(struct trace *t, uint32_t lane, uint64_t tick) {
  struct perfetto *s = t->state;
  put_point(t, false);
  s->last = (struct point){s->flow, tick, lane + 1};
}

/* ---- slices ---- */

static struct lane_state *lane_state(struct trace *t, uint32_t lane) {
  struct perfetto *s = t->state;
  if (lane >= s->lanes) {
    const size_t lanes = recorder_lanes(t->r);
    s->lane = must(realloc(s->lane, lanes * sizeof *s->lane));
    memset(s->lane + s->lanes, 0, (lanes - s->lanes) * sizeof *s->lane);
    s->lanes = lanes;
  }
  return &s->lane[lane];
}

static bool kernel(const struct trace *t, uint32_t lane) {
  return recorder_lane(t->r, lane)->kind == LANE_KERNEL;
}

/* What the lane that runs until this record did. */
static void name_slice(struct trace *t, const struct record *rec, char *buf, size_t size) {
  struct perfetto *s = t->state;
  char deed[DEED];
  if (recorder_lane(t->r, rec->from)->kind == LANE_IDLE)
    snprintf(buf, size, "waits for an interrupt");
  else if (*s->begun)
    snprintf(buf, size, "%s", s->begun);
  else if (rec->kind == RECORD_TRAP)
    snprintf(buf, size, "runs until %s", trace_deed(t, rec, deed, sizeof deed));
  else
    snprintf(buf, size, kernel(t, rec->from) ? "boots" : "runs");
}

/* The lane `from` has run until this record. */
static void end_slice(struct trace *t, const struct record *rec) {
  struct perfetto *s = t->state;
  char name[DEED + 16];
  if (rec->tick > s->since && trace_wants(t, rec)) {
    name_slice(t, rec, name, sizeof name);
    event(t, "X", trace_depth(t, rec->from), rec->from, s->since);
    json_out_number(t->out, "dur", rec->tick - s->since);
    json_out_member(t->out, "name", name);
    fputc('}', t->out);
    if (s->flow) point(t, rec->from, s->since);
  }
  if (s->flow && s->ends) end_flow(t);
  if (!s->flow && rec->kind == RECORD_TRAP) { /* a flow begins, in the slice that has just ended */
    s->flow = rec->event, s->trapped = rec->from, s->ends = false;
    if (rec->tick > s->since && trace_wants(t, rec)) point(t, rec->from, rec->tick - 1);
  }
  s->since = rec->tick;
}

/* The lane `to` begins to run, and what it does is known if it handles a trap. */
static void begin_slice(struct trace *t, const struct record *rec) {
  struct perfetto *s = t->state;
  const unsigned depth = trace_depth(t, rec->to);
  *s->begun = 0;
  if (rec->kind == RECORD_TRAP) {
    char *handles = lane_state(t, rec->to)->handles;
    trace_deed(t, rec, handles, DEED);
    for (unsigned l = 1; l <= rec->levels; l++) {
      memcpy(s->exit[l], handles, DEED);
      if (rec->verdict[l] == VERDICT_REFLECT) memcpy(s->reflected[l], handles, DEED);
    }
    memcpy(s->begun, handles, DEED);
    return;
  }
  if (rec->kind != RECORD_RESUME) return;
  s->ends = depth > 0 || rec->to == s->trapped;
  if (trace_layer(t, rec->to) == LAYER_VMM && *s->exit[depth + 1])
    snprintf(s->begun, sizeof s->begun, "exit: %.50s", s->exit[depth + 1]);
  else if (kernel(t, rec->to)) {
    char *handles = lane_state(t, rec->to)->handles;
    if (*s->reflected[depth]) memcpy(handles, s->reflected[depth], DEED);
    memcpy(s->begun, handles, DEED);
    *s->reflected[depth] = 0;
  }
}

static void instant(struct trace *t, const struct record *rec) {
  char what[48], verdicts[128], text[LIST_STEP_TEXT];
  event(t, "i", trace_depth(t, rec->from), rec->from, rec->tick);
  json_out_member(t->out, "s", "t");
  json_out_member(t->out, "name", trace_what(t, rec, what, sizeof what));
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

/* ---- the lecture's lists ---- */

static void list_item(struct trace *t, const struct open_list *l, const char *phase, uint64_t tick,
                      const char *name) {
  event(t, phase, l->level, l->lane, tick);
  fprintf(t->out, ",\"cat\":\"list\",\"id\":%llu", (unsigned long long)l->event);
  json_out_member(t->out, "name", name);
}

static void step_item(struct trace *t, const struct open_list *l, const char *phase, uint64_t tick) {
  char name[240];
  if (l->words)
    snprintf(name, sizeof name, "%d. %s", l->step, l->words);
  else
    snprintf(name, sizeof name, "the guest OS returns");
  list_item(t, l, phase, tick, name);
  fputc('}', t->out);
}

static void open_list(struct trace *t, const struct record *rec, const struct list_step *step) {
  struct perfetto *s = t->state;
  char what[48];
  const char *call = trace_call(t, rec);
  if (s->lists == s->room) s->list = must(realloc(s->list, (s->room = 2 * s->room + 8) * sizeof *s->list));
  struct open_list *l = &s->list[s->lists++];
  *l = (struct open_list){rec->event, step->level, rec->from, -1, NULL, (enum lecture_list)step->list, ""};
  snprintf(l->name, sizeof l->name, "%s%s%s", trace_list_title(l->list), call ? " " : "", call ? call : "");
  list_item(t, l, "b", rec->tick, l->name);
  fprintf(t->out, ",\"args\":{\"event\":%llu", (unsigned long long)rec->event);
  json_out_member(t->out, "trap", trace_what(t, rec, what, sizeof what));
  fputs("}}", t->out);
}

static void close_list(struct trace *t, size_t i, uint64_t tick) {
  struct perfetto *s = t->state;
  const struct open_list *l = &s->list[i];
  if (l->step >= 0) step_item(t, l, "e", tick);
  list_item(t, l, "e", tick, l->name);
  fputc('}', t->out);
  s->list[i] = s->list[--s->lists];
}

static void take_step(struct trace *t, const struct record *rec, const struct list_step *step) {
  struct perfetto *s = t->state;
  size_t i = 0;
  while (i < s->lists && s->list[i].event != step->list_event) i++;
  if (i == s->lists) {
    if (step->list_event != rec->event || !trace_wants(t, rec)) return;
    open_list(t, rec, step);
  }
  struct open_list *l = &s->list[i];
  if (l->step != step->step) {
    if (l->step >= 0) step_item(t, l, "e", rec->tick);
    l->step = step->step, l->words = recorder_step_words(step);
    step_item(t, l, "b", rec->tick);
  }
  if (step->end) close_list(t, i, rec->tick);
}

/* ---- the format ---- */

static void record(struct trace *t, const struct record *rec) {
  struct perfetto *s = t->state;
  if (!s->begins && rec->event > 1) s->since = rec->tick; /* a part of a run, whose beginning is not known */
  s->begins = true, s->now = rec->tick;
  if (rec->from != rec->to || rec->kind == RECORD_END) {
    end_slice(t, rec);
    begin_slice(t, rec);
  }
  if (rec->kind == RECORD_TRAP && trace_wants(t, rec)) instant(t, rec);
  for (unsigned i = 0; i < rec->steps; i++) take_step(t, rec, &rec->step[i]);
}

/* Names of levels and lanes, and their order. */
static void names(struct trace *t) {
  const uint32_t n = recorder_lanes(t->r);
  uint32_t *lane = must(calloc(n + 1, sizeof *lane)), deepest = 0;
  for (uint32_t i = 0; i < n; i++) {
    lane[i] = i;
    if (trace_depth(t, i) > deepest) deepest = trace_depth(t, i);
  }
  for (uint32_t level = 0; level <= deepest && n; level++) {
    item(t);
    fprintf(t->out, "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":%u,\"args\":{\"name\":\"level %u%s\"}}",
            level + 1, level, level ? "" : ": the machine");
    item(t);
    fprintf(t->out, "{\"ph\":\"M\",\"name\":\"process_sort_index\",\"pid\":%u,\"args\":{\"sort_index\":%u}}",
            level + 1, deepest - level);
  }
  trace_sort_lanes(t, lane, n);
  for (uint32_t i = 0; i < n; i++) {
    const struct lane *l = recorder_lane(t->r, lane[i]);
    item(t);
    fprintf(t->out,
            "{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":%u,\"tid\":%u,\"args\":{\"name\":", l->depth + 1,
            l->id + 1);
    json_out_string(t->out, l->name);
    fputs("}}", t->out);
    item(t);
    fprintf(
        t->out,
        "{\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":%u,\"tid\":%u,\"args\":{\"sort_index\":%u}}",
        l->depth + 1, l->id + 1, i);
  }
  free(lane);
}

static void end(struct trace *t) {
  struct perfetto *s = t->state;
  end_flow(t);
  while (s->lists) close_list(t, s->lists - 1, s->now);
  names(t);
  fputs("\n]}\n", t->out);
  free(s->lane);
  free(s->list);
  free(s);
}

const struct trace_format trace_perfetto = {"perfetto", true, begin, record, end, NULL};
