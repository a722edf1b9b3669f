/* run.c - trapeze run: a program, or a shell, at some depth of virtualization. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "grade/from_lab.h"
#include "trapeze.h"

struct arguments {
  struct options options;
  struct from_lab from_lab;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  (void)arg;
  if (key != ARGP_KEY_INIT) return ARGP_ERR_UNKNOWN;
  state->child_inputs[0] = &a->options;
  state->child_inputs[1] = &a->from_lab;
  return 0;
}

static const struct argp_child children[] = {
    {&options_argp, 0, NULL, 0}, {&from_lab_argp, 0, "A lab's test:", 1}, {0}};
static const struct argp run_argp = {
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc = "Runs PROG, a PG32 ELF file or the name of a bundled program, at some depth of virtualization; "
           "without "
           "PROG, a shell. PROG's console is stdin and stdout, and trapeze exits with PROG's exit status."
           "\vOptions after PROG belong to PROG. Our own exit statuses: 124 the budget is used up, 125 wrong "
           "usage or "
           "an unreadable file, 126 check-stop. On a terminal Ctrl-C goes to the innermost guest; Ctrl-A x "
           "leaves, "
           "Ctrl-A h shows help. When a program dies, also one that a shell has started, its last words on "
           "stderr "
           "say why, and which command shows the place.",
    .children = children,
};

struct running {
  const struct options *o;
  struct recorder *recorder; /* for --stats */
  struct input_log log;
  struct crash_watch crashes;
};

static void watch(void *arg, struct machine *m) {
  struct running *r = arg;
  if (r->o->stats) r->recorder = must(recorder_new(m, NULL, NULL));
}

static void write_stats(struct running *r, struct machine *m, enum machine_exit exit) {
  recorder_finish(r->recorder);
  if (recorder_short_of_memory(r->recorder)) must(NULL); /* lanes may be wrong */
  stats_write(r->o->stats, m, exit, r->recorder);
  recorder_free(r->recorder);
}

static void waits(void *arg, struct machine *m, unsigned faults) {
  crash_look(&((struct running *)arg)->crashes, m, faults);
}

static void done(void *arg, struct machine *m, enum machine_exit exit, unsigned faults) {
  struct running *r = arg;
  if (r->o->stats) write_stats(r, m, exit);
  crash_report(&r->crashes, m, exit, faults);
  input_log_free(&r->log);
}

/* A shell at a terminal that understands escape sequences edits lines. */
static void look_at_terminal(struct options *o) {
  struct winsize size = {0};
  const char *term = getenv("TERM");
  if (o->input || !term || strcmp(term, "dumb") == 0 || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
    return;
  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  o->columns = size.ws_col > 0 ? size.ws_col : 80;
  o->lines = size.ws_row > 0 ? size.ws_row : 24;
}

int command_run(int argc, char **argv) {
  struct arguments a = {0};
  options_defaults(&a.options);
  argp_parse(&run_argp, argc, argv, ARGP_IN_ORDER, &a);
  from_lab_options(&a.from_lab, &a.options);
  look_at_terminal(&a.options);
  console_look_at_stdin(&a.options, true);
  struct running r = {.o = &a.options};
  r.crashes = (struct crash_watch){.o = &a.options, .log = &r.log, .argv = argv};
  return session(&a.options, stdout, &(struct session_hooks){watch, waits, done, &r, &r.log});
}
