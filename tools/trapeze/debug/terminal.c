/* terminal.c - full-screen mode: colours and keys, and giving the terminal back however the process ends. */
#define _GNU_SOURCE
#include <curses.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "screen.h"

#define PATIENCE 250 /* ms to wait for a key; then the terminal's size is checked */
#define DEAD 200     /* after so many reads in a row that end at once without a key, the terminal is gone */

static attr_t attributes[STYLES];

/* ---- giving the terminal back ---- */

/* What a signal handler needs: it may neither allocate nor wait for what it has interrupted. */
static volatile sig_atomic_t open_now;
static SCREEN *curses;
static struct {
  struct termios modes;
  bool modes_known;
  char text[160]; /* ends attributes, keypad, mouse, paste; shows the cursor; leaves the second screen */
  size_t length;
} before;

/* Appends a terminfo string without its padding, such as "$<2>". */
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
  keep("\033[?2004l");
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    const char *text = tigetstr(ends[i]);
    if (text && text != (const char *)-1) keep(text);
  }
}

/* Asks the terminal to put marks around pasted text; terminals that cannot do that ignore it. */
static void mark_pastes(bool on) {
  fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
  fflush(stdout);
}

void terminal_give_back(void) {
  if (!open_now) return;
  mark_pastes(false);
  open_now = 0;
  endwin();
  delscreen(curses);
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
  screen.interrupted = 1;
  model_interrupt();
}

static void on_continue(int number) {
  (void)number;
  screen.continued = 1;
}

static void catch_signals(void) {
  static const int fatal[] = {SIGTERM, SIGHUP, SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGPIPE};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++)
    sigaction(fatal[i], &(struct sigaction){.sa_handler = on_fatal, .sa_flags = SA_NODEFER}, NULL);
  sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
  sigaction(SIGCONT, &(struct sigaction){.sa_handler = on_continue, .sa_flags = SA_RESTART}, NULL);
  atexit(terminal_give_back);
}

/* People with any kind of colour vision can tell blue, cyan and yellow apart; and a sign in the text says the
 * same. */
static void set_styles(void) {
  const char *none = getenv("NO_COLOR");
  const bool colour = has_colors() && !(none && *none);
  if (colour) {
    start_color();
    use_default_colors();
  }
  for (short i = 0; i < STYLES; i++) {
    const struct appearance *look = &style_appearance[i];
    attributes[i] = (look->bold ? A_BOLD : 0) | (look->underlined ? A_UNDERLINE : 0) |
                    (look->reversed ? A_REVERSE : 0) | (look->dim ? A_DIM : 0);
    if (!colour || look->colour == LOOK_NO_COLOUR) continue;
    init_pair((short)(i + 1), look->colour, -1);
    attributes[i] |= COLOR_PAIR(i + 1);
  }
}

static bool begin_screen(void) {
  if (terminal_can_have_screen() && (curses = newterm(NULL, stdout, stdin))) return true;
  fprintf(stderr, "trapeze: no screen on a terminal of type '%s': line mode\n", getenv("TERM"));
  return false;
}

bool terminal_take(void) {
  const char *codeset = nl_langinfo(CODESET);
  before.modes_known = tcgetattr(STDIN_FILENO, &before.modes) == 0;
  if (!begin_screen()) return false;
  open_now = 1;
  remember_terminal();
  screen.ascii = strcmp(codeset, "UTF-8") != 0;
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  define_key("\033[200~", KEY_PASTE);
  define_key("\033[201~", KEY_PASTE_END);
  mark_pastes(true);
  set_escdelay(50);
  set_styles();
  mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
  mouseinterval(0);
  catch_signals();
  return true;
}
/* ---- drawing ---- */

void terminal_show(const struct cells *c, struct rect r) {
  for (int y = 0; y < r.height && y < c->height; y++)
    for (int x = 0; x < r.width && x < c->width; x++) {
      struct cell k = c->cell[y * c->width + x];
      wchar_t text[3] = {k.ch ? (wchar_t)k.ch : L' ', (wchar_t)k.mark, 0};
      if (k.ch == CELL_BEHIND_WIDE) continue;
      attrset(attributes[k.style]);
      mvaddwstr(r.row + y, r.column + x, text);
    }
  attrset(A_NORMAL);
}
void terminal_row(struct rect r, enum style style, const char *text) {
  struct cells *c = cells_new(r.width, 1, screen.ascii);
  cells_fill(c, style);
  cells_put(c, 0, 0, style, text);
  terminal_show(c, r);
  cells_free(c);
}
void terminal_say(const char *text) {
  if (screen.l.too_small) return;
  terminal_row(screen.l.message, STRONG, text);
  refresh();
}

/* ---- while the machine runs ---- */

double terminal_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Asks the terminal itself, because reading KEY_RESIZE would also read keys that are meant for later. */
bool terminal_resized(void) {
  struct winsize w;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) || !w.ws_row || !w.ws_col) return false;
  if (w.ws_row == LINES && w.ws_col == COLS) return false;
  resizeterm(w.ws_row, w.ws_col);
  return true;
}

int terminal_key(void) {
  for (unsigned dead = 0; !screen.d->quit;) {
    double t = terminal_now();
    timeout(PATIENCE);
    int key = getch();
    timeout(-1);
    if (screen.continued) screen.continued = 0, mark_pastes(true);
    if (key != ERR || screen.interrupted) return key;
    if (terminal_resized()) return KEY_RESIZE;
    dead = terminal_now() - t < PATIENCE / 2000.0 ? dead + 1 : 0;
    screen.d->quit = dead == DEAD;
  }
  return ERR;
}
