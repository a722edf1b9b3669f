/* paste.c - pasted text, which a terminal puts between marks (bracketed paste): each line is a command, or input
 * for the guest, and never a row of keys. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "screen.h"

#define PASTE_MOST (1 << 20) /* bytes; more are dropped */

/* The end mark comes as KEY_PASTE_END where curses decodes keys, and as its bytes where it does not. */
static bool ends(const char *text, size_t n) { return n >= 6 && memcmp(text + n - 6, "\033[201~", 6) == 0; }

char *paste_read(int (*next)(void)) {
  size_t n = 0, room = 256;
  char *text = must(malloc(room));
  for (int c; (c = next()) != KEY_PASTE_END && c >= 0;) {
    if (c > 255 || n >= PASTE_MOST) continue;
    if (n + 2 > room) text = must(realloc(text, room *= 2));
    text[n++] = c == '\r' ? '\n' : c ? (char)c : '?';
    if (!ends(text, n)) continue;
    n -= 6;
    break;
  }
  text[n] = 0;
  return text;
}

void paste_keep(const char *text) {
  char *both = NULL;
  if (asprintf(&both, "%s%s", screen.pasted ? screen.pasted : "", text) < 0) must(NULL);
  free(screen.pasted);
  screen.pasted = both;
}

char *paste_line(void) {
  const char *end = screen.pasted ? strchr(screen.pasted, '\n') : NULL;
  if (!end) return NULL;
  char *line = must(strndup(screen.pasted, (size_t)(end - screen.pasted)));
  memmove(screen.pasted, end + 1, strlen(end));
  return line;
}

char *paste_rest(void) {
  char *rest = screen.pasted;
  screen.pasted = NULL;
  if (rest && *rest) return rest;
  free(rest);
  return NULL;
}
