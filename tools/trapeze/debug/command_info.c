/* command_info.c - `info`: tables of what there is. */
#include <string.h>

#include "crash.h"
#include "eval/eval.h"
#include "isa/utf8.h"
#include "view.h"

static void list_lanes(struct debug *d) {
  static const char *const kinds[] = {"kernel", "process", "user", "idle"};
  for (uint32_t i = 0; i < d->nlanes; i++) {
    const struct lane *l = &d->lanes[i];
    const int pad = 24 - (int)pg32_utf8_length(l->name);
    fprintf(d->out, "%s%*s depth %u  %s\n", l->name, pad > 0 ? pad : 0, "", l->depth, kinds[l->kind]);
  }
}

static void list_lists(struct debug *d) {
  uint64_t seen = 0;
  for (uint64_t i = 0; (i = index_stop_after(d, i));) {
    const struct list_stop s = index_stop(d, i);
    if (s.event != s.list_event || s.event == seen) continue;
    seen = s.event;
    fprintf(d->out, "#%-8llu level %u  %-12s %s, %s\n", (unsigned long long)s.event, s.level,
            s.list == LIST_SYSCALL ? "system call"
            : s.list == LIST_TLB   ? "TLB fault"
                                   : "protection",
            model_lane_name(d, index_note(d, s.event).from), pg32_cause_name(index_note(d, s.event).cause));
  }
}

static void list_bookmarks(struct debug *d) {
  for (unsigned i = 0; i < BOOKMARKS; i++)
    if (d->bookmark[i])
      fprintf(d->out, "%c  step %llu\n", i < 26 ? (int)('a' + i) : (int)('A' + i - 26),
              (unsigned long long)d->bookmark[i] - 1);
}

static void show_status(struct debug *d) {
  char text[512];
  model_status(d, text, sizeof text);
  fprintf(d->out, "%s\n", text);
}

static void show_events(struct debug *d) { pane_print(d, PANE_TRAPS); }

static void list_watches(struct debug *d) {
  bool any = false;
  for (unsigned i = 0; i < d->nstops; i++) any |= d->stop[i].kind >= STOP_WATCH;
  if (any)
    stops_list_some(d, true);
  else
    fputs("No watchpoints. For example, `watch count` stops when a variable changes.\n", d->out);
}

/* ---- registers ---- */

static void print_register(struct debug *d, const struct frame_regs *r, int n) {
  char symbol[200] = "";
  const uint32_t value = n == 32 ? r->pc : r->x[n];
  const char *name = n == 32 ? "pc" : pg32_register_name((unsigned)n);
  if (n == 32) image_symbol(image_of(d, frame_viewed(d).lane), value, symbol, sizeof symbol);
  fprintf(d->out, "%-5s 0x%08x  %d%s%s%s\n", name, value, (int32_t)value, *symbol ? "  <" : "", symbol,
          *symbol ? ">" : "");
}

/* All of the frame that is looked at, or those that are named. */
static bool info_registers(struct debug *d, const char *text) {
  const struct stack_frame f = frame_viewed(d);
  char name[16];
  for (int n = 0; n <= 32 && !*text; n++) print_register(d, &f.regs, n);
  for (; *text; text += strspn(text, " \t,")) {
    const size_t length = strcspn(text, " \t,");
    snprintf(name, sizeof name, "%.*s", (int)length, text);
    const int n = register_of(name);
    if (n < 0) return fail(d, "info registers: there is no register '%s'.", name);
    print_register(d, &f.regs, n);
    text += length;
  }
  return say_nothing(d);
}

/* ---- the table ---- */

static bool info_locals(struct debug *d, const char *text) {
  (void)text;
  return say_nothing(d), eval_locals(d, false);
}

static bool info_args(struct debug *d, const char *text) {
  (void)text;
  return say_nothing(d), eval_locals(d, true);
}

/* What `info` knows beside the panes. The shorter names are gdb's. */
static const struct {
  const char *name, *alias;
  void (*show)(struct debug *d);
  bool (*answer)(struct debug *d, const char *text); /* if `show` is NULL */
  bool has_argument;
} subjects[] = {
    {"status", "program", show_status, NULL, false},
    {"registers", "r all-registers", NULL, info_registers, true},
    {"events", "", show_events, NULL, false},
    {"lanes", "threads inferiors", list_lanes, NULL, false},
    {"lists", "", list_lists, NULL, false},
    {"breakpoints", "b", stops_list, NULL, false},
    {"watchpoints", "", list_watches, NULL, false},
    {"bookmarks", "", list_bookmarks, NULL, false},
    {"locals", "", NULL, info_locals, false},
    {"args", "", NULL, info_args, false},
    {"display", "", displays_list, NULL, false},
    {"signals", "handle", handle_list, NULL, false},
    {"line", "", NULL, info_line, true},
    {"source", "", NULL, info_source, false},
    {"symbol", "", NULL, info_symbol, true},
    {"processes", "proc containers", NULL, info_processes, false},
    {"units", "", NULL, info_units, false},
    {"para", "rings", NULL, info_para, false},
};
#define SUBJECTS (sizeof subjects / sizeof *subjects)

static bool answer(struct debug *d, size_t subject, const char *text) {
  if (*text && !subjects[subject].has_argument)
    return fail(d, "info %s: nothing may follow, but `%s` does.", subjects[subject].name, text);
  if (subjects[subject].answer) return subjects[subject].answer(d, text);
  subjects[subject].show(d);
  return say_nothing(d);
}

static bool answer_pane(struct debug *d, enum pane pane, const char *text) {
  if (*text) return fail(d, "info %s: nothing may follow, but `%s` does.", pane_rows[pane].name, text);
  pane_print(d, pane);
  return say_nothing(d);
}

/* A whole name first, then the beginning of exactly one. */
bool command_info(struct debug *d, struct call c) {
  char word[24];
  const size_t n = strcspn(c.args, " \t");
  const char *text = c.args + n + strspn(c.args + n, " \t");
  size_t found = 0, matches = 0;
  if (!n) return show_status(d), say_nothing(d);
  snprintf(word, sizeof word, "%.*s", (int)n, c.args);
  for (size_t i = 0; i < SUBJECTS; i++)
    if (strcmp(word, subjects[i].name) == 0 || command_word_among(word, subjects[i].alias))
      return answer(d, i, text);
  for (enum pane p = 0; p < PANES; p++)
    if (strcmp(word, pane_rows[p].name) == 0) return answer_pane(d, p, text);
  for (size_t i = 0; i < SUBJECTS; i++)
    if (n < sizeof word && strncmp(word, subjects[i].name, n) == 0) found = i, matches++;
  if (matches == 1) return answer(d, found, text);
  if (matches) return fail(d, "info: `%s` may mean several things; `help info` lists them.", word);
  if (gdb_word(d, "info", word)) return false;
  return fail(d, "info: there is no '%s'; `help info` lists what there is.", word);
}
