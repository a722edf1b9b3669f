/* obey.c - what the screen does with a command: one that a key stands for, one that is typed, or several that were
 * pasted. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <readline/history.h>

#include "screen.h"

bool screen_obey(const char *line) {
  screen.began = terminal_now();
  screen.d->pane_selected = false;
  const bool ok = command_run_line(screen.d, line);
  if (!ok) beep();
  screen.interrupted = 0;
  pager_drop_answer();
  if (!screen.d->pane_selected && screen.d->answer && *screen.d->answer) pager_show(screen.d->answer);
  return ok;
}

/* Lines that were pasted: each is a command. One that fails is the last; the rest is dropped. */
static void obey_pasted(void) {
  char *line, *answers = NULL;
  size_t size;
  FILE *all = must(open_memstream(&answers, &size));
  bool ok = true;
  for (; ok && (line = paste_line()); free(line)) {
    if (!*line) continue;
    add_history(line);
    ok = command_run_line(screen.d, line);
    fprintf(all, ": %s\n%s%s%s", line, screen.d->answer, screen.d->said, *screen.d->said ? "\n" : "");
    screen.interrupted = 0;
  }
  fclose(all);
  pager_drop_answer();
  free(ok ? NULL : paste_rest());
  if (*answers) pager_show(answers);
  free(answers);
}

/* What was pasted while commands are expected. A line without an end is offered for editing. */
static void use_pasted(void) {
  if (!screen.pasted) return;
  if (strchr(screen.pasted, '\n')) obey_pasted();
  char *rest = paste_rest();
  if (rest) screen_prompt(rest);
  free(rest);
}

void screen_prompt(const char *beginning) {
  char *line = prompt_read(':', beginning);
  if (line && *line) {
    add_history(line);
    if (!screen_obey(line)) free(paste_rest());
  }
  free(line);
  use_pasted();
}

static int next_key(void) { return terminal_key(); }

void screen_paste(void) {
  char *text = paste_read(next_key);
  paste_keep(text);
  free(text);
  use_pasted();
}
