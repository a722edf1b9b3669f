/* feedback.c - what a student reads about a test that is not passed: what was expected, what happened, the
 * events around it, hints, and the command that opens the debugger there.
 *
 * Only a visible test gives away events and the command. About a hidden test the student learns only that it
 * failed. `lab check` shows everything: its reader has the solutions. */
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "tools/trapeze/trace/trace.h"
#include "tools/trapeze/untrusted.h"

/* ---- events ---- */

static bool is_marked(size_t i, const size_t *marked, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (marked[k] == i) return true;
  return false;
}

static void show_other(struct trace *t, const struct event *e) {
  char what[48];
  switch (e->kind) {
  case RECORD_RESUME: snprintf(what, sizeof what, "resume"); break;
  case RECORD_TLBW: snprintf(what, sizeof what, "writes TLB slot %u", e->tlbw.slot); break;
  case RECORD_TLBI: snprintf(what, sizeof what, "invalidates TLB"); break;
  default:
    snprintf(what, sizeof what, "%s 0x%08x", e->device.store ? "stores to" : "loads from", e->device.address);
  }
  fprintf(t->out, "%7llu %9llu %-16s %s", (unsigned long long)e->event, (unsigned long long)e->tick,
          trace_lane(t, e->kind == RECORD_RESUME ? e->to : e->from), what);
  for (unsigned i = 0; i < e->steps; i++)
    if (e->step[i].step)
      fprintf(t->out, " %c%u", trace_list_letter((enum lecture_list)e->step[i].list), e->step[i].step);
  fputc('\n', t->out);
}

/* The record of the event: as it was kept, or as far as the event has it. */
static struct record record_of(const struct run *r, const struct event *e) {
  for (size_t i = 0; i < r->wrongs; i++)
    if (r->wrong[i].event == e->event) return r->wrong[i];
  return event_record(e);
}

static void show_event(struct trace *t, const struct run *r, const struct event *e, bool mark) {
  struct record rec = record_of(r, e);
  fputs(mark ? "  >" : "   ", t->out);
  if (e->kind == RECORD_TRAP)
    trace_text.record(t, &rec);
  else
    show_other(t, e);
}

/* Is the event worth a line when it is not marked? Events of the machine's TLB and devices are not. */
static bool tells(const struct event *e) { return e->kind == RECORD_TRAP || e->kind == RECORD_RESUME; }

void show_events(FILE *f, const struct run *r, size_t from, size_t to, size_t most, const size_t *marked,
                 size_t n) {
  struct trace t = {.out = f, .r = r->recorder, .o = &r->plan.options};
  size_t lines = 0, left_out = 0;
  for (size_t i = from; i < to && i < r->events.n; i++) {
    const struct event *e = &r->events.event[i];
    bool mark = is_marked(i, marked, n);
    if (!mark && (!tells(e) || lines >= most || (n && i - from > most && to - i > most))) {
      left_out += tells(e);
      continue;
    }
    if (left_out) fprintf(f, "         ... %zu more\n", left_out);
    left_out = 0;
    lines += !mark;
    show_event(&t, r, e, mark);
  }
}

/* Where the last eight traps and resumes begin. */
static size_t tail_of(const struct run *r) {
  size_t from = r->events.n;
  for (size_t lines = 0; from > 0 && lines < 8; from--) lines += tells(&r->events.event[from - 1]);
  return from;
}

size_t long_before_the_end(const struct run *r) {
  const size_t tail = tail_of(r);
  for (size_t i = r->events.n; i-- > 0;)
    if (r->events.event[i].kind == RECORD_TRAP && r->events.event[i].levels > 0)
      return i < tail ? i : r->events.n;
  return r->events.n;
}

void show_tail(FILE *f, const struct run *r) {
  const size_t tail = tail_of(r), guest = long_before_the_end(r), n = r->events.n;
  if (n == 0) return;
  if (guest == n) {
    fputs("The last events:\n", f);
    show_events(f, r, tail, n, 8, NULL, 0);
    return;
  }
  struct trace t = {.out = f, .r = r->recorder, .o = &r->plan.options};
  size_t between = 0;
  for (size_t i = guest + 1; i < tail; i++) between += tells(&r->events.event[i]);
  fputs("The guest's last trap, and the last events below it:\n", f);
  show_event(&t, r, &r->events.event[guest], true);
  if (between) fprintf(f, "         ... %zu more\n", between);
  show_events(f, r, tail, n, 8, NULL, 0);
}

/* A row has 80 columns with the indents added here and by the text format. */
enum { LINES_MOST = 10, ROWS_MOST = 4, COLUMNS_MOST = 70 };

/* The bytes of at most `most` characters, up to the last blank among them if there is one. */
static size_t row_bytes(const char *line, size_t most) {
  size_t n = 0, blank = 0;
  for (size_t characters = 0; line[n]; n++) {
    if (((unsigned char)line[n] & 0xC0) == 0x80) continue;
    if (characters++ == most) return blank ? blank : n;
    if (line[n] == ' ') blank = n + 1;
  }
  return n;
}

/* Writes an untrusted line behind a bar, so that no reader of the feedback takes it for words of ours, or for
 * Markdown's end of a block. A long line continues in further rows; of one without end the rest is left out. */
static void show_line(FILE *f, const char *line) {
  for (unsigned row = 0; row == 0 || *line; row++) {
    if (row == ROWS_MOST) {
      fprintf(f, "      ... %zu more characters\n", strlen(line));
      return;
    }
    size_t n = row_bytes(line, COLUMNS_MOST - (row ? 2 : 0));
    size_t shown = n;
    while (line[n] && shown && line[shown - 1] == ' ') shown--; /* of the blank at which a row ends */
    fprintf(f, row ? "        %.*s\n" : "    | %.*s\n", (int)shown, line);
    line += n;
  }
}

void show_text(FILE *f, struct bytes text, size_t most) {
  char *safe = printable(text.data, text.size, most), *from = safe;
  size_t lines = 0;
  for (char *p = safe; *p; p++) lines += *p == '\n' && p[1];
  for (; lines >= LINES_MOST; lines--) from = strchr(from, '\n') + 1;
  for (char *line; (line = strsep(&from, "\n"));)
    if (from || *line) show_line(f, line);
  free(safe);
}

/* ---- the text ---- */

static const char *first_sentence(const struct lab_expect *e) {
  static const char *const sentences[] = {
      [EXPECT_STATUS] = "The machine does not end as it should.",
      [EXPECT_CONSOLE] = "The console does not say what it should.",
      [EXPECT_TRACE] = "The trace is not as it should be.",
      [EXPECT_COUNTER] = "A count is not as it should be.",
      [EXPECT_INVARIANT] = "A condition that must always hold does not hold.",
      [EXPECT_SAME] = "Two runs that should be alike are not.",
      [EXPECT_DIFFER] = "Two runs that should differ do not.",
      [EXPECT_MEMORY] = "Memory is not as it should be at the end.",
      [EXPECT_REGISTER] = "A register is not as it should be at the end.",
      [EXPECT_PREDICT] = "The prediction is not right.",
      [EXPECT_PATH] = "The application does not run as it should.",
      [EXPECT_VARIABLE] = "A variable is not as it should be at the program's end.",
      [EXPECT_ANY] = "None of several right ways was taken.",
      [EXPECT_CLASSIFY] = "The classification is not right.",
  };
  return e->about ? e->about : sentences[e->kind];
}

/* Does the hint belong to what was measured? One may be for a run that ended with a certain status. */
static bool hint_fits(const struct lab_hint *h, const struct run *r) {
  return !h->has_status || (r && r->end == RUN_POWERED_OFF && r->status == h->status);
}

static void write_hints(FILE *f, const struct trial *of, const struct lab_expect *e, const struct judged *j) {
  const struct lab_test *t = of->test;
  for (size_t i = 0; e->name && i < t->hints; i++)
    if (strcmp(t->hint[i].when, e->name) == 0 && hint_fits(&t->hint[i], t->runs ? of->run[j->run] : NULL))
      fprintf(f, "Hint: %s\n", t->hint[i].say);
}

static bool is_open(const struct trial *t) { return t->test->visibility == VISIBLE || t->built->reveal; }

bool feedback_gives_away(const struct trial *t) {
  return is_open(t) && (t->test->give_away || t->built->reveal);
}

/* Has the same been said about the same run before? */
static bool said_before(const struct judged *judged, size_t i) {
  for (size_t k = 0; judged[i].blocked && k < i; k++)
    if (judged[k].blocked && judged[k].run == judged[i].run && strcmp(judged[k].say, judged[i].say) == 0)
      return true;
  return false;
}

/* Have the same events been shown for an expectation before? */
static bool shown_before(const struct judged *judged, size_t i) {
  for (size_t k = 0; *judged[i].show && k < i; k++)
    if (judged[k].share < 1 && judged[k].run == judged[i].run && strcmp(judged[k].show, judged[i].show) == 0)
      return true;
  return false;
}

/* Where nothing was measured, the message is the obstacle: the instructor's sentence (`about`) and hints are
 * about what would have been measured. */
static void write_one(FILE *f, const struct trial *of, const struct judged *judged, size_t i) {
  const struct lab_test *t = of->test;
  const struct lab_expect *e = &t->expect[i];
  const struct judged *j = &judged[i];
  bool after = is_open(of) && e->in < t->runs && t->runs > 1;
  if (!j->blocked || after)
    fprintf(f, "%s%s%s%s\n", j->blocked ? "Nothing was measured" : first_sentence(e), after ? " (run `" : "",
            after ? t->run[j->run].name : "", after ? "`)" : "");
  fputs(j->say, f);
  if (feedback_gives_away(of))
    fputs(shown_before(judged, i) ? "What the machine did is shown above.\n" : j->show, f);
  if (!j->blocked) write_hints(f, of, e, j);
}

/* ---- the command ---- */

static void write_word(FILE *f, const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+@:,";
  if (*word && strspn(word, plain) == strlen(word)) {
    fputs(word, f);
    return;
  }
  fputc('\'', f);
  for (; *word; word++) *word == '\'' ? fputs("'\\''", f) : fputc(*word, f);
  fputc('\'', f);
}

char *feedback_command(const struct trial *t, const struct judged *j, const char *submission) {
  const struct lab *lab = t->built->lab;
  char *text;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  fputs("trapeze debug --lab ", f);
  write_word(f, t->built->elsewhere ? lab->name : lab->given);
  fputs(" --submission ", f);
  write_word(f, submission);
  if (t->built->named) fputs(" --student ", f), write_word(f, t->built->student);
  fprintf(f, " --test %s", t->test->id);
  if (j->run > 0) fprintf(f, " --run %s", t->test->run[j->run].name);
  if (lab->way) fprintf(f, " --way %s", lab->way);
  fprintf(f, " --event %llu", (unsigned long long)j->event);
  fclose(f);
  return text;
}

/* How near to the cause the event of an outcome is: the first difference from the bare machine comes before what
 * is missing or too many, and the end of a run last. */
static unsigned nearness(enum expect_kind kind) {
  switch (kind) {
  case EXPECT_INVARIANT:
  case EXPECT_PREDICT: return 3;
  case EXPECT_TRACE:
  case EXPECT_ANY:
  case EXPECT_COUNTER: return 2;
  default: return 1;
  }
}

/* The first trap of the run's guest that its VMM dealt with wrongly; 0 = none. */
static uint64_t first_wrong(const struct run *r) {
  unsigned depth = r->of->depth;
  for (size_t i = 0; depth && i < r->events.n; i++) {
    const struct event *e = &r->events.event[i];
    if (e->kind != RECORD_TRAP || e->levels < depth) continue;
    if (e->verdict[depth] == VERDICT_WRONG || e->verdict[depth] == VERDICT_OTHER) return e->event;
  }
  return 0;
}

/* The event to open the debugger at: the first that is wrong, rather than what it led to. */
static struct judged where_to_look(const struct trial *t, const struct judged *judged) {
  struct judged best = {0};
  unsigned near = 0;
  for (size_t i = 0; i < t->test->expects; i++) {
    unsigned n = nearness(t->test->expect[i].kind);
    if (judged[i].share == 1 || !judged[i].event || n <= near) continue;
    best = judged[i], near = n;
  }
  const struct run *r = near ? t->run[best.run] : NULL;
  uint64_t wrong = r && t->test->expect[0].kind != EXPECT_PREDICT ? first_wrong(r) : 0;
  if (wrong && wrong < best.event) best.event = wrong;
  return best;
}

struct feedback feedback_write(const struct trial *t, const struct judged *judged, const char *submission) {
  struct feedback fb = {0};
  size_t size, shown = 0;
  FILE *f = must(open_memstream(&fb.text, &size));
  for (size_t i = 0; i < t->test->expects; i++) {
    const struct judged *j = &judged[i];
    if (j->share == 1) continue;
    if (t->test->visibility == HIDDEN && !is_open(t)) {
      fputs("A hidden test failed.\n", f);
      break;
    }
    if (said_before(judged, i)) continue;
    if (shown++) fputc('\n', f);
    write_one(f, t, judged, i);
  }
  struct judged look = feedback_gives_away(t) ? where_to_look(t, judged) : (struct judged){0};
  if (look.event) fb.debug = feedback_command(t, &look, submission), fb.event = look.event, fb.run = look.run;
  fclose(f);
  return fb;
}
