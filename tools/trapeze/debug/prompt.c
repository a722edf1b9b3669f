/* prompt.c - the command line at the bottom of the screen: readline edits, the screen draws. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "screen.h"

static char *typed; /* the line when it is done; NULL = given up */
static bool line_done;

/* Columns that the first bytes of a text take. */
static int columns_of(const char *text, size_t bytes) {
  int n = 0;
  for (const char *p = text; p < text + bytes;) n += utf8_columns(utf8_next(&p));
  return n;
}

/* What of the text is left when at least that many columns of it are hidden; *columns: how many are. */
static const char *behind(const char *text, int *columns) {
  int n = 0;
  while (*text && n < *columns) n += utf8_columns(utf8_next(&text));
  *columns = n;
  return text;
}

/* A sign and the line. If the line is too long, its beginning is cut off (a < stands there) so that the cursor is
 * visible. */
void prompt_draw(void) {
  const char *line = rl_line_buffer ? rl_line_buffer : "";
  const struct rect row = {LINES - 1, 0, 1, COLS};
  const int cursor = columns_of(line, (size_t)rl_point), room = row.width - 2;
  int hidden = cursor > room ? cursor - room : 0;
  char *text;
  const char *seen = behind(line, &hidden);
  if (asprintf(&text, "%c%s", hidden ? '<' : screen.prompt, seen) < 0) must(NULL);
  terminal_row(row, PLAIN, text);
  free(text);
  move(row.row, 1 + cursor - hidden);
}

/* ---- what readline asks for ---- */

static int next_byte(FILE *unused) {
  (void)unused;
  for (;;) {
    int c = terminal_key();
    if (screen.d->quit) return line_done = true, '\n';
    if (c == KEY_RESIZE)
      screen_draw();
    else if (screen.interrupted)
      return line_done = true, screen.interrupted = 0, '\n';
    else if (c != ERR)
      return c & 0xFF;
    else
      usleep(1000);
  }
}

static void take_line(char *line) {
  line_done = true;
  typed = line;
}

static void show_matches(char **matches, int n, int longest) {
  char *text = NULL;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  (void)longest;
  for (int i = 1; i <= n; i++) fprintf(f, "%s%s", i > 1 ? "  " : "", matches[i]);
  fclose(f);
  pager_drop_answer();
  screen.answer = text;
  screen_draw();
}

static void redisplay(void) {
  prompt_draw();
  refresh();
}

static int next_pasted(void) { return next_byte(NULL); }

/* Pasted text is part of the line up to its first newline, which ends the line; the rest waits. */
static int on_paste(int count, int key) {
  char *text = paste_read(next_pasted);
  const size_t n = strcspn(text, "\n");
  const bool whole = text[n] == '\n';
  (void)count;
  text[n] = 0;
  rl_insert_text(text);
  if (whole) paste_keep(text + n + 1);
  free(text);
  return whole ? rl_newline(1, key) : 0;
}

void prompt_prepare(void) {
  rl_catch_signals = rl_catch_sigwinch = rl_change_environment = 0;
  rl_prep_term_function = NULL;
  rl_deprep_term_function = NULL;
  rl_redisplay_function = redisplay;
  rl_getc_function = next_byte;
  rl_completion_display_matches_hook = show_matches;
  rl_bind_key('\t', rl_complete);
  rl_bind_keyseq("\033[200~", on_paste);
}

static bool lone_escape(int c) {
  if (c != ESCAPE) return false;
  nodelay(stdscr, TRUE);
  int next = getch();
  nodelay(stdscr, FALSE);
  if (next != ERR) ungetch(next);
  return next == ERR;
}

char *prompt_read(char sign, const char *beginning) {
  screen.prompt = sign;
  line_done = false;
  typed = NULL;
  rl_callback_handler_install("", take_line);
  rl_insert_text(beginning);
  screen_draw();
  keypad(stdscr, FALSE);
  while (!line_done && !screen.d->quit) {
    int c = terminal_key();
    if (c == KEY_RESIZE)
      screen_draw();
    else if (screen.interrupted || lone_escape(c))
      break;
    else if (c != ERR) {
      ungetch(c == '\r' ? '\n' : c);
      rl_callback_read_char();
    }
  }
  screen.interrupted = 0;
  rl_callback_handler_remove();
  keypad(stdscr, TRUE);
  pager_drop_answer();
  screen.prompt = 0;
  return typed;
}
