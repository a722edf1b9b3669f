/* screen.c - the screen: the one file that knows curses. It shows the panes and turns keys into commands. */
#define _GNU_SOURCE
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "view.h"

#define ESCAPE 27
#define CTRL_C 3
#define PATIENCE 250 /* ms: a resize that comes between two reads is seen then */
#define DEAD 200     /* so many reads that end at once without a key: the terminal is gone */

static struct screen {
  struct debug *d;
  struct layout l;
  bool ascii, colour, prompting, line_done;
  int scroll[PANES];
  char *line;
  double began, told; /* the command at work; its last progress */
} s;

static volatile sig_atomic_t interrupted, open_now;
static attr_t attributes[STYLES];

/* ---- the terminal, given back whatever ends us ---- */

/* What a signal handler needs, which may neither allocate nor wait for what it has interrupted. */
static struct {
  struct termios modes;
  bool modes_known;
  char text[128]; /* ends attributes, keypad, mouse; shows the cursor; leaves the second screen */
  size_t length;
} before;

/* Without its padding: "$<2>". */
static void keep(const char *text) {
  while (*text && before.length < sizeof before.text) {
    if (text[0] == '$' && text[1] == '<') {
      text += strcspn(text, ">");
      text += *text == '>';
    } else
      before.text[before.length++] = *text++;
  }
}

static void remember_terminal(void) {
  static const char *const ends[] = {"sgr0", "op", "cnorm", "rmkx", "rmcup"};
  const char *mouse = tigetstr("kmous");
  if (mouse && mouse != (const char *)-1) keep("\033[?1006;1000l");
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    const char *text = tigetstr(ends[i]);
    if (text && text != (const char *)-1) keep(text);
  }
}

static void give_back(void) {
  if (open_now) endwin();
  open_now = 0;
}

static void on_fatal(int number) {
  if (open_now) {
    ssize_t n = write(STDOUT_FILENO, before.text, before.length);
    (void)n;
    if (before.modes_known) tcsetattr(STDIN_FILENO, TCSADRAIN, &before.modes);
  }
  open_now = 0;
  signal(number, SIG_DFL);
  raise(number);
}

static void on_interrupt(int number) {
  (void)number;
  interrupted = 1;
  model_interrupt();
}

static void catch_signals(void) {
  static const int fatal[] = {SIGTERM, SIGHUP, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
    sigaction(fatal[i], &(struct sigaction){.sa_handler = on_fatal, .sa_flags = SA_NODEFER}, NULL);
  sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
  atexit(give_back);
}

/* Blue, cyan and yellow are told apart by everybody; each also has a sign of its own in the text. */
static void set_styles(void) {
  static const struct {
    attr_t attribute;
    short colour;
  } looks[STYLES] = {
      [PLAIN] = {A_NORMAL, -1},
      [TITLE] = {A_BOLD, -1},
      [FOCUS] = {A_BOLD | A_UNDERLINE, -1},
      [DIM] = {A_NORMAL, -1},
      [STRONG] = {A_BOLD, -1},
      [CURRENT] = {A_REVERSE, -1},
      [CHANGED] = {A_BOLD, COLOR_YELLOW},
      [DIFFERS] = {A_BOLD, COLOR_CYAN},
      [MISS] = {A_BOLD, COLOR_YELLOW},
      [GOOD] = {A_NORMAL, COLOR_CYAN},
      [LANE_APP] = {A_BOLD, COLOR_YELLOW},
      [LANE_GUEST] = {A_BOLD, COLOR_CYAN},
      [LANE_VMM] = {A_BOLD, COLOR_BLUE},
      [LANE_HOST] = {A_BOLD, -1},
  };
  const char *none = getenv("NO_COLOR");
  s.colour = has_colors() && !(none && *none);
  if (s.colour) {
    start_color();
    use_default_colors();
  }
  for (short i = 0; i < STYLES; i++) {
    attributes[i] = looks[i].attribute;
    if (!s.colour || looks[i].colour < 0) continue;
    init_pair((short)(i + 1), looks[i].colour, -1);
    attributes[i] |= COLOR_PAIR(i + 1);
  }
}

static bool take_terminal(void) {
  const char *codeset = nl_langinfo(CODESET);
  before.modes_known = tcgetattr(STDIN_FILENO, &before.modes) == 0;
  if (!initscr()) return false;
  open_now = 1;
  remember_terminal();
  s.ascii = strcmp(codeset, "UTF-8") != 0;
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  set_escdelay(50);
  set_styles();
  mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
  mouseinterval(0);
  catch_signals();
  return true;
}

/* ---- drawing ---- */

static void blit(const struct cells *c, struct rect r) {
  for (int y = 0; y < r.height && y < c->height; y++)
    for (int x = 0; x < r.width && x < c->width; x++) {
      struct cell k = c->cell[y * c->width + x];
      wchar_t text[2] = {k.ch ? (wchar_t)k.ch : L' ', 0};
      attrset(attributes[k.style]);
      mvaddwstr(r.row + y, r.column + x, text);
    }
  attrset(A_NORMAL);
}

static void text_row(struct rect r, enum style style, const char *text) {
  struct cells *c = cells_new(r.width, 1, s.ascii);
  for (int x = 0; x < r.width; x++) cells_put(c, 0, x, style, " ");
  cells_put(c, 0, 0, style, text);
  blit(c, r);
  cells_free(c);
}

static void draw_prompt(void) {
  char text[600];
  snprintf(text, sizeof text, ":%s", rl_line_buffer ? rl_line_buffer : "");
  text_row(s.l.message, PLAIN, text);
  move(s.l.message.row, 1 + rl_point);
}

static void draw(void) {
  int rows, columns;
  getmaxyx(stdscr, rows, columns);
  struct cells *c = cells_new(columns, rows, s.ascii);
  s.l = compose(s.d, c, s.scroll);
  erase();
  blit(c, (struct rect){0, 0, rows, columns});
  cells_free(c);
  if (s.prompting) draw_prompt();
  curs_set(s.prompting);
  refresh();
}

/* ---- while the machine runs ---- */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The size as the terminal has it: keys are left alone, they are for later. */
static bool resized(void) {
  struct winsize w;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_row || !w.ws_col) return false;
  if (w.ws_row == LINES && w.ws_col == COLS) return false;
  resizeterm(w.ws_row, w.ws_col);
  return true;
}

/* A key, KEY_RESIZE, or ERR after Ctrl-C, or when nobody is there any more. */
static int next_key(void) {
  for (unsigned dead = 0; !s.d->quit;) {
    double t = now();
    timeout(PATIENCE);
    int key = getch();
    timeout(-1);
    if (key != ERR || interrupted) return key;
    if (resized()) return KEY_RESIZE;
    dead = now() - t < PATIENCE / 2000.0 ? dead + 1 : 0;
    s.d->quit = dead == DEAD;
  }
  return ERR;
}

static void progress(struct debug *d, uint64_t position, bool whole) {
  char text[160];
  double t = now();
  (void)d;
  if (t - s.began < 0.2 || t - s.told < 0.1) return;
  s.told = t;
  if (whole && resized()) draw();
  snprintf(text, sizeof text, "Running: at step %llu, for %.1f s. Ctrl-C stops it.",
           (unsigned long long)position, t - s.began);
  if (!s.l.too_small) text_row(s.l.message, STRONG, text);
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
      text_row((struct rect){line - from, 0, 1, columns}, PLAIN, copy);
    free(copy);
    p += n + (p[n] == '\n');
  }
  text_row((struct rect){rows - 1, 0, 1, columns}, CURRENT,
           line - from > rows - 1 ? "space: more   q: back" : "q: back");
  refresh();
  return line;
}

static void page(const char *text) {
  for (int from = 0;;) {
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    int lines = draw_page(text, from, rows, columns), key = next_key();
    int step = key == KEY_UP || key == 'k'      ? -1
               : key == KEY_DOWN || key == 'j'  ? 1
               : key == KEY_PPAGE               ? 1 - rows
               : key == KEY_NPAGE || key == ' ' ? rows - 1
                                                : 0;
    if (key == KEY_RESIZE) continue;
    if (!step || (key == ' ' && lines - from <= rows - 1)) break;
    from += step;
    if (from > lines - 1) from = lines - 1;
    if (from < 0) from = 0;
  }
  interrupted = 0;
}

static void obey(const char *line) {
  s.began = now();
  enum pane pane = (enum pane)s.d->pane;
  if (!command_run_line(s.d, line)) beep();
  interrupted = 0;
  bool shown = s.d->pane != pane || strncmp(line, "why", 3) == 0; /* a pane says it */
  if (!shown && s.d->answer && *s.d->answer) page(s.d->answer);
}

/* ---- the command line: readline edits, we draw ---- */

static int next_byte(FILE *unused) {
  (void)unused;
  for (;;) {
    int c = next_key();
    if (s.d->quit) return s.line_done = true, '\n';
    if (c == KEY_RESIZE)
      draw();
    else if (interrupted)
      return s.line_done = true, interrupted = 0, '\n';
    else if (c != ERR)
      return c & 0xFF;
    else
      usleep(1000);
  }
}

static void take_line(char *line) {
  s.line_done = true;
  s.line = line;
}

static void show_matches(char **matches, int n, int longest) {
  size_t used = 0;
  (void)longest;
  for (int i = 1; i <= n && used < sizeof s.d->said - 1; i++)
    used += (size_t)snprintf(s.d->said + used, sizeof s.d->said - used, "%s ", matches[i]);
  text_row((struct rect){s.l.message.row - 1, 0, 1, s.l.message.width}, DIM, s.d->said);
}

static void redisplay(void) {
  draw_prompt();
  refresh();
}

static void prepare_readline(void) {
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

static char *read_command(const char *beginning) {
  s.prompting = true;
  s.line_done = false;
  s.line = NULL;
  rl_callback_handler_install("", take_line);
  rl_insert_text(beginning);
  draw();
  keypad(stdscr, FALSE);
  while (!s.line_done && !s.d->quit) {
    int c = next_key();
    if (c == KEY_RESIZE)
      draw();
    else if (interrupted || lone_escape(c))
      break;
    else if (c != ERR) {
      ungetch(c == '\r' ? '\n' : c);
      rl_callback_read_char();
    }
  }
  interrupted = 0;
  rl_callback_handler_remove();
  keypad(stdscr, TRUE);
  s.prompting = false;
  return s.line;
}

static void prompt(const char *beginning) {
  char *line = read_command(beginning);
  if (line && *line) {
    add_history(line);
    obey(line);
  }
  free(line);
}

/* ---- keys ---- */

static void choose_pane(enum pane p) {
  s.d->pane = p;
  s.d->said[0] = 0;
}

static void focus_next(int direction) {
  for (unsigned i = 1; i <= PANES; i++) {
    enum pane p = (enum pane)((s.d->pane + (direction > 0 ? i : PANES - i)) % PANES);
    if (!s.d->zoom && !s.l.pane[p].height) continue;
    choose_pane(p);
    return;
  }
}

static void scroll_by(int rows) {
  int *n = &s.scroll[s.d->pane];
  if (s.d->pane == PANE_MEMORY) {
    s.d->memory += (uint32_t)(rows * 16);
    s.d->moved = false;
    return;
  }
  *n = *n + rows < 0 ? 0 : *n + rows;
}

/* The next (or previous) trap or resume. */
static void by_event(int direction) {
  struct place p = model_place(s.d);
  uint64_t e = p.event;
  const struct note *n;
  do e += (uint64_t)(int64_t)direction;
  while ((n = index_note(s.d, e)) && n->kind != RECORD_TRAP && n->kind != RECORD_RESUME);
  if (n) model_event(s.d, e);
}

static void arrows(int key) {
  int page = s.l.pane[s.d->pane].height - 2, rows = key == KEY_UP      ? -1
                                                    : key == KEY_DOWN  ? 1
                                                    : key == KEY_PPAGE ? -page
                                                                       : page;
  if (s.d->pane == PANE_TRAPS && (key == KEY_UP || key == KEY_DOWN))
    by_event(rows);
  else
    scroll_by(rows);
}

static void jump_along(int direction) {
  int width = s.l.timeline.width;
  uint64_t column = timeline_column(s.d, width, 1), here = model_position(s.d),
           latest = timeline_latest(s.d->t);
  uint64_t there = direction > 0 ? here + column : here > column ? here - column : 0;
  if (model_go(s.d, there > latest ? latest : there)) say(s.d, "%s", "");
}

static bool inside(struct rect r, int row, int column) {
  return row >= r.row && row < r.row + r.height && column >= r.column && column < r.column + r.width;
}

static void click(int row, int column) {
  if (inside(s.l.timeline, row, column)) {
    if (model_go(s.d, timeline_column(s.d, s.l.timeline.width, column))) say(s.d, "%s", "");
    return;
  }
  for (enum pane p = 0; p < PANES; p++) {
    struct rect r = s.l.pane[p];
    if (!inside(r, row, column)) continue;
    uint64_t event = p == PANE_TRAPS ? traps_row(s.d, r.height, row - r.row) : 0;
    if (event) model_event(s.d, event);
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
  say(s.d, "%s: which letter?", name);
  draw();
  int key = next_key();
  snprintf(line, sizeof line, "%s %c", name, key > ' ' && key < 127 ? key : '?');
  obey(line);
}

/* What took work to set is not lost by one key. */
static bool leave_at_once(void) {
  bool marks = false;
  for (unsigned i = 0; i < BOOKMARKS; i++) marks |= s.d->bookmark[i] != 0;
  if (!marks && !s.d->nstops) return true;
  say(s.d, "%s would be lost: q again leaves.", marks ? "Bookmarks" : "Breakpoints");
  draw();
  if (next_key() == 'q') return true;
  say(s.d, "%s", "");
  return false;
}

static void command_key(int key) {
  char line[64];
  if (key == 'q' && !leave_at_once()) return;
  enum command c = command_of_key(key);
  if (c == COMMANDS) {
    say(s.d, "That key does nothing; ? shows all keys.");
    return;
  }
  snprintf(line, sizeof line, "%s ", command_rows[c].name);
  if (key == 'm' || key == '\'')
    letter_command(command_rows[c].name);
  else if (strchr("gbwx/", key))
    prompt(line);
  else
    obey(line);
}

/* ---- typing to the guest ---- */

static int byte_of_key(int key) {
  return key == '\r' || key == KEY_ENTER ? '\n' : key == KEY_BACKSPACE ? 127 : key < 256 ? key : -1;
}

/* Keys go to the guest, Ctrl-C and Ctrl-] included, until Escape; in between it runs on. */
static void type_to_guest(void) {
  if (!model_can_type(s.d)) return;
  choose_pane(PANE_CONSOLE);
  for (int key;;) {
    s.began = now();
    bool runs = model_run_on(s.d);
    say(s.d, "Keys go to the guest%s. Escape ends that.",
        s.d->ended ? ", which has ended"
        : runs     ? ", which runs"
                   : "");
    draw();
    timeout(runs ? 0 : 100);
    key = getch();
    timeout(-1);
    if (interrupted) key = CTRL_C;
    interrupted = 0;
    if (key == ESCAPE || s.d->ended) break;
    int byte = byte_of_key(key);
    if (byte >= 0 && !model_type_bytes(s.d, &(char){(char)byte}, 1)) break;
  }
  say(s.d, s.d->ended ? "The machine has stopped." : "Keys are the debugger's again.");
}

static void other_key(int key) {
  switch (key) {
  case KEY_RESIZE:
  case ERR: break;
  case KEY_MOUSE: mouse(); break;
  case '\t': focus_next(1); break;
  case KEY_BTAB: focus_next(-1); break;
  case 'z': s.d->zoom = !s.d->zoom; break;
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
  if (interrupted) {
    interrupted = 0;
    say(s.d, "Nothing is running. `q` leaves.");
  } else if (key >= '1' && key < '1' + PANES)
    choose_pane((enum pane)(key - '1'));
  else if (s.l.too_small && key == 'q')
    s.d->quit = true;
  else if (!s.l.too_small)
    other_key(key);
}

int screen_mode(struct debug *d) {
  char *history = history_path(true);
  s = (struct screen){.d = d};
  if (!take_terminal()) return -1;
  d->pane = PANE_CPU;
  d->progress = progress;
  readline_begin(d);
  prepare_readline();
  if (history) read_history(history);
  while (!d->quit) {
    draw();
    one_key(next_key());
  }
  d->progress = NULL;
  give_back();
  if (history) write_history(history);
  free(history);
  return 0;
}
