/* debug.c - the subcommand `trapeze debug`: its options, and the choice between the screen and line mode. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/trapeze/grade/from_lab.h"
#include "tools/trapeze/progress.h"
#include "crash.h"

enum {
  KEY_LINE = 'l',
  KEY_BATCH = 'b',
  KEY_SCRIPT = 'x',
  KEY_RESET = 0x300,
  KEY_REPLAY,
  KEY_EVENT,
  KEY_CRASH,
  KEY_GDB
};

static const struct argp_option rows[] = {
    {"line", KEY_LINE, NULL, 0, "use plain lines of text instead of a screen", 1},
    {"batch", KEY_BATCH, NULL, 0,
     "run the commands of -x and leave; the exit status is 1 if a command failed", 1},
    {"execute", KEY_SCRIPT, "FILE", 0, "run the commands in FILE first (-: standard input)", 1},
    {"reset", KEY_RESET, NULL, 0, "begin at reset instead of the program's first instruction", 1},
    {"event", KEY_EVENT, "N", 0, "begin just before event N, numbered as in `trapeze trace`", 1},
    {"crash", KEY_CRASH, NULL, 0, "begin where the program dies", 1},
    {"gdb", KEY_GDB, "PORT", 0,
     "wait for gdb on this port of this computer alone, or on standard input and output (-); "
     "{doc}/tools/GDB.md",
     1},
    {"replay", KEY_REPLAY, "FILE", 0, "open a session that the command `record FILE` has saved", 1},
    {0}};

struct arguments {
  struct options options;
  struct from_lab from_lab;
  uint64_t event; /* 0 = not given */
  bool line, batch, reset, crash;
  const char *script, *replay, *gdb;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = &a->options;
    state->child_inputs[1] = &a->from_lab;
    return 0;
  case KEY_EVENT:
    if (!parse_size(arg, UINT64_MAX, &a->event) || !a->event)
      argp_error(state, "--event %s: expected a number from 1", arg);
    return 0;
  case KEY_LINE: a->line = true; return 0;
  case KEY_BATCH: a->batch = true; return 0;
  case KEY_SCRIPT: a->script = arg; return 0;
  case KEY_RESET: a->reset = true; return 0;
  case KEY_CRASH: a->crash = true; return 0;
  case KEY_REPLAY: a->replay = arg; return 0;
  case KEY_GDB:
    if (!gdb_is_port(arg))
      argp_error(state, "--gdb %s: expected a port from 1 to 65535 (0: any free one), or - for a pipe", arg);
    a->gdb = arg;
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {
    {&options_argp, 0, "Running:", 2}, {&from_lab_argp, 0, "A lab's test:", 3}, {0}};
static const struct argp debug_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]\nFILE.session",
    .doc = "Runs PROG as `trapeze run` does, and lets you step through the run, forwards and backwards: by "
           "instruction, source line, trap, or step of the lecture's lists."
           "\vOptions after PROG belong to PROG. In the debugger, `?` shows all keys. "
           "{doc}/tools/TUTORIAL.md is "
           "an introduction.",
    .children = children};

/* The input of --input is given from the start, so that the run is the same each time. Without --input the
 * console stays open for the command `type`. */
static void give_input(struct machine *m, const struct options *o) {
  if (!o->input) return;
  struct bytes b = file_read(o->input);
  if (b.size && !machine_console_input(m, 0, b.data, b.size)) must(NULL);
  machine_console_hangup(m, 0);
  free(b.data);
}

void debug_open(struct debug *d, bool at_reset) {
  struct boot boot = boot_assemble(&d->options);
  struct machine *m = boot_machine(&d->options, &boot);
  boot_free(&boot);
  give_input(m, &d->options);
  model_open(d, m, at_reset);
}

static bool is_session(const char *name) {
  size_t n = strlen(name), k = strlen(".session");
  return n > k && strcmp(name + n - k, ".session") == 0;
}

static void open_session(struct debug *d, const char *path, bool at_reset) {
  struct machine_error error;
  const struct timeline_config config = index_config(d);
  struct timeline *t = timeline_load(path, &config, &error);
  progress_hide();
  if (!t) die(STATUS_USAGE, "%s: %s", path, error.text);
  const uint64_t moment = timeline_position(t);
  d->t = t, d->m = timeline_machine(t);
  timeline_go(t, 0);
  replay_options(d);
  timeline_go(t, moment);
  model_adopt(d, t, at_reset, true);
}

/* Until the session begins. */
static void tell_opening(struct debug *d, uint64_t position, bool whole) {
  (void)d, (void)whole;
  progress_tell("Recording the run: step %llu", (unsigned long long)position);
}

static bool can_screen(void) {
  const char *term = getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

int command_debug(int argc, char **argv) {
  struct arguments a = {0};
  struct debug d = {0};
  struct crash crash;
  options_defaults(&a.options);
  argp_parse(&debug_argp, argc, argv, ARGP_IN_ORDER, &a);
  from_lab_options(&a.from_lab, &a.options);
  setlocale(LC_ALL, "");
  setlocale(LC_NUMERIC, "C");
  if (a.gdb && (a.line || a.batch || a.script))
    die(STATUS_USAGE, "--gdb takes commands from gdb: leave out --line, --batch and -x");
  if (a.options.stats) die(STATUS_USAGE, "--stats: `trapeze run` counts; the debugger goes back and forth");
  if (!a.options.max_insns) die(STATUS_USAGE, "--max-insns 0: there would be nothing to look at");
  if (a.batch && !a.script) die(STATUS_USAGE, "--batch needs commands: add -x FILE");
  if (!a.replay && a.options.argc == 1 && is_session(a.options.argv[0]))
    a.replay = a.options.argv[0], a.options.argc = 0;
  d.options = a.options;
  d.memory_physical = true;
  d.progress = tell_opening;
  tell_opening(&d, 0, true);
  if (a.replay)
    open_session(&d, a.replay, a.reset);
  else
    debug_open(&d, a.reset);
  const char *failed = NULL;
  if (a.event && !model_event(&d, a.event)) failed = "--event";
  if (!failed && a.crash && !crash_go_last(&d, &crash)) failed = "--crash";
  progress_end();
  d.progress = NULL;
  if (failed) die(STATUS_USAGE, "%s: %s", failed, d.said);
  int status = a.gdb ? gdb_mode(&d, a.gdb) : -1;
  if (status < 0 && !a.line && !a.batch && can_screen()) status = screen_mode(&d);
  if (status < 0) status = line_mode(&d, a.script, a.batch);
  model_close(&d);
  return status;
}
