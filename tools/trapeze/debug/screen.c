/* screen.c - the screen: shows the panes, and turns keys into commands. */
#define _GNU_SOURCE
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <readline/history.h>

#include "screen.h"

#define CTRL_C 3

struct screen screen;

/* ---- drawing ---- */

static void draw_panes(void) {
  struct cells *c = cells_new(COLS, LINES, screen.ascii);
  screen.l = compose(screen.d, c, &screen.look);
  erase();
  terminal_show(c, (struct rect){0, 0, LINES, COLS});
  cells_free(c);
  pager_draw_answer();
}

void screen_draw(void) {
  if (screen.page)
    pager_draw_page();
  else
    draw_panes();
  if (screen.prompt) prompt_draw();
  curs_set(screen.prompt != 0);
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
  terminal_say(text);
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

/* The next (or previous) trap or resume. */
static void by_event(int direction) {
  struct place p = model_place(screen.d);
  uint64_t e = p.event;
  struct note n;
  do e += (uint64_t)(int64_t)direction, n = index_note(screen.d, e);
  while (n.kind != NO_NOTE && n.kind != RECORD_TRAP && n.kind != RECORD_RESUME);
  if (n.kind != NO_NOTE) model_event(screen.d, e);
}

#define COLUMNS 8 /* by which { and } scroll */

static void arrows(int key) {
  const enum pane p = (enum pane)screen.d->pane;
  const int page = scroll_height(p) > 1 ? scroll_height(p) - 1 : 1;
  switch (key) {
  case KEY_UP:
  case KEY_DOWN:
    if (p == PANE_TRAPS)
      by_event(key == KEY_UP ? -1 : 1);
    else
      scroll_pane(p, key == KEY_UP ? -1 : 1);
    break;
  case 'k': scroll_pane(p, -1); break;
  case 'j': scroll_pane(p, 1); break;
  case '{': scroll_columns(p, -COLUMNS); break;
  case '}': scroll_columns(p, COLUMNS); break;
  case KEY_PPAGE: scroll_pane(p, -page); break;
  case KEY_NPAGE: scroll_pane(p, page); break;
  default: scroll_to_end(p, key == '<' ? -1 : 1);
  }
}

static void jump_along(int direction) {
  int width = screen.l.timeline.width;
  uint64_t column = timeline_column(screen.d, width, 1), here = model_position(screen.d),
           latest = timeline_latest(screen.d->t);
  uint64_t there = direction > 0 ? here + column : here > column ? here - column : 0;
  if (model_go(screen.d, there > latest ? latest : there)) say(screen.d, "%s", "");
}

/* In the traps pane events are searched, in the others their rows. */
static void search_again(int direction, bool again) {
  if (screen.d->pane == PANE_TRAPS)
    screen_obey(direction > 0 ? "search" : "reverse-search");
  else
    scroll_search(direction, again);
}

static void search(void) {
  char line[sizeof screen.found + 8];
  char *text = prompt_read('/', "");
  screen.searching = text != NULL;
  if (text && *text) snprintf(screen.found, sizeof screen.found, "%s", text);
  snprintf(line, sizeof line, "search %s", screen.found);
  if (text && screen.d->pane == PANE_TRAPS)
    screen_obey(line);
  else if (text)
    scroll_search(1, !*text);
  free(text);
}

/* Back to the present in all panes. */
static void go_home(void) {
  scroll_home();
  say(screen.d, "%s", "");
}

static void toggle_source(void) {
  screen.d->source = !screen.d->source;
  say(screen.d, screen.d->source ? "Source, where it is known; v: instructions again."
                                 : "Instructions with their source lines; v: the source file.");
}

static void letter_command(const char *name) {
  char line[32];
  say(screen.d, "%s: which letter?", name);
  screen_draw();
  int key = terminal_key();
  snprintf(line, sizeof line, "%s %c", name, key > ' ' && key < 127 ? key : '?');
  screen_obey(line);
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
  else if (strchr("gbwxp", key))
    screen_prompt(line);
  else
    screen_obey(line);
}

/* ---- typing to the guest ---- */

static int next_typed(void) { return getch(); }

/* Pasted text goes to the guest as it is. */
static bool type_pasted(void) {
  timeout(1000);
  char *text = paste_read(next_typed);
  timeout(-1);
  const bool ok = model_type_bytes(screen.d, text, strlen(text));
  free(text);
  return ok;
}

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
    if (key == KEY_PASTE && !type_pasted()) break;
    int byte = byte_of_key(key);
    if (byte >= 0 && !model_type_bytes(screen.d, &(char){(char)byte}, 1)) break;
  }
  say(screen.d, screen.d->ended ? "The machine has stopped." : "Keys are the debugger's again.");
}

static void other_key(int key) {
  switch (key) {
  case KEY_RESIZE:
  case ERR: break;
  case KEY_MOUSE: mouse_event(); break;
  case KEY_PASTE: screen_paste(); break;
  case '/': search(); break;
  case ESCAPE: go_home(); break;
  case 'v': toggle_source(); break;
  case '\t': focus_next(1); break;
  case KEY_BTAB: focus_next(-1); break;
  case 'z': screen.d->zoom = !screen.d->zoom; break;
  case ':': screen_prompt(""); break;
  case 'P': screen_prompt("predict "); break;
  case 'i': type_to_guest(); break;
  case 'L' - 64: redrawwin(stdscr); break;
  case KEY_UP:
  case KEY_DOWN:
  case KEY_PPAGE:
  case KEY_NPAGE:
  case 'j':
  case 'k':
  case '{':
  case '}':
  case '<':
  case '>': arrows(key); break;
  case KEY_RIGHT: screen_obey("stepi"); break;
  case KEY_LEFT: screen_obey("reverse-stepi"); break;
  case KEY_HOME: screen_obey("goto start"); break;
  case KEY_END: screen_obey("goto end"); break;
  case '[': jump_along(-1); break;
  case ']': jump_along(1); break;
  default: command_key(key);
  }
}

/* After a search n and N go on with it; any other key ends that. */
static bool search_key(int key) {
  if (key == KEY_RESIZE || key == ERR || key == KEY_MOUSE) return false;
  screen.searching = screen.searching && (key == 'n' || key == 'N');
  if (screen.searching) search_again(key == 'n' ? 1 : -1, true);
  return screen.searching;
}

static void one_key(int key) {
  if (key != KEY_RESIZE && key != ERR && key != ':') pager_drop_answer();
  if (search_key(key)) return;
  if (screen.interrupted) {
    screen.interrupted = 0;
    say(screen.d, "Nothing is running. `q` leaves.");
  } else if (key >= '1' && key <= '9')
    choose_pane((enum pane)(key - '1'));
  else if (key == '0')
    choose_pane(PANE_UNIT);
  else if (screen.l.too_small && key == 'q')
    screen.d->quit = true;
  else if (!screen.l.too_small)
    other_key(key);
}

int screen_mode(struct debug *d) {
  screen = (struct screen){.d = d};
  if (!terminal_take()) return -1;
  char *history = history_path(true);
  d->pane = PANE_TRAPS;
  d->progress = progress;
  readline_begin(d);
  prompt_prepare();
  if (history) read_history(history);
  while (!d->quit) {
    scroll_after_move();
    screen_draw();
    one_key(terminal_key());
  }
  d->progress = NULL;
  terminal_give_back();
  if (history) write_history(history);
  free(history);
  return 0;
}
