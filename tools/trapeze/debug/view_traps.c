/* view_traps.c - the traps pane: a sequence diagram with a column for each lane and a row for each event, its
 * verdict and its steps of lists. The deepest application is on the left and the host OS on the right, as in
 * the lecture. */
#include <string.h>

#include "tools/trapeze/calls.h"
#include "tools/trapeze/trace/trace.h"
#include "view.h"

#define NUMBER 9      /* columns of an event's number */
#define WORDS 32      /* columns for the words at depth 1 */
#define WORDS_DEEP 38 /* at greater depths, with a verdict for each level */
#define NEAR 4096     /* the steps of one list are not further apart */

struct diagram {
  struct debug *d;
  struct place p;
  uint32_t depth;
  int lanes, width;
  uint64_t middle; /* the event that the pane is about; 0 = none yet */
  int row;         /* its row in the content */
};

/* ---- which events ---- */

static bool transfer(struct note n) { return n.kind == RECORD_TRAP || n.kind == RECORD_RESUME; }

/* Has the event a step of the list that is followed? What comes after the last numbered step counts only when
 * the session stands there. */
static bool of_list(struct debug *d, uint64_t event) {
  const struct record *rec = timeline_event(d->t, event);
  const struct list_stop at = index_stop(d, d->at_list_stop);
  bool here = at.event == event, over = !at.step;
  for (unsigned i = 0; rec && i < rec->steps; i++)
    if (rec->step[i].list_event == d->list && (rec->step[i].step || here || over)) return true;
  return false;
}

static bool shown(const struct diagram *g, uint64_t event) {
  struct debug *d = g->d;
  const struct note n = index_note(d, event);
  if (!transfer(n)) return false;
  if (d->predict.on && n.position >= g->p.position && event != g->p.event) return false;
  return d->all || !d->at_list_stop || of_list(d, event);
}

/* The next event that is shown, downwards (direction 1) or upwards; 0 = none. */
static uint64_t neighbour(const struct diagram *g, uint64_t event, int direction) {
  const bool all = g->d->all || !g->d->at_list_stop;
  for (uint64_t e = event, tries = 0; all || tries < NEAR; tries++) {
    e += (uint64_t)(int64_t)direction;
    const struct note n = index_note(g->d, e);
    if (n.kind == NO_NOTE || (g->d->predict.on && n.position > g->p.position)) return 0;
    if (shown(g, e)) return e;
  }
  return 0;
}

/* How many of at most `most` events are shown in that direction. */
static int count(const struct diagram *g, int direction, int most) {
  int n = 0;
  for (uint64_t e = g->middle; n < most && (e = neighbour(g, e, direction)); n++) continue;
  return n;
}

/* At home the pane shows as many events before the current one as after it, if there are. */
static int home_row(const struct diagram *g, int height) {
  const int before = 1 + count(g, -1, height - 1), after = count(g, 1, height);
  const int keep = before < height - after ? before : after < height / 2 ? height - after : (height + 1) / 2;
  return (keep < before ? keep : before) - 1;
}

static struct diagram diagram_of(struct debug *d, int height) {
  struct diagram g = {.d = d, .p = model_place(d)};
  g.middle = d->at_list_stop ? index_stop(d, d->at_list_stop).event : g.p.event;
  for (uint32_t i = 0; i < recorder_lanes(timeline_recorder(d->t)); i++)
    if (recorder_lane(timeline_recorder(d->t), i)->depth > g.depth)
      g.depth = recorder_lane(timeline_recorder(d->t), i)->depth;
  g.lanes = 2 * ((int)g.depth + 1);
  g.row = g.middle ? home_row(&g, height) : -1; /* at reset, row 0 is the first event */
  return g;
}

uint64_t traps_row(struct debug *d, int height, int row) {
  struct diagram g = diagram_of(d, height);
  uint64_t event = g.middle;
  const int by = row - g.row;
  for (int i = 0; i < (by < 0 ? -by : by); i++)
    if (!(event = neighbour(&g, event, by < 0 ? -1 : 1))) break;
  return event;
}

/* ---- drawing ---- */

static int column_of(const struct diagram *g, uint32_t lane) {
  const struct lane *l = &g->d->lanes[lane];
  int level = (int)g->depth - (int)l->depth;
  if (level < 0) level = 0;
  return NUMBER + g->width * (2 * level + (l->kind == LANE_KERNEL || l->kind == LANE_IDLE)) + g->width / 2;
}

static enum style lane_style(const struct diagram *g, int k) {
  bool kernel = k & 1, host = k == g->lanes - 1;
  return host ? LANE_HOST : kernel ? LANE_GUEST : k == 0 ? LANE_APP : LANE_VMM;
}

static void header(const struct diagram *g, struct cells *c) {
  for (int k = 0; k < g->lanes; k++) {
    char name[24];
    unsigned depth = g->depth - (unsigned)k / 2;
    const char *who = k & 1 ? depth ? "guest OS" : "host OS" : k == 0 ? "app" : "VMM";
    if (g->depth > 1 && depth && k)
      snprintf(name, sizeof name, "%s%u", k & 1 ? "OS" : g->width < 5 ? "V" : "VMM", depth);
    else
      snprintf(name, sizeof name, "%s", who);
    if ((int)strlen(name) >= g->width) name[g->width - 1] = 0;
    cells_put(c, 0, NUMBER + k * g->width + (g->width - (int)strlen(name) + 1) / 2, lane_style(g, k), name);
  }
  cells_put(c, 0, NUMBER + g->lanes * g->width + 1, TITLE, "step what, verdict");
}

static void arrow(const struct diagram *g, struct cells *c, int row, struct note n, enum style style) {
  int from = column_of(g, n.from), to = column_of(g, n.to);
  const char *stroke = n.kind == RECORD_TRAP ? "─" : "┄";
  for (int x = from < to ? from + 1 : to + 1; x < (from < to ? to : from); x++)
    cells_put(c, row, x, style, stroke);
  cells_put(c, row, from, style, "●");
  if (from != to) cells_put(c, row, to, style, from < to ? "▶" : "◀");
}

/* "T4,5": the event's steps of the list that is followed, else of the innermost list. */
static void steps_of(const struct diagram *g, const struct record *rec, char *buf, size_t size) {
  size_t used = 0;
  uint64_t list = 0;
  *buf = 0;
  for (unsigned i = 0; i < rec->steps; i++)
    if (rec->step[i].step && (!list || rec->step[i].list_event == g->d->list)) list = rec->step[i].list_event;
  for (unsigned i = 0; i < rec->steps && used < size; i++) {
    const struct list_step *s = &rec->step[i];
    if (s->list_event != list || !s->step) continue;
    if (used)
      used += (size_t)snprintf(buf + used, size - used, ",%u", s->step);
    else
      used += (size_t)snprintf(buf, size, "%c%u", trace_list_letter(s->list), s->step);
  }
}

/* The trap in few words: the mnemonic instead of PRIVILEGED, the page instead of the address. */
static void what_of(const struct debug *d, const struct record *rec, char *buf, size_t size) {
  struct pg32_insn insn = pg32_decode(rec->trap.guest_badinst);
  const char *call = why_call_name(d, rec), *hypercall = calls_hypercall(rec);
  char number[12];
  snprintf(number, sizeof number, "%u", rec->a7);
  if (rec->trap.guest_cause == 0)
    snprintf(buf, size, "(unit) %05x", rec->trap.guest_pc);
  else if (hypercall)
    snprintf(buf, size, "%s", hypercall);
  else if (rec->trap.guest_cause == CAUSE_SYSCALL)
    snprintf(buf, size, "syscall %s", call ? call : number);
  else if (rec->trap.guest_cause == CAUSE_PRIVILEGED)
    snprintf(buf, size, "%s", insn.id < PG32_INSNS ? pg32_row(insn.id)->name : "?");
  else if (rec->trap.badva)
    snprintf(buf, size, "%s %05x", pg32_cause_name(rec->trap.guest_cause), rec->trap.badva >> PAGE_SHIFT);
  else
    snprintf(buf, size, "%s", pg32_cause_name(rec->trap.guest_cause));
}

static void words(const struct diagram *g, struct cells *c, int row, const struct record *rec,
                  enum style style) {
  char what[64], verdicts[64], steps[32];
  int x = NUMBER + g->lanes * g->width + 1;
  bool hidden = g->d->predict.on && rec->event == g->p.event;
  if (!hidden || !g->p.before) {
    steps_of(g, rec, steps, sizeof steps);
    cells_put(c, row, x, STRONG, steps);
  }
  x += 5;
  if (rec->kind == RECORD_RESUME) {
    cells_printf(c, row, x, DIM, "resume %06x", rec->resume.guest_pc);
    return;
  }
  what_of(g->d, rec, what, sizeof what);
  x = cells_put(c, row, x, style, what);
  cells_printf(c, row, x, rec->verdict[0] == VERDICT_OTHER || rec->verdict[0] == VERDICT_WRONG ? MISS : DIM,
               " %s", hidden ? "?" : trace_verdicts(rec, verdicts, sizeof verdicts));
}

static void event_row(const struct diagram *g, struct cells *c, int row, uint64_t event, bool current) {
  const struct record *rec = timeline_event(g->d->t, event);
  const struct note n = index_note(g->d, event);
  bool past = n.position < g->p.position;
  enum style style = current ? CURRENT : past ? PLAIN : DIM;
  cells_printf(c, row, 0, style, "%s%7llu", current ? g->p.before && !g->d->at_list_stop ? "▼" : "▶" : " ",
               (unsigned long long)event);
  for (int k = 0; k < g->lanes; k++) cells_put(c, row, NUMBER + k * g->width + g->width / 2, DIM, "│");
  bool hidden = g->d->predict.on && current && g->p.before;
  if (hidden)
    cells_put(c, row, column_of(g, n.from), style, "●");
  else
    arrow(g, c, row, n, style);
  if (rec) words(g, c, row, rec, style);
}

/* The events in one direction, as far as they are seen, and one more. */
static void events(const struct diagram *g, struct cells *c, int direction) {
  uint64_t event = g->middle;
  const int end = direction > 0 ? c->scroll + c->height : c->scroll - 1;
  for (int row = g->row; (end - row) * direction >= 0; row += direction) {
    if (event) cells_reach(c, row);
    if (event && row >= c->scroll && row < c->scroll + c->height)
      event_row(g, c, row, event, event == g->middle);
    if (!(event = neighbour(g, event, direction))) break;
  }
}

void view_traps(struct debug *d, struct cells *c) {
  struct diagram g = diagram_of(d, c->window);
  g.width = (c->width - NUMBER - (g.depth > 1 ? WORDS_DEEP : WORDS)) / g.lanes;
  if (g.width > 14) g.width = 14;
  if (g.width < 3) g.width = 3;
  if (c->title) header(&g, c->title);
  events(&g, c, 1);
  if (g.middle) events(&g, c, -1);
}
