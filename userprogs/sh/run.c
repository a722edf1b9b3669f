/* run.c - runs the tree that parse.c has made. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sh.h"

/* Does something make the commands that come next be left out? */
static bool leaving(void) { return sh.breaks > 0 || sh.returns || sh.interrupted; }

void leave(int status) {
  const char *last = sh.on_exit;
  sh.on_exit = NULL;
  sh.interactive = false;
  sh.status = status;
  if (last != NULL && getpid() == sh.self) sh.returns = false, sh.breaks = 0, run_text(last);
  fflush(NULL);
  exit(status);
}

/* ---- programs ---- */

_Noreturn static void become(char **argv) {
  errno = ENOENT;
  if (*argv[0] != '\0') execvp(argv[0], argv);
  const char *why = errno == ENOENT   ? "no such program"
                    : errno == ENOMEM ? "too large for the memory that is left (try a larger --ram)"
                                      : strerror(errno);
  int status = errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
  fprintf(stderr, "%s: %s\n", argv[0], why);
  _exit(status);
}

/* fork; the child is no longer interactive. The processes of a command at the console are a group, so that ^C and ^Z are
 * for all of them: `group` is its number, or 0 for the first of them. */
static pid_t fork_into(pid_t group) {
  fflush(NULL);
  pid_t pid = fork();
  if (pid < 0) complain("fork: %s", strerror(errno));
  if (pid > 0 && sh.interactive) setpgid(pid, group);
  if (pid != 0) return pid;
  if (sh.interactive) setpgid(0, group), signal(SIGINT, SIG_DFL), signal(SIGTSTP, SIG_DFL);
  sh.interactive = false, sh.on_exit = NULL, sh.loops = 0;
  return 0;
}

static pid_t fork_shell(void) { return fork_into(0); }

static int run_program(char **argv, struct redirect *redirects) {
  bool kills = strcmp(argv[0], "kill") == 0;
  if (kills && (argv = job_words(argv)) == NULL) return 1;
  pid_t pid = fork_shell();
  if (pid < 0) return NOT_FOUND;
  int status = pid > 0 ? wait_for(pid, argv[0]) : 0;
  if (kills && pid > 0) jobs_wake();
  if (pid > 0) return status;
  if (!redirect_all(redirects)) _exit(BAD_LINE);
  become(argv);
}

/* ---- simple commands ---- */

static bool assign(const char *raw) {
  const char *equals = strchr(raw, '=');
  return set_variable(arena_text(raw, (size_t)(equals - raw)), expand_text(equals + 1));
}

static bool assign_all(struct word *list) {
  for (; list != NULL; list = list->next)
    if (!assign(list->raw)) return false;
  return true;
}

/* Before a program, assignments are for its environment: they are undone afterwards. */
static bool assign_for_program(struct word *list) {
  for (struct word *w = list; w != NULL; w = w->next)
    make_local(arena_text(w->raw, (size_t)(strchr(w->raw, '=') - w->raw)));
  if (!assign_all(list)) return false;
  for (struct word *w = list; w != NULL; w = w->next)
    setenv(arena_text(w->raw, (size_t)(strchr(w->raw, '=') - w->raw)),
           variable(arena_text(w->raw, (size_t)(strchr(w->raw, '=') - w->raw))), 1);
  return true;
}

enum { CALLS_MAX = 1000 }; /* beyond, the stack would be full some day, and the shell would die */

static int call_function(const char *text, int argc, char **argv) {
  if (sh.functions == CALLS_MAX) {
    complain("%s: functions have called each other %d deep", argv[0], CALLS_MAX);
    abandon(BAD_LINE);
  }
  char **old_argv = sh.argv;
  int old_argc = sh.argc, mark = locals_mark(), loops = sh.loops;
  char *copy = arena_text(text, strlen(text)); /* the function may be defined anew while it runs */
  sh.argv = argv + 1, sh.argc = argc - 1, sh.functions++, sh.loops = 0;
  int status = run_text(copy);
  sh.argv = old_argv, sh.argc = old_argc, sh.functions--, sh.loops = loops;
  sh.returns = false;
  locals_end(mark);
  return status;
}

static int run_inside(struct node *n, int argc, char **argv) {
  struct undo undo;
  int status = BAD_LINE;
  const char *function = function_text(argv[0]);
  builtin *act = find_builtin(argv[0]);
  if (!redirect_keeping(n->redirects, &undo)) {
    redirect_undo(&undo);
    return BAD_LINE;
  }
  if (function != NULL)
    status = call_function(function, argc, argv);
  else
    status = act(argc, argv);
  if (strcmp(argv[0], "exec") == 0 && argc == 1)
    while (undo.count > 0) close(undo.saved[--undo.count].copy);
  redirect_undo(&undo);
  return status;
}

static void trace(char **argv) {
  fputs("+", stderr);
  for (; *argv != NULL; argv++) fprintf(stderr, " %s", *argv);
  fputs("\n", stderr);
}

static int only_assignments(struct node *n) {
  struct undo undo;
  sh.substituted = false;
  bool good = redirect_keeping(n->redirects, &undo);
  redirect_undo(&undo);
  if (!good || !assign_all(n->assignments)) return BAD_LINE;
  return sh.substituted ? sh.status : 0; /* of the last $(...) */
}

static int simple(struct node *n) {
  struct word *fields = expand_words(n->words);
  int argc = 0;
  for (struct word *w = fields; w != NULL; w = w->next) argc++;
  if (argc == 0) return only_assignments(n);
  char **argv = arena_alloc(((size_t)argc + 1) * sizeof *argv);
  argc = 0;
  for (struct word *w = fields; w != NULL; w = w->next) argv[argc++] = (char *)w->raw;
  if (sh.trace) trace(argv);
  bool inside = function_text(argv[0]) != NULL || find_builtin(argv[0]) != NULL;
  if (is_special(argv[0])) return assign_all(n->assignments) ? run_inside(n, argc, argv) : BAD_LINE;
  if (n->assignments == NULL) return inside ? run_inside(n, argc, argv) : run_program(argv, n->redirects);
  int mark = locals_mark(), status = BAD_LINE;
  if (assign_for_program(n->assignments))
    status = inside ? run_inside(n, argc, argv) : run_program(argv, n->redirects);
  locals_end(mark);
  return status;
}

/* ---- several processes ---- */

_Noreturn static void run_as_child(struct node *n) {
  int status = run(n);
  fflush(NULL);
  _exit(status);
}

static int pipeline(struct node *n) {
  pid_t pids[64];
  int from = -1, fds[2], count = 0;
  for (bool last = false; !last; n = n->b) {
    last = n->kind != PIPE;
    struct node *part = last ? n : n->a;
    if (count == 64 || (!last && pipe(fds) < 0)) {
      complain("pipe: %s", count == 64 ? "too many commands" : strerror(errno));
      break;
    }
    pid_t pid = fork_into(count > 0 ? pids[0] : 0);
    if (pid == 0) {
      if (from >= 0) dup2(from, 0), close(from);
      if (!last) close(fds[0]), dup2(fds[1], 1), close(fds[1]);
      run_as_child(part);
    }
    if (from >= 0) close(from);
    if (!last) close(fds[1]), from = fds[0];
    if (pid < 0) break;
    pids[count++] = pid;
    if (last) break;
  }
  int status = count > 0 ? wait_for(pids[count - 1], "the last command") : CANNOT_RUN;
  while (--count > 0) wait_for(pids[count - 1], "a command");
  return status;
}

static int subshell(struct node *n) {
  pid_t pid = fork_shell();
  if (pid == 0) run_as_child(n);
  return pid > 0 ? wait_for(pid, "the subshell") : CANNOT_RUN;
}

static int behind(struct node *n) {
  pid_t pid = fork_shell();
  if (pid == 0) {
    if (n->a->kind == SIMPLE && n->a->words != NULL) { /* the process itself becomes the program */
      struct word *fields = expand_words(n->a->words);
      if (fields != NULL && find_builtin(fields->raw) == NULL && function_text(fields->raw) == NULL) {
        char **argv = arena_alloc(100 * sizeof *argv);
        int argc = 0;
        for (struct word *w = fields; w != NULL && argc < 99; w = w->next) argv[argc++] = (char *)w->raw;
        if (!assign_for_program(n->a->assignments) || !redirect_all(n->a->redirects)) _exit(BAD_LINE);
        become(argv);
      }
    }
    run_as_child(n->a);
  }
  if (pid > 0) job_add(pid, n->text);
  return pid > 0 ? 0 : CANNOT_RUN;
}

char *run_substitution(const char *text, size_t n) {
  int fds[2];
  char piece[512];
  struct text t = {0};
  text_add(&t, "", 0);
  if (pipe(fds) < 0) return t.s;
  char *copy = arena_text(text, n);
  pid_t pid = fork_shell();
  if (pid == 0) {
    close(fds[0]), dup2(fds[1], 1), close(fds[1]);
    int status = run_text(copy);
    fflush(NULL);
    _exit(status);
  }
  close(fds[1]);
  for (ssize_t k; (k = read(fds[0], piece, sizeof piece)) > 0 || (k < 0 && errno == EINTR);)
    if (k > 0) text_add(&t, piece, (size_t)k);
  close(fds[0]);
  sh.status = pid > 0 ? wait_for(pid, "a substitution") : CANNOT_RUN;
  sh.substituted = true;
  while (t.n > 0 && t.s[t.n - 1] == '\n') t.s[--t.n] = '\0';
  return t.s;
}

/* ---- compound commands ---- */

static int condition(struct node *n) {
  sh.tested++;
  int status = run(n);
  sh.tested--;
  return status;
}

/* After a loop's body: is the loop to be left? */
static bool leaves_loop(void) {
  if (sh.returns || sh.interrupted) return true;
  if (sh.breaks == 0) return false;
  if (--sh.breaks > 0) return true;
  bool goes_on = sh.continues;
  sh.continues = false;
  return !goes_on;
}

static int while_loop(struct node *n) {
  int status = 0;
  sh.loops++;
  for (;;) {
    void *mark = arena_mark();
    bool holds = (condition(n->a) == 0) == (n->kind == WHILE);
    if (!leaving() && holds) status = run(n->b);
    bool leaves = leaves_loop() || !holds;
    arena_release(mark);
    if (leaves) break;
  }
  sh.loops--;
  return status;
}

static int for_loop(struct node *n) {
  struct word every = {.raw = "\"$@\""};
  int status = 0;
  sh.loops++;
  for (struct word *w = expand_words(n->every ? &every : n->words); w != NULL; w = w->next) {
    void *mark = arena_mark();
    if (!set_variable(n->name, w->raw)) break;
    status = run(n->a);
    bool leaves = leaves_loop();
    arena_release(mark);
    if (leaves) break;
  }
  sh.loops--;
  return status;
}

static int case_of(struct node *n) {
  const char *subject = expand_text(n->words->raw);
  for (struct item *item = n->items; item != NULL; item = item->next)
    for (struct word *w = item->patterns; w != NULL; w = w->next)
      if (fnmatch(expand_pattern(w->raw), subject, 0) == 0) return item->body != NULL ? run(item->body) : 0;
  return 0;
}

static int if_command(struct node *n) {
  int status = condition(n->a);
  if (leaving()) return status;
  if (status == 0) return run(n->b);
  if (n->c == NULL) return 0;
  return n->c->kind == IF ? if_command(n->c) : run(n->c);
}

static int and_or(struct node *n) {
  int status = condition(n->a);
  if (leaving() || (status == 0) != (n->kind == AND)) return status;
  return run(n->b);
}

static int sequence(struct node *n) {
  int status = run(n->a);
  return leaving() ? status : run(n->b);
}

static int not(struct node * n) {
  int status = condition(n->a);
  return leaving() ? status : !status;
}

static int run_kind(struct node *n) {
  switch (n->kind) {
  case SIMPLE: return simple(n);
  case PIPE: return pipeline(n);
  case AND:
  case OR: return and_or(n);
  case SEQUENCE: return sequence(n);
  case BEHIND: return behind(n);
  case NOT: return not(n);
  case IF: return if_command(n);
  case WHILE:
  case UNTIL: return while_loop(n);
  case FOR: return for_loop(n);
  case CASE: return case_of(n);
  case GROUP: return run(n->a);
  case SUBSHELL: return subshell(n->a);
  case FUNCTION: function_set(n->name, n->text); return 0;
  }
  return 0;
}

static int run_redirected(struct node *n) {
  struct undo undo;
  int status = BAD_LINE;
  if (redirect_keeping(n->redirects, &undo)) status = run_kind(n);
  redirect_undo(&undo);
  return status;
}

/* Memory that a command takes is given back when it has ended, but for what a loop keeps. */
int run(struct node *n) {
  void *mark = arena_mark();
  bool keeps = n->kind == SIMPLE || n->redirects == NULL;
  sh.status = keeps ? run_kind(n) : run_redirected(n);
  arena_release(mark);
  if (sh.interrupted) sh.status = 128 + SIGINT;
  bool ends = n->kind == SIMPLE || n->kind == SUBSHELL || n->kind == PIPE;
  if (sh.status != 0 && sh.exit_on_error && sh.tested == 0 && ends && !leaving()) leave(sh.status);
  return sh.status;
}

int run_text(const char *text) {
  void *mark = arena_mark();
  struct node *tree = NULL;
  const char *wrong = NULL;
  if (parse(text, &tree, &wrong) != PARSED) {
    complain("%s", wrong);
    sh.status = BAD_LINE;
    if (!sh.interactive) leave(BAD_LINE);
  } else if (tree != NULL) {
    run(tree);
  } else {
    sh.status = 0;
  }
  arena_release(mark);
  return sh.status;
}
