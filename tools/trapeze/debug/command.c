/* command.c - the commands: what is typed after `:`, in line mode and in scripts. The table is commands.def.
 */
#define _GNU_SOURCE /* strcasestr */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

const struct command_row command_rows[COMMANDS] = {
#define COMMAND(id, name, alias, keys, args, help) {name, alias, keys, args, help},
#include "commands.def"
};

/* ---- going somewhere ---- */

static bool is_mark(const char *a) { return isalpha((unsigned char)a[0]) && !a[1]; }
static unsigned mark_index(char letter) {
  return letter >= 'a' ? (unsigned)(letter - 'a') : (unsigned)(letter - 'A') + 26;
}

static bool set_mark(struct debug *d, const char *a) {
  if (!is_mark(a)) return fail(d, "mark: one letter names a bookmark.");
  d->bookmark[mark_index(*a)] = model_position(d) + 1;
  return say(d, "Bookmark %c is here; `'%c` comes back.", *a, *a);
}

static bool to_mark(struct debug *d, const char *a) {
  if (*a == '\'') a++;
  if (!is_mark(a) || !d->bookmark[mark_index(*a)])
    return fail(d, "There is no bookmark '%s'; `mark %s` sets one.", a, a);
  return model_go(d, d->bookmark[mark_index(*a)] - 1) && say(d, "At bookmark %c.", *a);
}

static bool go_to(struct debug *d, const char *a) {
  uint64_t n;
  if (*a == '\'') return to_mark(d, a);
  if (strcmp(a, "start") == 0)
    return model_go(d, d->start) && say(d, "The first instruction of the program.");
  if (strcmp(a, "reset") == 0) return model_go(d, 0) && say(d, "Reset.");
  if (strcmp(a, "end") == 0) return model_end(d);
  if (*a == '#' && number_of(a + 1, &n)) return model_event(d, n);
  if (number_of(a, &n)) return model_go(d, n) && say(d, "At step %llu.", (unsigned long long)n);
  return fail(d, "goto: #EVENT, a number of steps, 'BOOKMARK, start, end or reset was expected.");
}

/* ---- looking ---- */

static void print_pane(struct debug *d, enum pane pane) {
  static const int heights[PANES] = {14, 18, 14, 16, 8, 24, 8};
  struct cells *c = cells_new(80, heights[pane], true);
  pane_rows[pane].render(d, c);
  cells_print(c, d->out);
  cells_free(c);
}

static void list_lanes(struct debug *d) {
  static const char *const kinds[] = {"kernel", "process", "user", "idle"};
  for (uint32_t i = 0; i < d->nlanes; i++)
    fprintf(d->out, "%-24s depth %u  %s\n", d->lanes[i].name, d->lanes[i].depth, kinds[d->lanes[i].kind]);
}

static void list_lists(struct debug *d) {
  uint64_t seen = 0;
  for (size_t i = 0; i < d->nlists; i++) {
    const struct list_stop *s = &d->lists[i];
    if (s->event != s->list_event || s->event == seen) continue;
    seen = s->event;
    fprintf(d->out, "#%-8llu level %u  %-12s %s, %s\n", (unsigned long long)s->event, s->level,
            s->list == LIST_SYSCALL ? "system call" : "TLB fault",
            model_lane_name(d, d->notes[s->event - 1].from), pg32_cause_name(d->notes[s->event - 1].cause));
  }
}

static void list_bookmarks(struct debug *d) {
  for (unsigned i = 0; i < BOOKMARKS; i++)
    if (d->bookmark[i])
      fprintf(d->out, "%c  step %llu\n", i < 26 ? (int)('a' + i) : (int)('A' + i - 26),
              (unsigned long long)d->bookmark[i] - 1);
}

static bool info(struct debug *d, const char *a) {
  char text[512];
  for (enum pane p = 0; p < PANES; p++)
    if (strcmp(a, pane_rows[p].name) == 0) return print_pane(d, p), say(d, "%s", "");
  say(d, "%s", "");
  if (strcmp(a, "registers") == 0)
    print_pane(d, PANE_CPU);
  else if (strcmp(a, "events") == 0)
    print_pane(d, PANE_TRAPS);
  else if (strcmp(a, "lanes") == 0)
    list_lanes(d);
  else if (strcmp(a, "lists") == 0)
    list_lists(d);
  else if (strcmp(a, "breakpoints") == 0 || strcmp(a, "b") == 0)
    stops_list(d);
  else if (strcmp(a, "bookmarks") == 0)
    list_bookmarks(d);
  else if (strcmp(a, "locals") == 0)
    return source_locals(d);
  else if (!*a || strcmp(a, "status") == 0)
    model_status(d, text, sizeof text), fprintf(d->out, "%s\n", text);
  else
    return fail(d, "info: nothing is called '%s'; `help info` lists what there is.", a);
  return true;
}

static bool print(struct debug *d, const char *a) {
  char text[400];
  uint32_t value;
  if (!*a) return fail(d, "print: what? A register, an address, a variable.");
  if (source_print(d, a, text, sizeof text)) return say(d, "%s = %s", a, text);
  if (!expr_value(d, a, &value))
    return fail(d, "print: nothing here is called '%s', or it is optimized out.", a);
  image_symbol(image_of(d, recorder_current(timeline_recorder(d->t))), value, text, sizeof text);
  return say(d, "%s = 0x%08x = %u%s%s", a, value, value, *text && value > 4095 ? " = " : "",
             value > 4095 ? text : "");
}

static bool examine(struct debug *d, const char *a) {
  bool physical = strncmp(a, "phys ", 5) == 0;
  uint32_t address;
  if (!expr_value(d, physical ? a + 5 : a, &address) && !source_address(d, a, &address))
    return fail(d, "x: an address was expected, not '%s'.", a);
  d->memory = address & ~3u;
  d->memory_physical = physical;
  d->moved = false;
  print_pane(d, PANE_MEMORY);
  d->pane = PANE_MEMORY;
  return say(d, "%s", "");
}

static bool walk(struct debug *d, const char *a) {
  if (!expr_value(d, a, &d->walk)) return fail(d, "walk: an address was expected, not '%s'.", a);
  d->walk_set = true;
  d->pane = PANE_MMU;
  print_pane(d, PANE_MMU);
  return say(d, "%s", "");
}

/* ---- who did this? ---- */

static bool came_to(struct debug *d, uint64_t position, const char *what) {
  struct pg32_lines_place at = {0};
  if (position == UINT64_MAX) return fail(d, "Nothing before has changed %s.", what);
  if (!model_go(d, position)) return false;
  struct place p = model_place(d);
  struct image *i = image_of(d, p.lane);
  if (i && i->lines && pg32_lines_at(i->lines, p.regs.pc, &at) && at.file)
    return say(d, "Here %s writes %s: %s, %s:%d.", p.who.name, what, at.function ? at.function : "?",
               base_name(at.file), at.line);
  return say(d, "Here %s writes %s, at 0x%08x.", p.who.name, what, p.regs.pc);
}

static bool who(struct debug *d, const char *a) {
  uint64_t n;
  uint32_t address;
  int reg = register_of(a);
  if (strncmp(a, "tlb ", 4) == 0 && number_of(a + 4, &n) && n < machine_tlb_entries(d->m))
    return came_to(d, timeline_last_tlbw(d->t, (uint32_t)n), "that TLB entry");
  if (reg > 0 && reg < 32) return came_to(d, timeline_last_register(d->t, (unsigned)reg), a);
  bool physical = strncmp(a, "phys ", 5) == 0;
  if (!expr_value(d, physical ? a + 5 : a, &address) && !source_address(d, a, &address))
    return fail(d, "who: a register, an address or `tlb SLOT` was expected.");
  if (!physical && !mmu_real(d, address, &address))
    return fail(d, "who: no TLB entry maps 0x%08x here and now.", address);
  return came_to(d, timeline_last_store(d->t, address & ~3u), "that word");
}

/* ---- predict ---- */

static bool guess(struct debug *d, const char *a) {
  char lane[48], verdict[16];
  struct place p = model_place(d);
  const struct note *n = index_note(d, p.event);
  const char *blank = strrchr(a, ' ');
  if (!blank || !p.before || n->kind != RECORD_TRAP)
    return fail(d, "predict: go before a trap (t), then say LANE VERDICT, as in `kernel reflect`.");
  snprintf(lane, sizeof lane, "%.*s", (int)(blank - a), a);
  snprintf(verdict, sizeof verdict, "%s", blank + 1);
  const struct record *rec = timeline_event(d->t, p.event);
  if (!rec) return fail(d, "Interrupted.");
  uint32_t answers = rec->to; /* who deals with it in the end: the guest's kernel when it is reflected */
  for (uint64_t e = p.event + 1; rec->verdict[0] != VERDICT_HOST && e <= d->nnotes; e++)
    if (d->notes[e - 1].kind == RECORD_RESUME &&
        d->lanes[d->notes[e - 1].to].depth + (rec->verdict[0] != VERDICT_REFLECT) ==
            d->lanes[n->from].depth) {
      answers = d->notes[e - 1].to;
      break;
    }
  bool right = strcmp(verdict, verdict_name(n->verdict)) == 0 && lane_matches(d, lane, answers);
  d->predict.right += right;
  d->predict.wrong += !right;
  return say(d, "%s: %s, %s. Score: %u of %u.", right ? "Right" : "No", model_lane_name(d, answers),
             verdict_name(n->verdict), d->predict.right, d->predict.right + d->predict.wrong);
}

static bool predict(struct debug *d, const char *a) {
  if (!*a || strcmp(a, "on") == 0 || strcmp(a, "off") == 0) {
    d->predict.on = *a ? a[1] == 'n' : !d->predict.on;
    return say(d, d->predict.on
                      ? "Predict is on. Before a trap (t): P, and say `kernel reflect`, or the like."
                      : "Predict is off.");
  }
  return guess(d, a);
}

/* ---- searching, exporting ---- */

static bool says(struct debug *d, uint64_t event, const char *text) {
  const struct note *n = index_note(d, event);
  if (n->kind != RECORD_TRAP && n->kind != RECORD_RESUME) return false;
  if (strcasestr(model_lane_name(d, n->from), text) || strcasestr(model_lane_name(d, n->to), text))
    return true;
  if (n->kind == RECORD_TRAP && strcasestr(pg32_cause_name(n->cause), text)) return true;
  const struct record *rec = timeline_event(d->t, event);
  char says[LIST_STEP_TEXT];
  for (unsigned i = 0; i < rec->steps; i++)
    if (strcasestr(timeline_step_text(d->t, &rec->step[i], says, sizeof says), text)) return true;
  return n->kind == RECORD_TRAP && strcasestr(verdict_name(n->verdict), text);
}

static bool search(struct debug *d, const char *a) {
  static char last[80];
  if (*a) snprintf(last, sizeof last, "%s", a);
  if (!*last) return fail(d, "search: for what?");
  for (uint64_t e = index_before(d, model_position(d) + 1) + 1;; e++) {
    while (e > d->nnotes && index_extend(d)) { /* which may find no event */
    }
    if (e > d->nnotes) break;
    if (says(d, e, last)) return model_event(d, e);
  }
  return fail(d, "No later event says '%s'.", last);
}

static bool export(struct debug *d, const char *a) {
  char format[16] = "", range[64] = "", path[400] = "";
  uint64_t first = 1, last = UINT64_MAX;
  int n = sscanf(a, "%15s %63s %399s", format, range, path);
  if (n < 2) return fail(d, "export: FORMAT [A..B] FILE was expected.");
  char *dots = strstr(range, "..");
  if (n == 2)
    snprintf(path, sizeof path, "%s", range);
  else if (!dots)
    return fail(d, "export: events are given as A..B.");
  else {
    *dots = 0;
    if ((*range && !number_of(range, &first)) || (dots[2] && !number_of(dots + 2, &last)))
      return fail(d, "export: A..B are numbers.");
  }
  return export_events(d, format, first, last, path);
}

static bool screen(struct debug *d, const char *a) {
  int columns = 80, rows = 24, scroll[PANES] = {0};
  if (*a &&
      (sscanf(a, "%dx%d", &columns, &rows) != 2 || columns < 1 || rows < 1 || columns > 500 || rows > 500))
    return fail(d, "screen: COLUMNSxROWS was expected, such as 80x24.");
  struct cells *c = cells_new(columns, rows, false);
  compose(d, c, scroll);
  cells_print(c, d->out);
  cells_free(c);
  return say(d, "%s", "");
}

static bool save(struct debug *d, const char *a) {
  struct machine_error error;
  if (!*a) return fail(d, "record: into which file?");
  if (!timeline_save(d->t, a, &error)) return fail(d, "%s", error.text);
  return say(d, "Saved; `trapeze debug %s` opens it.", a);
}

/* ---- the rest ---- */

void command_help(FILE *out) {
  char usage[200];
  for (enum command c = 0; c < COMMANDS; c++) {
    const struct command_row *r = &command_rows[c];
    int room = 24 - (int)strlen(r->name);
    bool cut = (int)strlen(r->args) > room;
    snprintf(usage, sizeof usage, "%s %.*s%s", r->name, cut ? room - 3 : room, r->args, cut ? "..." : "");
    fprintf(out, "%-2s %-25s %s\n", r->keys, usage, r->help);
  }
  fputs("\nOn the screen:\n"
        "1-7 choose a pane: code CPU traps MMU memory console why; Tab the next one\n"
        "z   zoom it; arrows and PgUp, PgDn scroll it; in traps: to the next event\n"
        "[ ] along the time line, by a column; a click goes there\n"
        "i   type to the guest, at the latest position; Escape ends that\n"
        ":   a command; Tab completes, arrows recall. Ctrl-C breaks into a run\n"
        "\nSigns: ▼ about to trap, ▶ here, ≠ differs from the real one, * has changed\n",
        out);
}

static enum command find(const char *word);

static void help_break(FILE *out) {
  fputs("  All that is said must hold:\n"
        "  trap [CAUSE...]   before a trap: syscall, tlb-miss, protection, load_miss...;\n"
        "                    without `trap`, before an instruction\n"
        "  WHERE             0xADDRESS, SYMBOL, FILE:LINE; or what a trap is about\n"
        "  in LANE           app, kernel, vmm; a name: vm1, vm1/sh, 'vm1 kernel', 'vm*'\n"
        "  depth N           of the lane: 0 is the host\n"
        "  mode user|kernel  of the lane's VM; outside of VMs, of the machine\n"
        "  asid N            the same\n"
        "  insn NAME         the instruction, such as tlbw, rfe, lw\n"
        "  if R OP VALUE     any register, or pc; OP: == != < <= > >= (unsigned), or &:\n"
        "                    has a bit of. More follow with `and`\n"
        "  ignore N          goes on the first N times\n"
        "  break trap tlb-miss in app depth 1        break trap.c:120 in vm1\n"
        "  break trap syscall if a7 == 1 and a0 > 0  break insn tlbw in 'vm1 kernel'\n",
        out);
}

static void help_on(FILE *out, const struct command_row *r) {
  fprintf(out, "%s %s\n  %s\n", r->name, r->args, r->help);
  if (*r->alias || *r->keys)
    fprintf(out, "  also: %s%s%s\n", r->alias,
            *r->alias && *r->keys ? "; key "
            : *r->keys            ? "key "
                                  : "",
            r->keys);
}

static bool help(struct debug *d, const char *a) {
  enum command c = *a ? find(a) : COMMANDS;
  if (*a && c == COMMANDS) return fail(d, "help: there is no command '%s'.", a);
  if (!*a)
    command_help(d->out);
  else
    help_on(d->out, &command_rows[c]);
  if (c == CMD_BREAK) help_break(d->out);
  if (c == CMD_INFO)
    fputs("  panes: code cpu traps mmu memory console why\n"
          "  what: status lists lanes breakpoints bookmarks locals registers events\n",
          d->out);
  return say(d, "%s", "");
}

static bool expect(struct debug *d, const char *a, const char *answer, const char *said) {
  if (strstr(answer, a) || strstr(said, a)) return say(d, "%s", "");
  return fail(d, "expected '%s' in the last answer", a);
}

static int64_t count(const char *a) {
  uint64_t n;
  return number_of(a, &n) && n <= INT64_MAX ? (int64_t)n : *a ? 0 : 1;
}

static bool step(struct debug *d, const char *a, int direction) {
  int64_t n = count(a);
  return n ? model_step(d, direction * n)
           : fail(d, "step: a number of instructions was expected, not '%s'.", a);
}

static bool why(struct debug *d) {
  char text[1024];
  model_why(d, text, sizeof text);
  fprintf(d->out, "%s\n", text);
  d->pane = PANE_WHY;
  return say(d, "%s", "");
}

static bool run(struct debug *d, enum command c, const char *a) {
  switch (c) {
  case CMD_TRAP: return model_trap(d, 1);
  case CMD_RTRAP: return model_trap(d, -1);
  case CMD_LISTSTEP: return model_list_step(d, 1);
  case CMD_RLISTSTEP: return model_list_step(d, -1);
  case CMD_LECTURE: return model_list(d, 1);
  case CMD_RLECTURE: return model_list(d, -1);
  case CMD_LIST: return print_pane(d, PANE_CODE), say(d, "%s", "");
  case CMD_STEP: return step(d, a, 1);
  case CMD_RSTEP: return step(d, a, -1);
  case CMD_NEXT: return model_line(d, 1);
  case CMD_RNEXT: return model_line(d, -1);
  case CMD_FINISH: return model_finish(d, 1);
  case CMD_RFINISH: return model_finish(d, -1);
  case CMD_CONTINUE: return model_continue(d, 1);
  case CMD_RCONTINUE: return model_continue(d, -1);
  case CMD_GOTO: return go_to(d, a);
  case CMD_BREAK: return stop_add(d, false, a);
  case CMD_WATCH: return stop_add(d, true, a);
  case CMD_DELETE: return stop_delete(d, a);
  case CMD_MARK: return set_mark(d, a);
  case CMD_TOMARK: return to_mark(d, a);
  case CMD_INFO: return info(d, a);
  case CMD_WHY: return why(d);
  case CMD_PRINT: return print(d, a);
  case CMD_EXAMINE: return examine(d, a);
  case CMD_WALK: return walk(d, a);
  case CMD_BT: return source_backtrace(d);
  case CMD_ALL:
    d->all = !d->all;
    return say(d, d->all ? "All events." : "Only the steps of the list that is followed.");
  case CMD_WHO: return who(d, a);
  case CMD_SEARCH: return search(d, a);
  case CMD_PREDICT: return predict(d, a);
  case CMD_TYPE: return model_type(d, a);
  case CMD_HANGUP:
    return timeline_hangup(d->t) ? say(d, "The console has hung up.")
                                 : fail(d, "This is the past: `fork` first.");
  case CMD_FORK:
    timeline_fork(d->t);
    index_forget(d);
    return say(d, "A new future begins here.");
  case CMD_EXPORT: return export(d, a);
  case CMD_SCREEN: return screen(d, a);
  case CMD_RECORD: return save(d, a);
  case CMD_HELP: return help(d, a);
  case CMD_QUIT: d->quit = true; return say(d, "%s", "");
  default: return false;
  }
}

/* ---- names ---- */

static bool among(const char *word, const char *names) {
  size_t n = strlen(word);
  for (const char *p = names; *p; p += strspn(p, " ")) {
    size_t length = strcspn(p, " ");
    if (length == n && strncmp(p, word, n) == 0) return true;
    p += length;
  }
  return false;
}

/* A whole name or alias, or the beginning of exactly one name. */
static enum command find(const char *word) {
  enum command found = COMMANDS;
  unsigned n = 0;
  for (enum command c = 0; c < COMMANDS; c++)
    if (strcmp(command_rows[c].name, word) == 0 || among(word, command_rows[c].alias) ||
        (*command_rows[c].keys && strcmp(command_rows[c].keys, word) == 0))
      return c;
  for (enum command c = 0; c < COMMANDS; c++)
    if (strncmp(command_rows[c].name, word, strlen(word)) == 0) found = c, n++;
  return n == 1 ? found : COMMANDS;
}

enum command command_of_key(int key) {
  for (enum command c = 0; c < COMMANDS; c++)
    if (command_rows[c].keys[0] && command_rows[c].keys[0] == key) return c;
  return COMMANDS;
}

/* 'a and /text need no blank. */
static void split(const char *line, char *word, size_t size, char *rest, size_t rest_size) {
  line += strspn(line, " \t");
  size_t n = strchr("'/?", *line) && *line ? 1 : strcspn(line, " \t\r\n");
  snprintf(word, size, "%.*s", (int)n, line);
  line += n;
  line += strspn(line, " \t");
  snprintf(rest, rest_size, "%s", line);
  for (n = strlen(rest); n && isspace((unsigned char)rest[n - 1]);) rest[--n] = 0;
}

bool command_run_line(struct debug *d, const char *line) {
  char word[64], rest[512], said[sizeof d->said];
  size_t size;
  split(line, word, sizeof word, rest, sizeof rest);
  if (!*word || *word == '#') return true;
  enum command c = find(word);
  char *before = d->answer ? d->answer : must(strdup(""));
  memcpy(said, d->said, sizeof said);
  d->answer = NULL;
  d->said[0] = 0;
  d->out = must(open_memstream(&d->answer, &size));
  model_interruptible(d, true);
  bool ok = c == COMMANDS     ? fail(d, "There is no command '%s'; `help` lists them.", word)
            : c == CMD_ASSERT ? expect(d, rest, before, said)
                              : run(d, c, rest);
  if (!ok && model_interrupted()) fail(d, "Interrupted.");
  model_interruptible(d, false);
  fclose(d->out);
  d->out = NULL;
  free(before);
  return ok;
}

/* ---- completion ---- */

static char *copy_if(const char *name, const char *text) {
  return strncmp(name, text, strlen(text)) == 0 ? must(strdup(name)) : NULL;
}

static char *complete_symbol(struct debug *d, const char *text, size_t *at) {
  size_t n = 0;
  struct image *i = image_of(d, recorder_current(timeline_recorder(d->t)));
  const struct pg32_lines_symbol *all = i && i->lines ? pg32_lines_symbols(i->lines, &n) : NULL;
  while (*at < n) {
    char *match = copy_if(all[(*at)++].name, text);
    if (match) return match;
  }
  return NULL;
}

/* Everything that has a name but commands and symbols, by number; NULL past the last. */
static const char *name_at(struct debug *d, size_t n, char *buf, size_t size) {
  static const char *const words[] = {
      "all",    "and",        "app",   "asid",   "bookmarks", "breakpoints", "depth",  "end",  "if",
      "ignore", "in",         "insn",  "kernel", "lanes",     "lists",       "locals", "mode", "pc",
      "phys",   "protection", "reset", "start",  "tlb",       "tlb-miss",    "trap",   "user", "vmm"};
  const size_t w = sizeof words / sizeof *words;
  if (n < w) return words[n];
  if ((n -= w) < PANES) return pane_rows[n].name;
  if ((n -= PANES) < 32) return pg32_register_name((unsigned)n);
  if ((n -= 32) < PG32_INSNS) return pg32_row((enum pg32_id)n)->name;
  if ((n -= PG32_INSNS) < PG32_CAUSES) {
    snprintf(buf, size, "%s", pg32_cause_name((uint32_t)n));
    for (char *p = buf; *p; p++) *p = (char)tolower((unsigned char)*p);
    return buf;
  }
  if ((n -= PG32_CAUSES) < d->nlanes) return d->lanes[n].name;
  return NULL;
}

char *command_complete(struct debug *d, const char *text, int state, bool first) {
  static size_t at, symbol;
  char *match, buf[32];
  const char *name;
  if (state == 0) at = symbol = 0;
  for (; first && at < COMMANDS;)
    if ((match = copy_if(command_rows[at++].name, text))) return match;
  if (first) return NULL;
  while ((name = name_at(d, at, buf, sizeof buf))) {
    at++;
    if ((match = copy_if(name, text))) return match;
  }
  return complete_symbol(d, text, &symbol);
}
