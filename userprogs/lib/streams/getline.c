/* getline.c - lines of any length, in memory of the program's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/stream.h"

/* Makes room for `needed` characters, of which `used` are there. */
static bool make_room(char **line, size_t *size, size_t used, size_t needed) {
  if (*line != NULL && *size >= needed) return true;
  size_t bigger = needed < 64 ? 64 : 2 * needed;
  char *p = program_malloc(bigger);
  if (p == NULL) return false;
  if (used > 0) memcpy(p, *line, used);
  program_free(*line);
  *line = p, *size = bigger;
  return true;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int end, FILE *restrict f) {
  size_t n = 0;
  for (int c; (c = fgetc(f)) != EOF;) {
    if (!make_room(line, size, n, n + 2)) return -1;
    (*line)[n++] = (char)c;
    (*line)[n] = '\0';
    if (c == end) break;
  }
  return n > 0 ? (ssize_t)n : -1;
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f) {
  return getdelim(line, size, '\n', f);
}
