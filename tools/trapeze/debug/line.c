/* line.c - line mode: commands and answers as lines of text, typed with readline or read from a script. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "view.h"

#define HISTORY_LINES 1000

/* ---- history between runs ---- */

char *history_path(bool create) {
  char folder[PATH_MAX - 16], *path;
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (state && *state)
    snprintf(folder, sizeof folder, "%s/trapeze", state);
  else if (home && *home)
    snprintf(folder, sizeof folder, "%s/.local/state/trapeze", home);
  else
    return NULL;
  for (char *p = folder + 1; create && *p; p++) {
    if (*p != '/') continue;
    *p = 0;
    mkdir(folder, 0700);
    *p = '/';
  }
  if (create) mkdir(folder, 0700);
  if (asprintf(&path, "%s/history", folder) < 0) must(NULL);
  return path;
}

/* ---- one command ---- */

static bool obey(struct debug *d, const char *line, FILE *errors) {
  bool ok = command_run_line(d, line);
  if (d->answer && *d->answer) fputs(d->answer, stdout);
  if (*d->said) fprintf(ok ? stdout : errors, "%s\n", d->said);
  return ok;
}

/* The source line of the frame that is looked at, as gdb prints it after a move. */
static void show_source(struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  const char *text = at.file ? source_line(d, at.file, at.line) : NULL;
  if (text) printf("%6d  %s\n", at.line, text);
}

/* Where the session and the reader looked before a command. */
struct stand {
  uint64_t position;
  unsigned frame;
};

static struct stand stand_now(struct debug *d) { return (struct stand){model_position(d), frame_number(d)}; }

/* After a move, says where the session is now. `source`: for a person, or in a script's record; who pipes commands in
 * looks for answers, which a line of the program may resemble. */
static void show_place(struct debug *d, struct stand before, bool source) {
  const struct stand now = stand_now(d);
  char text[1024];
  if (source && (now.position != before.position || now.frame != before.frame)) show_source(d);
  if (now.position == before.position) return;
  model_status(d, text, sizeof text);
  printf("%s\n", text);
  if (!model_list_at(d)) return;
  model_why(d, text, sizeof text);
  printf("%s\n", text);
}

static int script(struct debug *d, const char *path) {
  char *line = NULL;
  size_t size = 0;
  unsigned number = 0;
  bool ok = true;
  FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
  if (!f) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  while (ok && !d->quit && getline(&line, &size, f) >= 0) {
    number++;
    line[strcspn(line, "\n")] = 0;
    if (*line && *line != '#') printf("> %s\n", line);
    const struct stand before = stand_now(d);
    ok = obey(d, line, stdout);
    if (ok) show_place(d, before, true);
  }
  if (!ok) fprintf(stderr, "trapeze: %s:%u: %s\n", path, number, d->said);
  free(line);
  if (f != stdin) fclose(f);
  return ok ? 0 : 1;
}

/* ---- typed commands ---- */

static struct debug *completing;

static char *generate(const char *text, int state) {
  return command_complete(completing, text, state, false);
}
static char *generate_first(const char *text, int state) {
  return command_complete(completing, text, state, true);
}

static char **complete(const char *text, int start, int end) {
  (void)end;
  char **matches = rl_completion_matches(text, start == 0 ? generate_first : generate);
  if (matches) rl_attempted_completion_over = 1;
  return matches;
}

static void on_interrupt(int signal_number) {
  (void)signal_number;
  model_interrupt();
}

/* What an empty line means: the last command again, as in gdb. But `list` and `x/F` go on where they ended, and a run
 * is not begun anew. */
static const char *again(const char *last, char *buf, size_t size) {
  char word[64];
  snprintf(word, sizeof word, "%.*s", (int)strcspn(last, " \t/"), last);
  const struct command_row *r = command_named(word);
  if (!r) return last;
  if (r->run == command_rerun || r->run == command_start) return "";
  const char *rest = last + strlen(word) + strspn(last + strlen(word), " \t");
  if (r->run == command_list) return *rest == '-' ? last : r->name;
  if (r->run != command_examine || *rest != '/') return last;
  snprintf(buf, size, "%s%.*s", r->name, (int)strcspn(rest, " \t"), rest);
  return buf;
}

static void talk(struct debug *d) {
  char *line, *last = must(strdup(""));
  bool terminal = isatty(STDIN_FILENO);
  if (!terminal) rl_outstream = fopen("/dev/null", "w"); /* do not echo what comes from a pipe */
  while (!d->quit && (line = readline(terminal ? "(trapeze) " : ""))) {
    const struct stand before = stand_now(d);
    if (*line) {
      add_history(line);
      free(last);
      last = must(strdup(line));
    }
    char buf[64];
    const char *text = *line ? line : again(last, buf, sizeof buf);
    if (*text) obey(d, text, stdout);
    show_place(d, before, terminal);
    free(line);
  }
  free(last);
}

void readline_begin(struct debug *d) {
  completing = d;
  rl_readline_name = "trapeze";
  rl_initialize();                                   /* reads the person's settings */
  rl_variable_bind("enable-bracketed-paste", "off"); /* it would make one line of several that are pasted */
  rl_attempted_completion_function = complete;
  rl_basic_word_break_characters = " \t\n";
}

int line_mode(struct debug *d, const char *path, bool batch) {
  char text[512];
  signal(SIGINT, on_interrupt);
  if (!batch) {
    model_status(d, text, sizeof text);
    printf("%s\n%s\n", d->said, text);
  }
  int status = path ? script(d, path) : 0;
  if (batch || status || d->quit) return status;
  char *history = history_path(true);
  readline_begin(d);
  if (history) read_history(history);
  talk(d);
  if (history && write_history(history) == 0) history_truncate_file(history, HISTORY_LINES);
  free(history);
  return 0;
}
