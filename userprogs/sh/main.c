/* sh - the shell.
 *
 *   sh                     reads commands from the console, with a prompt; else from its standard input
 *   sh FILE [ARGUMENT...]  reads them from a file
 *   sh -c TEXT [NAME [ARGUMENT...]]
 *
 * with the options -e, -x, -u and -f, as `set` has them. The language is that of POSIX's shell, without aliases. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pg32.h"
#include "sh.h"

struct shell sh = {.name = "sh"};

static const char help[] =
    "usage: sh [-efux] [FILE [ARGUMENT...] | -c TEXT [NAME [ARGUMENT...]]]\n"
    "Reads commands from the console, from FILE, or from TEXT, and runs them. -e: ends when a command\n"
    "fails; -f: * and ? are no patterns; -u: a variable that is not set is an error; -x: shows each\n"
    "command. The language is that of POSIX's shell; type `help` in the shell for what there is.\n";

void complain(const char *format, ...) {
  va_list args;
  fprintf(stderr, "sh: ");
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
}

/* ---- where commands come from ---- */

static int input; /* the descriptor */

/* Adds the next line to t; false at the end. A file that others may read, too, is read byte by byte. */
static bool read_line(struct text *t) {
  size_t before = t->n;
  char c;
  for (ssize_t n; (n = read(input, &c, 1)) == 1 || (n < 0 && errno == EINTR);) {
    if (n < 0 && sh.interrupted) return true;
    if (n < 0) continue;
    if (c != '\0') text_put(t, c);
    if (c == '\n') return true;
  }
  return t->n > before;
}

static const char *prompt(bool more) {
  static char text[32];
  const char *own = variable("PS1"), *depth = variable("DEPTH");
  if (more) return "> ";
  if (own != NULL) return own;
  if (!sh.edits || depth == NULL) return "$ ";
  snprintf(text, sizeof text, "depth %s $ ", depth);
  return text;
}

static enum edited next_line(struct text *t, bool more) {
  if (sh.edits) return edit_line(prompt(more), t);
  if (sh.interactive) printf("%s", prompt(more));
  fflush(NULL);
  if (!read_line(t)) return NO_LINE;
  return sh.interrupted ? GIVEN_UP : LINE;
}

static jmp_buf prompt_again;

void abandon(int status) {
  if (!sh.interactive) leave(status);
  redirect_undo_all();
  sh.status = status;
  longjmp(prompt_again, 1);
}

static void run_line(struct node *tree) {
  char **argv = sh.argv;
  int argc = sh.argc, mark = locals_mark();
  if (setjmp(prompt_again) == 0) {
    run(tree);
    return;
  }
  locals_end(mark);
  sh.argv = argv, sh.argc = argc;
  sh.loops = sh.functions = sh.tested = 0, sh.returns = false;
}

/* Reads one command, which may have several lines, and runs it. False at the end. */
static bool run_next(void) {
  struct text t = {0};
  struct node *tree = NULL;
  const char *wrong = NULL;
  enum parsed result;
  bool more = false;
  text_add(&t, "", 0);
  sh.interrupted = false;
  do {
    enum edited got = next_line(&t, more);
    if (got == GIVEN_UP) {
      sh.status = 128 + SIGINT;
      return true;
    }
    if (got == NO_LINE) {
      if (!more) return false;
      complain("%s", wrong);
      sh.status = BAD_LINE;
      return false;
    }
    more = true;
    result = parse(t.s, &tree, &wrong);
  } while (result == INCOMPLETE);
  if (result == PARSED && tree != NULL) run_line(tree);
  sh.breaks = 0;
  if (result == PARSED) return true;
  complain("%s", wrong);
  sh.status = BAD_LINE;
  return sh.interactive;
}

static int run_input(void) {
  for (bool go_on = true; go_on && !sh.returns;) {
    void *mark = arena_mark();
    jobs_reap(false);
    go_on = run_next();
    arena_release(mark);
  }
  if (sh.interactive && !sh.edits) printf("\n");
  return sh.status;
}

/* ---- the start ---- */

/* What the first shell of a machine says at a terminal. */
static void greet(void) {
  const char *depth = variable("DEPTH");
  struct pg32_container container;
  if (getpid() != 1 || depth == NULL || container_info(0, &container) < 0) return;
  if (*container.name != '\0')
    printf("This shell runs in the container %s: it has files, processes and a host's name of its own.\n"
           "`exit` leaves, and ends the container. `help` says what there is.\n",
           container.name);
  else if (atoi(depth) == 0)
    puts("Trapeze, depth 0: this shell runs on the bare machine.");
  else
    printf("Trapeze, depth %s: this shell runs in a VM%s.\n", depth,
           atoi(depth) > 1 ? ", which runs in another VM" : "");
  if (*container.name == '\0')
    puts("Ctrl-A x leaves; `exit` ends this machine. `help` says what there is.\n"
         "Two things to try:  vmm            a VM in this machine, one level deeper\n"
         "                    time primes    how long a program takes");
}

static void set_letters(const char *letters) {
  for (; *letters != '\0'; letters++) switch (*letters) {
    case 'e': sh.exit_on_error = true; break;
    case 'x': sh.trace = true; break;
    case 'u': sh.no_unset = true; break;
    case 'f': sh.no_globs = true; break;
    default: fputs(help, stderr); exit(BAD_LINE);
    }
}

static void take_arguments(int argc, char **argv) {
  if (argc > 0) sh.name = argv[0];
  if (argc > 1) sh.argc = argc - 1, sh.argv = argv + 1;
}

static void open_script(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(NOT_FOUND);
  }
  input = fcntl(fd, F_DUPFD, 10);
  close(fd);
  fcntl(input, F_SETFD, FD_CLOEXEC);
}

int main(int argc, char **argv) {
  int i = 1;
  sh.self = getpid();
  variables_init();
  for (; i < argc && argv[i][0] == '-' && strcmp(argv[i], "-c") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0) return fputs(help, stdout) < 0;
    set_letters(argv[i] + 1);
  }
  if (i < argc && strcmp(argv[i], "-c") == 0) {
    if (i + 1 == argc) return fputs(help, stderr), BAD_LINE;
    take_arguments(argc - i - 2, argv + i + 2);
    leave(run_text(argv[i + 1]));
  }
  if (i < argc) {
    take_arguments(argc - i, argv + i);
    open_script(argv[i]);
  } else if (isatty(0)) {
    sh.interactive = true;
    sh.edits = variable("TERM") != NULL && isatty(1);
    jobs_init();
    console_mode(CONSOLE_ECHO);
    if (sh.edits) greet();
  }
  leave(run_input());
}
