/* edit.c - a line that is typed at a terminal: keys, and how the line is shown.
 *
 * The console is raw meanwhile. The cursor is always kept at its place in the text; `row` counts the rows of the terminal
 * above the cursor that belong to the line, so that the line can be shown again from its beginning. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "edit.h"
#include "pg32.h"
#include "sh.h"

#define CTRL(letter) ((letter)&31)
enum { ESCAPE = 27, RUBOUT = 127 };
enum {
  UP = 256,
  DOWN,
  LEFT,
  RIGHT,
  HOME,
  END,
  DELETE,
  WORD_LEFT,
  WORD_RIGHT,
  NOTHING,
  HUNG_UP
}; /* keys of several bytes */

/* ---- how wide text is ---- */

static bool continues(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
} /* not the first byte of a character */

static size_t columns(const char *s, size_t n) {
  size_t width = 0;
  for (size_t i = 0; i < n; i++) width += !continues(s[i]);
  return width;
}

size_t edit_width(void) {
  const char *text = variable("COLUMNS");
  int n = text != NULL ? atoi(text) : 80;
  return n > 1 ? (size_t)n : 80;
}

/* ---- showing ---- */

static void move(size_t n, char direction) {
  if (n > 0) printf("\033[%zu%c", n, direction);
}

/* To the beginning of the row of the prompt. */
static void to_start(struct edit *e) {
  putchar('\r');
  move(e->row, 'A');
}

/* The cursor stands behind `shown` columns of prompt and text; it goes to its place in the text. */
static void place_cursor(struct edit *e, size_t shown) {
  size_t width = edit_width(), at = e->prompt_width + columns(e->text.s, e->at);
  if (shown > 0 && shown % width == 0) fputs("\r\n", stdout); /* the terminal waits at the margin */
  move(shown / width - at / width, 'A');
  putchar('\r');
  move(at % width, 'C');
  e->row = at / width;
}

void edit_show(struct edit *e) {
  to_start(e);
  printf("\033[J%s%s", e->prompt, e->text.s);
  place_cursor(e, e->prompt_width + columns(e->text.s, e->text.n));
  fflush(stdout);
}

/* The line is done, or something else is printed: the cursor goes below. */
static void to_end(struct edit *e) {
  size_t width = edit_width(), end = e->prompt_width + columns(e->text.s, e->text.n);
  size_t below = end / width - e->row;
  move(below, 'B');
  puts("\r");
  e->row = 0;
}

void edit_below(struct edit *e) {
  to_end(e);
  fflush(stdout);
}

/* ---- changing the text ---- */

static size_t before(const struct edit *e, size_t at) {
  if (at > 0) at--;
  while (at > 0 && continues(e->text.s[at])) at--;
  return at;
}

static size_t behind(const struct edit *e, size_t at) {
  if (at < e->text.n) at++;
  while (at < e->text.n && continues(e->text.s[at])) at++;
  return at;
}

static bool in_word(char c) { return isalnum((unsigned char)c) || c == '_' || (c & 0x80) != 0; }

static size_t word_left(const struct edit *e) {
  size_t at = e->at;
  while (at > 0 && !in_word(e->text.s[at - 1])) at--;
  while (at > 0 && in_word(e->text.s[at - 1])) at--;
  return at;
}

static size_t word_right(const struct edit *e) {
  size_t at = e->at;
  while (at < e->text.n && !in_word(e->text.s[at])) at++;
  while (at < e->text.n && in_word(e->text.s[at])) at++;
  return at;
}

/* Where the word before the cursor begins, for ^W: a word ends at a blank. */
static size_t blank_left(const struct edit *e) {
  size_t at = e->at;
  while (at > 0 && e->text.s[at - 1] == ' ') at--;
  while (at > 0 && e->text.s[at - 1] != ' ') at--;
  return at;
}

static void remove_part(struct edit *e, size_t from, size_t to) {
  memmove(e->text.s + from, e->text.s + to, e->text.n - to + 1);
  e->text.n -= to - from;
  e->at = from;
  edit_show(e);
}

/* The same; ^Y puts the part in again. */
static void cut(struct edit *e, size_t from, size_t to) {
  static char *last;
  if (from == to) return;
  free(last);
  last = strndup(e->text.s + from, to - from);
  e->cut = last;
  remove_part(e, from, to);
}

void edit_insert(struct edit *e, const char *s, size_t n) {
  bool at_end = e->at == e->text.n;
  text_add(&e->text, "", 0);
  for (size_t i = 0; i < n; i++) text_put(&e->text, '\0'); /* room */
  memmove(e->text.s + e->at + n, e->text.s + e->at, e->text.n - n - e->at);
  memcpy(e->text.s + e->at, s, n);
  e->at += n;
  size_t end = e->prompt_width + columns(e->text.s, e->text.n);
  if (!at_end || end / edit_width() != e->row || end % edit_width() == 0) {
    edit_show(e);
    return;
  }
  fwrite(s, 1, n, stdout); /* the frequent case: nothing else moves */
  fflush(stdout);
}

void edit_replace(struct edit *e, const char *s) {
  e->text.n = 0;
  text_add(&e->text, s, strlen(s));
  e->at = e->text.n;
  edit_show(e);
}

static void go(struct edit *e, size_t at) {
  e->at = at;
  size_t end = e->prompt_width + columns(e->text.s, e->text.n);
  if (end < edit_width()) {
    putchar('\r');
    move(e->prompt_width + columns(e->text.s, at), 'C');
    fflush(stdout);
  } else {
    edit_show(e);
  }
}

/* ---- keys ---- */

static int byte(void) {
  unsigned char c;
  return read(0, &c, 1) == 1 ? c : HUNG_UP;
}

/* Behind ESC [ or ESC O. */
static int arrow(void) {
  int number = 0, modifier = 0, c;
  for (c = byte(); c < 128 && (isdigit(c) || c == ';'); c = byte()) {
    if (c == ';')
      modifier = number, number = 0;
    else
      number = number * 10 + c - '0';
  }
  bool word = modifier != 0 && number == 5; /* with the key Ctrl */
  switch (c) {
  case 'A': return UP;
  case 'B': return DOWN;
  case 'C': return word ? WORD_RIGHT : RIGHT;
  case 'D': return word ? WORD_LEFT : LEFT;
  case 'H': return HOME;
  case 'F': return END;
  case '~':
    return number == 1 || number == 7   ? HOME
           : number == 4 || number == 8 ? END
           : number == 3                ? DELETE
                                        : NOTHING;
  default: return NOTHING;
  }
}

static int key(void) {
  int c = byte();
  if (c != ESCAPE) return c;
  switch (c = byte()) {
  case '[':
  case 'O': return arrow();
  case 'b': return WORD_LEFT;
  case 'f': return WORD_RIGHT;
  default: return NOTHING;
  }
}

/* The bytes of one character arrive one by one and are put in together. */
static void take_character(struct edit *e, int c) {
  char bytes[4] = {(char)c};
  size_t n = 1, all = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  for (; n < all; n++) {
    int next = byte();
    if (next > 255) return;
    bytes[n] = (char)next;
  }
  edit_insert(e, bytes, n);
}

/* Keys that move or change something. */
static void act(struct edit *e, int k) {
  switch (k) {
  case CTRL('A'):
  case HOME: go(e, 0); break;
  case CTRL('E'):
  case END: go(e, e->text.n); break;
  case CTRL('B'):
  case LEFT: go(e, before(e, e->at)); break;
  case CTRL('F'):
  case RIGHT: go(e, behind(e, e->at)); break;
  case WORD_LEFT: go(e, word_left(e)); break;
  case WORD_RIGHT: go(e, word_right(e)); break;
  case CTRL('P'):
  case UP: history_go(e, -1); break;
  case CTRL('N'):
  case DOWN: history_go(e, 1); break;
  case CTRL('D'):
  case DELETE: remove_part(e, e->at, behind(e, e->at)); break;
  case CTRL('H'):
  case RUBOUT: remove_part(e, before(e, e->at), e->at); break;
  case CTRL('W'): cut(e, blank_left(e), e->at); break;
  case CTRL('U'): cut(e, 0, e->at); break;
  case CTRL('K'): cut(e, e->at, e->text.n); break;
  case CTRL('Y'):
    if (e->cut != NULL) edit_insert(e, e->cut, strlen(e->cut));
    break;
  case CTRL('L'):
    fputs("\033[H\033[2J", stdout);
    e->row = 0;
    edit_show(e);
    break;
  case '\t': complete(e); break;
  default:
    if (k < 256 && (unsigned)k >= ' ') take_character(e, k);
  }
}

enum edited edit_line(const char *prompt, struct text *line) {
  static const char *last_cut;
  struct edit e = {.prompt = prompt, .prompt_width = columns(prompt, strlen(prompt)), .cut = last_cut};
  enum edited result = LINE;
  text_add(&e.text, "", 0);
  fflush(NULL);
  console_mode(CONSOLE_RAW);
  history_begin();
  fputs(prompt, stdout);
  fflush(stdout);
  for (int k; (k = key()) != '\r' && k != '\n';) {
    if (k == HUNG_UP || (k == CTRL('D') && e.text.n == 0)) result = NO_LINE;
    if (k == CTRL('C')) result = GIVEN_UP;
    if (result != LINE) break;
    act(&e, k);
  }
  e.at = e.text.n;
  if (result == GIVEN_UP) fputs("^C", stdout);
  to_end(&e);
  fflush(stdout);
  console_mode(CONSOLE_ECHO);
  last_cut = e.cut;
  if (result != LINE) return result;
  history_add(e.text.s);
  text_add(line, e.text.s, e.text.n);
  text_put(line, '\n');
  return LINE;
}
