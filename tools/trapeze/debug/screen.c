/* screen.c - the screen: shows the panes, turns keys and clicks into commands, and pages through long
 * answers. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <readline/history.h>

#include "screen.h"

#define CTRL_C 3

struct screen screen;

/* ---- drawing ---- */

void screen_draw(void) {
  int rows, columns;
  getmaxyx(stdscr, rows, columns);
  struct cells *c = cells_new(columns, rows, screen.ascii);
  screen.l = compose(screen.d, c, screen.scroll);
  erase();
  terminal_show(c, (struct rect){0, 0, rows, columns});
  cells_free(c);
  if (screen.prompting) prompt_draw();
  curs_set(screen.prompting);
  refresh();
}

/* While the machine runs. */
static void progress(struct debug *d, uint64_t position, bool whole) {
  char text[160];
  double t = terminal_now();
  (void)d;
  if (t - screen.began < 0.2 || t - screen.told < 0.1) return;
  screen.told = t;
  if (whole && terminal_resized()) screen_draw();
  snprintf(text, sizeof text, "Running: at step %llu, for %.1f s. Ctrl-C stops it.",
           (unsigned long long)position, t - screen.began);
  if (!screen.l.too_small) terminal_row(screen.l.message, STRONG, text);
  refresh();
}

/* ---- longer answers, over the panes ---- */

static int draw_page(const char *text, int from, int rows, int columns) {
  int line = 0;
  erase();
  for (const char *p = text; *p; line++) {
    int n = (int)strcspn(p, "\n");
    char *copy = must(strndup(p, (size_t)n));
    if (line >= from && line - from < rows - 1)
      terminal_row((struct rect){line - from, 0, 1, columns}, PLAIN, copy);
    free(copy);
    p += n + (p[n] == '\n');
  }
  terminal_row((struct rect){rows - 1, 0, 1, columns}, CURRENT,
               line - from > rows - 1 ? "space: more   q: back" : "q: back");
  refresh();
  return line;
}

static void page(const char *text) {
  for (int from = 0;;) {
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    int lines = draw_page(text, from, rows, columns), key = terminal_key();
    int step = key == KEY_UP || key == 'k'      ? -1
               : key == KEY_DOWN || key == 'j'  ? 1
               : key == KEY_PPAGE               ? 1 - rows
               : key == KEY_NPAGE || key == ' ' ? rows - 1
                                                : 0;
    if (key == KEY_RESIZE) continue;
    if (key == ':') ungetch(key); /* leaves the page, and opens the command line */
    if (!step || (key == ' ' && lines - from <= rows - 1)) break;
    from += step;
    if (from > lines - 1) from = lines - 1;
    if (from < 0) from = 0;
  }
  screen.interrupted = 0;
}

static void obey(const char *line) {
  screen.began = terminal_now();
  enum pane pane = (enum pane)screen.d->pane;
  if (!command_run_line(screen.d, line)) beep();
  screen.interrupted = 0;
  bool shown = screen.d->pane != pane || strncmp(line, "why", 3) == 0; /* a pane shows the answer */
  if (!shown && screen.d->answer && *screen.d->answer) page(screen.d->answer);
}
static void prompt(const char *beginning) {
  char *line = prompt_read(beginning);
  if (line && *line) {
    add_history(line);
    obey(line);
  }
  free(line);
}

/* ---- keys ---- */

static void choose_pane(enum pane p) {
  screen.d->pane = p;
  screen.d->said[0] = 0;
}

static void focus_next(int direction) {
  for (unsigned i = 1; i <= PANES; i++) {
    enum pane p = (enum pane)((screen.d->pane + (direction > 0 ? i : PANES - i)) % PANES);
    if (!screen.d->zoom && !screen.l.pane[p].height) continue;
    choose_pane(p);
    return;
  }
}

static void scroll_by(int rows) {
  int *n = &screen.scroll[screen.d->pane];
  if (screen.d->pane == PANE_MEMORY) {
    screen.d->memory += (uint32_t)(rows * 16);
    screen.d->moved = false;
    return;
  }
  *n = *n + rows < 0 ? 0 : *n + rows;
}

/* The next (or previous) trap or resume. */
static void by_event(int direction) {
  struct place p = model_place(screen.d);
  uint64_t e = p.event;
  const struct note *n;
  do e += (uint64_t)(int64_t)direction;
  while ((n = index_note(screen.d, e)) && n->kind != RECORD_TRAP && n->kind != RECORD_RESUME);
  if (n) model_event(screen.d, e);
}

static void arrows(int key) {
  int page = screen.l.pane[screen.d->pane].height - 2, rows = key == KEY_UP      ? -1
                                                              : key == KEY_DOWN  ? 1
                                                              : key == KEY_PPAGE ? -page
                                                                                 : page;
  if (screen.d->pane == PANE_TRAPS && (key == KEY_UP || key == KEY_DOWN))
    by_event(rows);
  else
    scroll_by(rows);
}

static void jump_along(int direction) {
  int width = screen.l.timeline.width;
  uint64_t column = timeline_column(screen.d, width, 1), here = model_position(screen.d),
           latest = timeline_latest(screen.d->t);
  uint64_t there = direction > 0 ? here + column : here > column ? here - column : 0;
  if (model_go(screen.d, there > latest ? latest : there)) say(screen.d, "%s", "");
}

static bool inside(struct rect r, int row, int column) {
  return row >= r.row && row < r.row + r.height && column >= r.column && column < r.column + r.width;
}

static void click(int row, int column) {
  if (inside(screen.l.timeline, row, column)) {
    if (model_go(screen.d, timeline_column(screen.d, screen.l.timeline.width, column)))
      say(screen.d, "%s", "");
    return;
  }
  for (enum pane p = 0; p < PANES; p++) {
    struct rect r = screen.l.pane[p];
    if (!inside(r, row, column)) continue;
    uint64_t event = p == PANE_TRAPS ? traps_row(screen.d, r.height, row - r.row) : 0;
    if (event) model_event(screen.d, event);
    choose_pane(p);
  }
}

static void mouse(void) {
  MEVENT e;
  if (getmouse(&e) != OK) return;
  if (e.bstate & BUTTON4_PRESSED)
    scroll_by(-3);
  else if (e.bstate & BUTTON5_PRESSED)
    scroll_by(3);
  else
    click(e.y, e.x);
}

static void letter_command(const char *name) {
  char line[32];
  say(screen.d, "%s: which letter?", name);
  screen_draw();
  int key = terminal_key();
  snprintf(line, sizeof line, "%s %c", name, key > ' ' && key < 127 ? key : '?');
  obey(line);
}

/* Bookmarks and breakpoints are not to be lost by one key. */
static bool leave_at_once(void) {
  bool marks = false;
  for (unsigned i = 0; i < BOOKMARKS; i++) marks |= screen.d->bookmark[i] != 0;
  if (!marks && !screen.d->nstops) return true;
  say(screen.d, "%s would be lost: press q again to leave.", marks ? "Bookmarks" : "Breakpoints");
  screen_draw();
  if (terminal_key() == 'q') return true;
  say(screen.d, "%s", "");
  return false;
}

static void command_key(int key) {
  char line[64];
  if (key == 'q' && !leave_at_once()) return;
  const struct command_row *r = command_of_key(key);
  if (!r) {
    say(screen.d, "That key does nothing; ? shows all keys.");
    return;
  }
  snprintf(line, sizeof line, "%s ", r->name);
  if (key == 'm' || key == '\'')
    letter_command(r->name);
  else if (strchr("gbwx/", key))
    prompt(line);
  else
    obey(line);
}

/* ---- typing to the guest ---- */

static int byte_of_key(int key) {
  return key == '\r' || key == KEY_ENTER ? '\n' : key == KEY_BACKSPACE ? 127 : key < 256 ? key : -1;
}

/* All keys but Escape go to the guest, Ctrl-C included; between keys the guest runs on. */
static void type_to_guest(void) {
  if (!model_can_type(screen.d)) return;
  choose_pane(PANE_CONSOLE);
  for (int key;;) {
    screen.began = terminal_now();
    bool runs = model_run_on(screen.d);
    say(screen.d, "Keys go to the guest%s. Escape ends typing.",
        screen.d->ended ? ", which has ended"
        : runs          ? ", which runs"
                        : "");
    screen_draw();
    timeout(runs ? 0 : 100);
    key = getch();
    timeout(-1);
    if (screen.interrupted) key = CTRL_C;
    screen.interrupted = 0;
    if (key == ESCAPE || screen.d->ended) break;
    int byte = byte_of_key(key);
    if (byte >= 0 && !model_type_bytes(screen.d, &(char){(char)byte}, 1)) break;
  }
  say(screen.d, screen.d->ended ? "The machine has stopped." : "Keys are the debugger's again.");
}

static void other_key(int key) {
  switch (key) {
  case KEY_RESIZE:
  case ERR: break;
  case KEY_MOUSE: mouse(); break;
  case '\t': focus_next(1); break;
  case KEY_BTAB: focus_next(-1); break;
  case 'z': screen.d->zoom = !screen.d->zoom; break;
  case ':': prompt(""); break;
  case 'P': prompt("predict "); break;
  case 'i': type_to_guest(); break;
  case 'L' - 64: redrawwin(stdscr); break;
  case KEY_UP:
  case KEY_DOWN:
  case KEY_PPAGE:
  case KEY_NPAGE: arrows(key); break;
  case KEY_RIGHT: obey("step"); break;
  case KEY_LEFT: obey("reverse-step"); break;
  case KEY_HOME: obey("goto start"); break;
  case KEY_END: obey("goto end"); break;
  case '[': jump_along(-1); break;
  case ']': jump_along(1); break;
  default: command_key(key);
  }
}

static void one_key(int key) {
  if (screen.interrupted) {
    screen.interrupted = 0;
    say(screen.d, "Nothing is running. `q` leaves.");
  } else if (key >= '1' && key < '1' + PANES)
    choose_pane((enum pane)(key - '1'));
  else if (screen.l.too_small && key == 'q')
    screen.d->quit = true;
  else if (!screen.l.too_small)
    other_key(key);
}

int screen_mode(struct debug *d) {
  screen = (struct screen){.d = d};
  if (!terminal_take()) return -1;
  char *history = history_path(true);
  d->pane = PANE_CPU;
  d->progress = progress;
  readline_begin(d);
  prompt_prepare();
  if (history) read_history(history);
  while (!d->quit) {
    screen_draw();
    one_key(terminal_key());
  }
  d->progress = NULL;
  terminal_give_back();
  if (history) write_history(history);
  free(history);
  return 0;
}
