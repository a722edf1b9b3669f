/* trace.c - the subcommand `trapeze trace`: its options and filters, and words that several formats use. */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/calls.h"
#include "tools/trapeze/grade/from_lab.h"
#include "html_page.h"
#include "trace.h"

enum {
  KEY_FORMAT = 'f',
  KEY_LISTS = 'l',
  KEY_LANE = 0x200,
  KEY_CAUSE,
  KEY_EVENTS,
  KEY_TAIL,
  KEY_COMPLETE,
  KEY_TREE,
  KEY_COLLAPSE,
  KEY_BESIDE,
  KEY_OUTPUT = 'o'
};

/* clang-format off */
static const struct argp_option rows[] = {
  {"format", KEY_FORMAT, "NAME",  0, "text (default), json, mermaid, perfetto, svg: a diagram for a wall, or html: a page "
                                     "that plays the trace", 1},
  {"lists",  KEY_LISTS,  NULL,    0, "only the lecture's lists, and ours of protection faults, step by step", 1},
  {"tree",   KEY_TREE,    NULL,   0, "the innermost guest's last system call or fault as a tree of nested traps; "
                                     "--cause selects by cause, --tail N shows the last N", 1},
  {"collapse", KEY_COLLAPSE, "LEVEL", 0, "with --tree: hide levels below this one", 1},
  {"lane",   KEY_LANE,   "GLOB",  0, "only events that leave or enter a lane whose name matches, for example 'vm1*'", 1},
  {"cause",  KEY_CAUSE,  "NAMES", 0, "only traps with one of these causes, for example syscall,tlb-miss; "
                                      "{doc}/tools/TRACE.md lists them", 1},
  {"events", KEY_EVENTS, "A..B",  0, "only events with numbers from A to B; either may be omitted", 1},
  {"tail",   KEY_TAIL,   "N",     0, "with --lists or -f svg: only the last N lists; with --tree: trees", 1},
  {"complete", KEY_COMPLETE, NULL, 0, "with --lists, or -f svg and --tail: only lists of which every step happened", 1},
  {"beside", KEY_BESIDE, "FILE",  0, "with -f html: show the trace in FILE, a page written before, beside this one, and "
                                     "mark the first difference", 1},
  {"output", KEY_OUTPUT, "FILE",  0, "write the trace to FILE and the program's console to stdout; without -o, the "
                                     "trace goes to stdout and the console to stderr", 1},
  {0}
};
/* clang-format on */

struct arguments {
  struct options options;
  struct from_lab from_lab;
  struct trace trace;
  const char *output;
  int why;                          /* 0: all is written; else errno */
  struct machine_observer recorder; /* that of the trace's recorder */
};

/* ---- the command line ---- */

static const struct trace_format *format_named(const char *name) {
  static const struct trace_format *const all[] = {&trace_text,     &trace_json, &trace_mermaid,
                                                   &trace_perfetto, &trace_svg,  &trace_html};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (strcmp(all[i]->name, name) == 0) return all[i];
  return NULL;
}

static void set_causes(struct trace *t, const char *names, struct argp_state *state) {
  for (const char *name = names;; name++) {
    char causes[400];
    const size_t n = strcspn(name, ",");
    if (!cause_add(&t->causes, name, n))
      argp_error(state, "--cause: no cause is called '%.*s'; there are %s", (int)n, name,
                 cause_nearest(name, n, causes, sizeof causes));
    name += n;
    if (!*name) return;
  }
}

static bool event_number(const char *text, size_t length, uint64_t missing, uint64_t *value) {
  char digits[24] = "";
  *value = missing;
  if (length >= sizeof digits) return false;
  memcpy(digits, text, length);
  return length == 0 || parse_size(digits, UINT64_MAX, value);
}

static void set_events(struct trace *t, const char *text, struct argp_state *state) {
  const char *dots = strstr(text, "..");
  if (!dots || !event_number(text, (size_t)(dots - text), 0, &t->first) ||
      !event_number(dots + 2, strlen(dots + 2), UINT64_MAX, &t->last) || t->first > t->last)
    argp_error(state, "--events %s: expected A..B", text);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &a->options;
    state->child_inputs[1] = &a->from_lab;
    return 0;
  case KEY_FORMAT:
    a->trace.format = format_named(arg);
    if (!a->trace.format)
      argp_error(state, "--format %s: expected text, json, mermaid, perfetto, svg or html", arg);
    return 0;
  case KEY_BESIDE:
    html_page_check(arg);
    a->trace.beside = arg;
    return 0;
  case KEY_LISTS: a->trace.format = &trace_lists; return 0;
  case KEY_TREE: a->trace.format = &trace_tree; return 0;
  case KEY_COLLAPSE:
    if (!parse_size(arg, DEPTH_MAX, &a->trace.collapse))
      argp_error(state, "--collapse %s: expected a level up to %d", arg, DEPTH_MAX);
    return 0;
  case KEY_LANE: a->trace.lane = arg; return 0;
  case KEY_CAUSE: set_causes(&a->trace, arg, state); return 0;
  case KEY_TAIL:
    if (!parse_size(arg, 1000000, &a->trace.tail) || a->trace.tail == 0)
      argp_error(state, "--tail %s: expected a number from 1 to 1000000", arg);
    return 0;
  case KEY_COMPLETE: a->trace.complete = true; return 0;
  case KEY_EVENTS: set_events(&a->trace, arg, state); return 0;
  case KEY_OUTPUT: a->output = arg; return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {
    {&options_argp, 0, "Running:", 2}, {&from_lab_argp, 0, "A lab's test:", 3}, {0}};
static const struct argp trace_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc = "Runs PROG as `trapeze run` does and writes what happened, trap by trap."
           "\vOptions after PROG belong to PROG. {doc}/tools/TRACE.md explains the formats.",
    .children = children};

/* ---- what the formats share ---- */

const char *trace_lane(const struct trace *t, uint32_t lane) { return recorder_lane(t->r, lane)->name; }
uint32_t trace_depth(const struct trace *t, uint32_t lane) { return recorder_lane(t->r, lane)->depth; }

static bool of_cause(const struct trace *t, const struct record *rec) {
  if (rec->kind != RECORD_TRAP) return false;
  const bool privileged = rec->trap.guest_cause == CAUSE_PRIVILEGED;
  return cause_has(&t->causes, rec->trap.guest_cause,
                   privileged ? pg32_decode(rec->trap.guest_badinst).id : PG32_ILLEGAL);
}

bool trace_wants(const struct trace *t, const struct record *rec) {
  if (rec->event < t->first || rec->event > t->last) return false;
  if (!cause_is_empty(&t->causes) && !of_cause(t, rec)) return false;
  return !t->lane || fnmatch(t->lane, trace_lane(t, rec->from), 0) == 0 ||
         fnmatch(t->lane, trace_lane(t, rec->to), 0) == 0;
}

/* Appends text after the `used` bytes in buf, cut off if there is no room;
 * returns the new number of bytes. */
static size_t add(char *buf, size_t size, size_t used, const char *text) {
  while (used + 1 < size && *text) buf[used++] = *text++;
  buf[used] = 0;
  return used;
}

static size_t add_number(char *buf, size_t size, size_t used, uint32_t number) {
  char digits[12], *first = digits + sizeof digits;
  *--first = 0;
  do *--first = (char)('0' + number % 10), number /= 10;
  while (number);
  return add(buf, size, used, first);
}

static size_t add_address(char *buf, size_t size, size_t used, uint32_t address) {
  char text[] = " 0x00000000";
  for (size_t i = sizeof text - 2; address; i--, address >>= 4) text[i] = "0123456789abcdef"[address & 15];
  return add(buf, size, used, text);
}

const char *trace_call(const struct trace *t, const struct record *rec) {
  if (rec->kind != RECORD_TRAP || rec->trap.guest_cause != CAUSE_SYSCALL) return NULL;
  return calls_name(t->o, trace_depth(t, rec->from), rec->a7);
}

const char *trace_what(const struct trace *t, const struct record *rec, char *buf, size_t size) {
  const char *call = trace_call(t, rec);
  if (rec->trap.guest_cause == 0) { /* the guest has no trap; where it is */
    add_address(buf, size, add(buf, size, 0, "(unit)"), rec->trap.guest_pc);
    return buf;
  }
  const char *hypercall = calls_hypercall(rec);
  size_t used = add(buf, size, 0, hypercall ? hypercall : pg32_cause_name(rec->trap.guest_cause));
  if (rec->trap.guest_cause == CAUSE_SYSCALL) {
    used = add_number(buf, size, add(buf, size, used, " a7="), rec->a7);
    if (call) add(buf, size, add(buf, size, used, " "), call);
  } else if (rec->trap.guest_cause == CAUSE_PRIVILEGED) {
    const struct pg32_insn insn = pg32_decode(rec->trap.guest_badinst);
    add(buf, size, add(buf, size, used, " "), insn.id < PG32_INSNS ? pg32_row(insn.id)->name : "?");
  } else if (rec->trap.guest_cause >= CAUSE_FETCH_MISALIGNED && rec->trap.guest_cause != CAUSE_ILLEGAL &&
             rec->trap.guest_cause != CAUSE_HCALL && rec->trap.guest_cause != CAUSE_BREAK)
    add_address(buf, size, used, rec->trap.badva);
  return buf;
}

const char *trace_deed(const struct trace *t, const struct record *rec, char *buf, size_t size) {
  const char *call = trace_call(t, rec);
  if (rec->trap.guest_cause == CAUSE_SYSCALL) {
    const size_t used = add(buf, size, 0, "system call ");
    if (call)
      add(buf, size, used, call);
    else
      add_number(buf, size, used, rec->a7);
  } else if (rec->trap.guest_cause == CAUSE_PRIVILEGED) {
    const struct pg32_insn insn = pg32_decode(rec->trap.guest_badinst);
    add(buf, size, add(buf, size, 0, insn.id < PG32_INSNS ? pg32_row(insn.id)->name : "?"), " in user mode");
  } else
    trace_what(t, rec, buf, size);
  return buf;
}

const char *trace_verdicts(const struct record *rec, char *buf, size_t size) {
  size_t used = add(buf, size, 0, rec->levels ? "" : recorder_verdict_name(rec->verdict[0]));
  for (unsigned l = 1; l <= rec->levels; l++) {
    if (l > 1) used = add(buf, size, used, "/");
    used = add(buf, size, used, rec->hidden_fill[l] ? "hidden" : recorder_verdict_name(rec->verdict[l]));
    if (rec->injected[l]) used = add(buf, size, used, "+int");
  }
  return buf;
}

const char *trace_rights(uint32_t lo, char buf[4]) {
  snprintf(buf, 4, "%c%c%c", lo & TLB_R ? 'r' : '-', lo & TLB_W ? 'w' : '-', lo & TLB_X ? 'x' : '-');
  return buf;
}

const char *trace_level(const struct record *rec, unsigned level, char *buf, size_t size) {
  *buf = 0;
  if (rec->levels > 1) snprintf(buf, size, "At level %u: ", level);
  return buf;
}

const char *trace_own_words(const struct list_step *s) {
  const char *words = recorder_step_words(s);
  return words == recorder_lecture_words((enum lecture_list)s->list, s->step) ? NULL : words;
}

char trace_list_letter(enum lecture_list list) { return "-STP"[list]; }

const char *trace_list_title(enum lecture_list list) {
  static const char *const titles[LISTS] = {"?", "System call", "TLB fault", "Protection fault"};
  return titles[list];
}

/* ---- the run ---- */

static void take(void *arg, const struct record *rec) {
  struct trace *t = arg;
  if (t->format->whole || trace_wants(t, rec)) t->format->record(t, rec);
}

/* What the recorder observes, and after each new event the format's look at the machine. */
static void looked(struct arguments *a, uint64_t events) {
  const uint64_t now = recorder_events(a->trace.r);
  if (now != events) a->trace.format->look(&a->trace, now);
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct arguments *a = arg;
  const uint64_t events = recorder_events(a->trace.r);
  a->recorder.trap(a->recorder.arg, m, trap);
  looked(a, events);
}

static void on_rfe(void *arg, struct machine *m) {
  struct arguments *a = arg;
  const uint64_t events = recorder_events(a->trace.r);
  a->recorder.rfe(a->recorder.arg, m);
  looked(a, events);
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  struct arguments *a = arg;
  const uint64_t events = recorder_events(a->trace.r);
  a->recorder.tlbw(a->recorder.arg, m, slot, hi, lo);
  looked(a, events);
}

static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  struct arguments *a = arg;
  const uint64_t events = recorder_events(a->trace.r);
  a->recorder.tlbi(a->recorder.arg, m, hi, scope);
  looked(a, events);
}

static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  struct arguments *a = arg;
  const uint64_t events = recorder_events(a->trace.r);
  a->recorder.device(a->recorder.arg, m, access);
  looked(a, events);
}

static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t x, uint32_t y) {
  struct arguments *a = arg;
  a->recorder.mark(a->recorder.arg, m, kind, x, y);
}

static void watch(void *arg, struct machine *m) {
  struct arguments *a = arg;
  a->trace.r = must(recorder_new(m, take, &a->trace));
  a->trace.m = m;
  a->trace.format->begin(&a->trace);
  if (!a->trace.format->look) return;
  a->recorder = recorder_observer((struct recorder *)a->trace.r);
  machine_observe(m, &(struct machine_observer){.trap = on_trap,
                                                .rfe = on_rfe,
                                                .tlbw = on_tlbw,
                                                .tlbi = on_tlbi,
                                                .device = on_device,
                                                .mark = on_mark,
                                                .arg = a});
}

static void done(void *arg, struct machine *m, enum machine_exit exit, unsigned faults) {
  (void)faults;
  struct arguments *a = arg;
  struct recorder *r = (struct recorder *)a->trace.r;
  a->trace.ended = exit == EXIT_POWER || exit == EXIT_CHECKSTOP;
  recorder_finish(r);
  if (recorder_short_of_memory(r)) must(NULL); /* lanes or verdicts may be wrong */
  a->trace.format->end(&a->trace);
  /* here, as a signal that stopped the machine ends the tool soon */
  a->why = output_keep(a->trace.out) ? 0 : errno;
  if (a->options.stats) stats_write(a->options.stats, m, exit, r);
  recorder_free(r);
}

/* An option that the format would not heed is a mistake. */
static void check_together(const struct trace *t) {
  const bool lists = t->format == &trace_lists, svg = t->format == &trace_svg;
  if (t->beside && t->format != &trace_html) die(STATUS_USAGE, "--beside needs -f html");
  if (t->tail != UINT64_MAX && !lists && !svg && t->format != &trace_tree)
    die(STATUS_USAGE, "--tail needs --lists, --tree or -f svg");
  if (t->complete && !lists && !svg) die(STATUS_USAGE, "--complete needs --lists or -f svg");
  if (t->collapse && t->format != &trace_tree) die(STATUS_USAGE, "--collapse needs --tree");
}

int command_trace(int argc, char **argv) {
  struct arguments a = {
      .trace = {.last = UINT64_MAX, .tail = UINT64_MAX, .format = &trace_text, .o = &a.options}};
  options_defaults(&a.options);
  argp_parse(&trace_argp, argc, argv, ARGP_IN_ORDER, &a);
  check_together(&a.trace);
  from_lab_options(&a.from_lab, &a.options);
  console_look_at_stdin(&a.options, false); /* a pipe that stays empty is traced as /dev/null is */
  a.trace.out = output_open(a.output);
  int status =
      session(&a.options, a.output ? stdout : stderr, &(struct session_hooks){watch, NULL, done, &a, NULL});
  if (a.why && a.why != EPIPE) /* EPIPE: the reader, such as `head`, has closed the pipe */
    die(STATUS_USAGE, "%s: %s", a.output ? a.output : "stdout", strerror(a.why));
  return status;
}
