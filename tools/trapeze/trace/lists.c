/* lists.c - the lecture's two lists as they happened: for each step the lecture's words, the lanes before and
 * after, how many instructions have been executed since the step before, and the evidence. Exits between two
 * steps are listed below the first of them; in a VM inside a VM there are many. */
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define WIDTH 80
#define FAMILY 65536 /* the last events, whose parents are remembered */
#define ITEMS 512    /* items kept of one list at most */
#define BETWEEN 12   /* exits shown between two steps at most */

struct item { /* a step, or an exit between steps when step < 0 */
  int step;
  uint64_t event, retired;
  uint32_t from, to;
  union {
    struct list_step evidence;
    char what[176]; /* of an exit: the trap, and what became of it */
  };
};

struct list {
  struct list *next;
  uint64_t event, tick;
  enum lecture_list kind;
  uint32_t lane, subject; /* subject: system-call number or address */
  const char *call;       /* the system call's name, or NULL */
  bool wanted;
  uint8_t level;
  uint8_t end;           /* enum list_end; LIST_GOES_ON: it has not been seen to return */
  enum list_state state; /* with LIST_GOES_ON */
  unsigned exits, hidden, host, items, room;
  struct item *item;
};

struct state {
  struct list *open, *closed, *closed_last; /* closed: with --tail, to be printed at the end */
  unsigned all[LISTS], in_vain, elsewhere, unfinished, unseen, wrong; /* of the whole run */
  uint64_t waiting;                                                   /* closed lists */
  uint64_t parent[FAMILY][2];
};

static const char *plural(unsigned n) { return n == 1 ? "" : "s"; }

/* ---- printing ---- */

/* Prints text broken at blanks, after `lead`; further lines are indented as far. */
static void wrapped(FILE *out, const char *lead, const char *text) {
  int indent = (int)strlen(lead), room = WIDTH - indent;
  fputs(lead, out);
  while ((int)strlen(text) > room) {
    int n = room;
    while (n > 0 && text[n] != ' ') n--;
    if (n == 0) n = room;
    fprintf(out, "%.*s\n%*s", n, text, indent, "");
    text += n + (text[n] == ' ');
  }
  fprintf(out, "%s\n", text);
}

static void heading(struct trace *t, const struct list *l) {
  fputs(trace_list_title(l->kind), t->out);
  if (l->kind == LIST_SYSCALL)
    fprintf(t->out, "%s%s (a7 = %u)", l->call ? " " : "", l->call ? l->call : "", l->subject);
  else
    fprintf(t->out, " at 0x%08x", l->subject);
  fprintf(t->out, " by %s at tick %llu: %u exit%s%s\n", trace_lane(t, l->lane), (unsigned long long)l->tick,
          l->exits, plural(l->exits), l->end ? "" : " so far");
  if (l->kind == LIST_PROTECTION)
    fputs("  (The lecture has no list for it. The numbered sentences are ours.)\n", t->out);
  if (l->hidden || l->host)
    fprintf(t->out, "  (not counted: %u hidden fill%s, %u interrupt%s of the host's own)\n", l->hidden,
            plural(l->hidden), l->host, plural(l->host));
}

static void step_item(struct trace *t, const struct item *i, const struct item *before) {
  char lead[16], text[LIST_STEP_TEXT];
  const char *words = recorder_step_words(&i->evidence);
  bool same = before && before->step == i->step;
  if (!same && i->step > 0) {
    snprintf(lead, sizeof lead, "  %d. ", i->step);
    wrapped(t->out, lead, words);
  } else if (!same)
    fputs(recorder_step_is_elsewhere(&i->evidence) ? "  Then:\n" : "  Then the guest OS returns:\n", t->out);
  fprintf(t->out, "       #%llu %s -> %s", (unsigned long long)i->event, trace_lane(t, i->from),
          trace_lane(t, i->to));
  if (!before)
    fprintf(t->out, ", instruction %llu\n", (unsigned long long)i->retired);
  else
    fprintf(t->out, ", +%llu instructions\n", (unsigned long long)(i->retired - before->retired));
  wrapped(t->out, "         ", recorder_step_text(t->r, &i->evidence, text, sizeof text));
}

static void exit_items(struct trace *t, const struct item *i, unsigned n) {
  for (unsigned k = 0; k < n && k < BETWEEN; k++)
    fprintf(t->out, "         | #%llu %s: %s\n", (unsigned long long)i[k].event, trace_lane(t, i[k].from),
            i[k].what);
  if (n > BETWEEN) fprintf(t->out, "         | and %u more exits\n", n - BETWEEN);
}

/* Nothing can return any more, and nothing has been resumed since that could be what began the list. */
static bool did_not_return(const struct trace *t, const struct list *l) {
  return t->ended && l->state == LIST_STATE_WAITS;
}

/* What became of the list, as far as its steps do not say. */
static const char *outcome(const struct trace *t, const struct list *l) {
  switch (l->end) {
  case LIST_RETURNED: return "";
  case LIST_IN_VAIN:
    return l->kind == LIST_TLB ? "It returned without an entry for the page."
                               : "It returned without an entry that allows the access.";
  case LIST_ELSEWHERE: return "It did not return there.";
  default: break;
  }
  switch (l->state) {
  case LIST_STATE_INTERRUPTED:
    return "The guest kernel returned, but an interrupt came first: it was not seen to run on.";
  case LIST_STATE_LEFT: return "It was not seen to return: its address space runs on elsewhere.";
  case LIST_STATE_UNSURE:
    return "It was not seen to return: its ASID was invalidated, and may be another address space's now.";
  case LIST_STATE_AGAIN: return "It was not seen to return, but its program trapped there again.";
  case LIST_STATE_FORGOTTEN: return "It was not seen to return: too many programs wait.";
  default: break;
  }
  return did_not_return(t, l) ? "It did not return: the machine has ended."
                              : "It was not seen to return: the trace ends before.";
}

static void print(struct trace *t, const struct list *l) {
  const struct item *before = NULL;
  heading(t, l);
  for (unsigned i = 0; i < l->items; i++) {
    unsigned n = 0;
    while (i + n < l->items && l->item[i + n].step < 0) n++;
    exit_items(t, &l->item[i], n);
    i += n;
    if (i == l->items) break;
    step_item(t, &l->item[i], before);
    before = &l->item[i];
  }
  if (*outcome(t, l)) wrapped(t->out, "  ", outcome(t, l));
  fputc('\n', t->out);
}

/* ---- lists, open and closed ---- */

static struct list *find(const struct state *s, uint64_t event) {
  struct list *l = s->open;
  while (l && l->event != event) l = l->next;
  return l;
}

static void free_list(struct list *l) {
  free(l->item);
  free(l);
}

/* With --tail, a closed list is kept until the end of the run, unless enough later ones come. */
static void keep_for_later(struct trace *t, struct list *l) {
  struct state *s = t->state;
  l->next = NULL;
  if (s->closed)
    s->closed_last->next = l;
  else
    s->closed = l;
  s->closed_last = l;
  if (++s->waiting <= t->tail) return;
  struct list *oldest = s->closed;
  s->closed = oldest->next;
  s->waiting--;
  free_list(oldest);
}

static void close_list(struct trace *t, struct list *l, uint8_t end) {
  struct state *s = t->state;
  struct list **link = &s->open;
  while (*link != l) link = &(*link)->next;
  *link = l->next;
  l->end = end;
  if (!end) l->state = recorder_list_state(t->r, l->level, l->event);
  s->in_vain += end == LIST_IN_VAIN;
  s->elsewhere += end == LIST_ELSEWHERE;
  s->unfinished += end == LIST_GOES_ON && did_not_return(t, l);
  s->unseen += end == LIST_GOES_ON && !did_not_return(t, l);
  bool show = l->wanted && (end == LIST_RETURNED || !t->complete);
  if (show && t->tail != UINT64_MAX) {
    keep_for_later(t, l);
    return;
  }
  if (show) print(t, l);
  free_list(l);
}

static void open_list(struct trace *t, const struct record *rec, const struct list_step *step) {
  struct state *s = t->state;
  struct list **end = &s->open;
  while (*end) end = &(*end)->next;
  struct list *l = must(calloc(1, sizeof *l));
  l->level = step->level, l->event = rec->event, l->tick = rec->tick, l->kind = step->list,
  l->lane = rec->from;
  l->subject = step->list == LIST_SYSCALL ? rec->a7 : rec->trap.badva;
  l->call = trace_call(t, rec);
  l->wanted = trace_wants(t, rec);
  s->all[l->kind]++;
  *end = l;
}

static struct item *add(struct list *l, const struct record *rec, int step) {
  if (l->items == ITEMS) return NULL;
  if (l->items == l->room) {
    l->room = l->room ? 2 * l->room : 16;
    l->item = must(realloc(l->item, l->room * sizeof *l->item));
  }
  struct item *i = &l->item[l->items++];
  i->step = step, i->event = rec->event, i->retired = rec->retired, i->from = rec->from, i->to = rec->to;
  return i;
}

/* ---- records ---- */

static bool reached_vmm(const struct record *rec) {
  return rec->levels && rec->verdict[1] != VERDICT_HOST && rec->verdict[1] != VERDICT_NONE;
}

static bool is_step_of(const struct record *rec, const struct list *l) {
  for (unsigned i = 0; i < rec->steps; i++)
    if (rec->step[i].list_event == l->event) return true;
  return false;
}

static void count_trap(const struct trace *t, struct list *l, const struct record *rec) {
  char what[48], verdicts[128];
  if (!rec->levels) return;
  if (rec->hidden_fill[1])
    l->hidden++;
  else if (rec->verdict[1] == VERDICT_HOST)
    l->host++;
  if (!reached_vmm(rec)) return;
  l->exits++;
  struct item *i = is_step_of(rec, l) ? NULL : add(l, rec, -1);
  if (i)
    snprintf(i->what, sizeof i->what, "%s, %s", trace_what(t, rec, what, sizeof what),
             trace_verdicts(rec, verdicts, sizeof verdicts));
}

/* A trap counts for every open list that it is a step of, or during whose handling it happened. */
static void count_for_family(struct trace *t, const struct record *rec) {
  struct state *s = t->state;
  uint64_t *own = s->parent[rec->event % FAMILY];
  own[0] = rec->event, own[1] = rec->parent;
  for (struct list *l = s->open; l; l = l->next) {
    uint64_t e = rec->event;
    while (e > l->event && s->parent[e % FAMILY][0] == e) e = s->parent[e % FAMILY][1];
    if (e == l->event || is_step_of(rec, l)) count_trap(t, l, rec);
  }
}

static void take_step(struct trace *t, const struct record *rec, const struct list_step *step) {
  struct list *l = find(t->state, step->list_event);
  if (!l) return;
  struct item *i = add(l, rec, step->step);
  if (i) i->evidence = *step;
  if (step->end) close_list(t, l, step->end);
}

/* A VMM has made a mistake. */
static void say_wrong(struct trace *t, const struct record *rec, unsigned level) {
  char what[48], text[WRONG_TEXT], line[WRONG_TEXT + 160], of_level[16];
  if (!trace_wants(t, rec)) return;
  snprintf(line, sizeof line, "#%llu %s: %s. %s%s", (unsigned long long)rec->event, trace_lane(t, rec->from),
           trace_what(t, rec, what, sizeof what), trace_level(rec, level, of_level, sizeof of_level),
           recorder_wrong_text(rec, level, text, sizeof text));
  wrapped(t->out, "Wrong: ", line);
  fputc('\n', t->out);
}

static void record(struct trace *t, const struct record *rec) {
  struct state *s = t->state;
  for (unsigned i = 0; i < rec->steps; i++)
    if (rec->step[i].list_event == rec->event && !find(s, rec->event)) open_list(t, rec, &rec->step[i]);
  if (rec->kind == RECORD_TRAP) count_for_family(t, rec);
  bool wrong = false;
  for (unsigned l = 1; l <= rec->levels; l++)
    if (rec->wrong[l] || rec->verdict[l] == VERDICT_OTHER) wrong = true, say_wrong(t, rec, l);
  s->wrong += wrong;
  for (unsigned i = 0; i < rec->steps; i++) take_step(t, rec, &rec->step[i]);
}

static void begin(struct trace *t) { t->state = must(calloc(1, sizeof(struct state))); }

static void summary(struct trace *t) {
  const struct state *s = t->state;
  const unsigned calls = s->all[LIST_SYSCALL], faults = s->all[LIST_TLB], prots = s->all[LIST_PROTECTION];
  fprintf(t->out, "In the whole run: %u system call%s, %u TLB fault%s, %u protection fault%s;\n", calls,
          plural(calls), faults, plural(faults), prots, plural(prots));
  fprintf(
      t->out,
      "%u returned without an entry, %u ran on elsewhere, %u did not return,\n%u %s not seen to return.\n",
      s->in_vain, s->elsewhere, s->unfinished, s->unseen, s->unseen == 1 ? "was" : "were");
  if (s->wrong) fprintf(t->out, "%u trap%s got a wrong answer from a VMM.\n", s->wrong, plural(s->wrong));
}

static void end(struct trace *t) {
  struct state *s = t->state;
  while (s->open) close_list(t, s->open, LIST_GOES_ON);
  while (s->closed) {
    struct list *l = s->closed;
    s->closed = l->next;
    print(t, l);
    free_list(l);
  }
  summary(t);
  free(s);
}

const struct trace_format trace_lists = {"lists", true, begin, record, end, NULL};
