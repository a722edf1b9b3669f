/* prompt.c - the command line at the bottom of the screen: readline edits, the screen draws. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "screen.h"

static char *typed; /* the line when it is done; NULL = given up */
static bool line_done;

/* Bytes of the text's first `characters` characters in UTF-8. */
static size_t bytes_of(const char *text, int characters) {
  const char *p = text;
  for (; *p && characters > 0; characters--)
    for (p++; (*p & 0xC0) == 0x80; p++) continue;
  return (size_t)(p - text);
}

static int characters_of(const char *text, size_t bytes) {
  int n = 0;
  for (size_t i = 0; i < bytes; i++) n += (text[i] & 0xC0) != 0x80;
  return n;
}

/* A colon and the line. If the line is too long, its beginning is cut off (a < stands there) so that the
 * cursor is visible. */
void prompt_draw(void) {
  const char *line = rl_line_buffer ? rl_line_buffer : "";
  const struct rect row = screen.l.message;
  const int cursor = characters_of(line, (size_t)rl_point), room = row.width - 2;
  const int hidden = cursor > room ? cursor - room : 0;
  char *text;
  if (asprintf(&text, "%c%s", hidden ? '<' : ':', line + bytes_of(line, hidden)) < 0) must(NULL);
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
  size_t used = 0;
  (void)longest;
  for (int i = 1; i <= n && used < sizeof screen.d->said - 1; i++)
    used += (size_t)snprintf(screen.d->said + used, sizeof screen.d->said - used, "%s ", matches[i]);
  terminal_row((struct rect){screen.l.message.row - 1, 0, 1, screen.l.message.width}, DIM, screen.d->said);
}

static void redisplay(void) {
  prompt_draw();
  refresh();
}

void prompt_prepare(void) {
  rl_catch_signals = rl_catch_sigwinch = rl_change_environment = 0;
  rl_prep_term_function = NULL;
  rl_deprep_term_function = NULL;
  rl_redisplay_function = redisplay;
  rl_getc_function = next_byte;
  rl_completion_display_matches_hook = show_matches;
  rl_bind_key('\t', rl_complete);
}

static bool lone_escape(int c) {
  if (c != ESCAPE) return false;
  nodelay(stdscr, TRUE);
  int next = getch();
  nodelay(stdscr, FALSE);
  if (next != ERR) ungetch(next);
  return next == ERR;
}

char *prompt_read(const char *beginning) {
  screen.prompting = true;
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
  screen.prompting = false;
  return typed;
}
