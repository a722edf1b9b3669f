/* run.c - trapeze run: a program, or a shell, at some depth of virtualization. */
#include "trapeze.h"

static error_t parse(int key, char *arg, struct argp_state *state) {
  (void)arg;
  if (key != ARGP_KEY_INIT) return ARGP_ERR_UNKNOWN;
  state->child_inputs[0] = state->input;
  return 0;
}

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
static const struct argp run_argp = {
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc = "Runs PROG, a PG32 ELF file or the name of a bundled program, at some depth of virtualization; "
           "without PROG, "
           "a shell. Its console is stdin and stdout, its exit status ours."
           "\vOptions after PROG belong to PROG. Our own exit statuses: 124 budget used up, 125 bad usage or "
           "unreadable "
           "file, 126 check-stop. On a terminal Ctrl-C goes to the innermost guest; Ctrl-A x leaves, Ctrl-A "
           "h helps.",
    .children = children,
};

struct counting {
  const char *path;
  struct recorder *recorder;
};

static void watch(void *arg, struct machine *m) {
  struct counting *c = arg;
  if (c->path) c->recorder = must(recorder_new(m, NULL, NULL));
}

static void done(void *arg, struct machine *m, enum machine_exit exit) {
  struct counting *c = arg;
  if (!c->path) return;
  recorder_finish(c->recorder);
  stats_write(c->path, m, exit, c->recorder);
  recorder_free(c->recorder);
}

int command_run(int argc, char **argv) {
  struct options o;
  options_defaults(&o);
  argp_parse(&run_argp, argc, argv, ARGP_IN_ORDER, NULL, &o);
  struct counting counting = {o.stats, NULL};
  return session(&o, stdout, &(struct session_hooks){watch, done, &counting});
}
