/* pager.c - answers of commands: short ones over the panes, long ones on pages of their own. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

/* The text in as many rows as it takes, of which `height` from row `from` on are seen. */
static struct cells *text_cells(const char *text, int columns, int height, int from) {
  struct cells *c = cells_new(columns, height, screen.ascii);
  c->scroll = from;
  cells_wrap(c, 0, 0, PLAIN, text);
  return c;
}

static int rows_of(const char *text, int columns) {
  struct cells *c = text_cells(text, columns, 0, 0);
  const int rows = c->rows;
  cells_free(c);
  return rows;
}

/* ---- short answers ---- */

void pager_drop_answer(void) {
  free(screen.answer);
  screen.answer = NULL;
}

/* The answer, or a message that is wider than its row, at the bottom. */
void pager_draw_answer(void) {
  const struct rect message = screen.l.message;
  const char *said = screen.prompt ? "" : screen.d->said, *text = screen.answer ? screen.answer : said;
  if (screen.l.too_small) return;
  const int rows = rows_of(text, message.width), bottom = message.row + !screen.prompt;
  if (!screen.answer && rows < 2) return;
  const int shown = rows < bottom - 2 ? rows : bottom - 2;
  struct cells *c = text_cells(text, message.width, shown, 0);
  if (screen.answer) terminal_row((struct rect){bottom - shown - 1, 0, 1, message.width}, TITLE, "answer");
  terminal_show(c, (struct rect){bottom - shown, 0, shown, message.width});
  cells_free(c);
}

/* ---- pages ---- */

static int page_height(void) { return LINES > 1 ? LINES - 1 : 1; }

void pager_draw_page(void) {
  char status[sizeof screen.d->said];
  const int height = page_height(), rows = rows_of(screen.page, COLS);
  const int most = rows > height ? rows - height : 0;
  if (screen.page_row > most) screen.page_row = most;
  if (screen.page_row < 0) screen.page_row = 0;
  struct cells *c = text_cells(screen.page, COLS, height, screen.page_row);
  if (*screen.found) cells_mark(c, screen.found);
  erase();
  terminal_show(c, (struct rect){0, 0, height, COLS});
  cells_free(c);
  const int last = screen.page_row + height < rows ? screen.page_row + height : rows;
  if (*screen.d->said)
    snprintf(status, sizeof status, "%s", screen.d->said);
  else
    snprintf(status, sizeof status, "%sq: back  /: search  lines %d-%d of %d",
             last < rows ? "space: more  " : "", screen.page_row + 1, last, rows);
  terminal_row((struct rect){LINES - 1, 0, 1, COLS}, CURRENT, status);
}

/* The page's row after `from`, or before it, that has the text; -1 = none. */
static int find_row(const char *text, int from, int direction) {
  const int rows = rows_of(screen.page, COLS);
  struct cells *c = text_cells(screen.page, COLS, rows, 0);
  while (from >= 0 && from < rows && cells_find(c, from, 0, text) < 0) from += direction;
  cells_free(c);
  return from < rows ? from : -1;
}

static void search(int from, int direction) {
  const int row = *screen.found ? find_row(screen.found, from, direction) : -1;
  if (row < 0) {
    say(screen.d, "No %s line has '%s'.", direction > 0 ? "later" : "earlier", screen.found);
    return;
  }
  screen.found_row = row;
  if (row < screen.page_row || row >= screen.page_row + page_height())
    screen.page_row = row - page_height() / 2;
  say(screen.d, "n: the next line with '%s'  N: the previous one  q: back", screen.found);
}

static void ask_and_search(void) {
  char *text = prompt_read('/', "");
  if (text && *text) snprintf(screen.found, sizeof screen.found, "%s", text);
  if (text) search(screen.page_row, 1);
  free(text);
}

/* By how many rows a key scrolls; 0 = that is not what the key does. */
static int step_of(int key) {
  const int page = page_height(), all = 1 << 28;
  switch (key) {
  case KEY_UP:
  case 'k': return -1;
  case KEY_DOWN:
  case 'j':
  case '\r': return 1;
  case KEY_PPAGE:
  case 'b': return -page;
  case KEY_NPAGE:
  case ' ': return page;
  case KEY_HOME:
  case 'g':
  case '<': return -all;
  case KEY_END:
  case 'G':
  case '>': return all;
  case KEY_MOUSE: return 3 * mouse_wheel();
  default: return 0;
  }
}

/* False: the reader leaves the page. */
static bool page_key(int key) {
  const int step = step_of(key);
  say(screen.d, "%s", "");
  if (key == ':') ungetch(key); /* leaves the page, and opens the command line */
  if (key == '/')
    ask_and_search();
  else if (key == 'n')
    search(screen.found_row + 1, 1);
  else if (key == 'N')
    search(screen.found_row - 1, -1);
  else if (step)
    screen.page_row += step;
  else
    return key == KEY_RESIZE || key == KEY_MOUSE;
  return true;
}

static void page(const char *text) {
  char said[sizeof screen.d->said];
  memcpy(said, screen.d->said, sizeof said);
  say(screen.d, "%s", "");
  screen.page = must(strdup(text));
  screen.page_row = 0;
  screen.found[0] = 0, screen.found_row = -1;
  do screen_draw();
  while (page_key(terminal_key()) && !screen.interrupted && !screen.d->quit);
  free(screen.page);
  screen.page = NULL;
  screen.found[0] = 0;
  screen.interrupted = 0;
  memcpy(screen.d->said, said, sizeof said);
}

void pager_show(const char *text) {
  if (rows_of(text, COLS) > LINES / 2)
    page(text);
  else
    screen.answer = must(strdup(text));
}
