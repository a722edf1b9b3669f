/* history.c - lines that were typed before, in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "edit.h"

enum { LINES = 500 };

static char *lines[LINES]; /* number i at i % LINES */
static int count;          /* of all that ever were */
static int at;             /* the line that is shown; count: the one that is being typed */
static char *typed;        /* that line, while another is shown */

static int oldest(void) { return count > LINES ? count - LINES : 0; }

void history_begin(void) { at = count; }

void history_add(const char *line) {
  if (*line == '\0' || (count > 0 && strcmp(lines[(count - 1) % LINES], line) == 0)) return;
  char *copy = strdup(line);
  if (copy == NULL) return;
  free(lines[count % LINES]);
  lines[count++ % LINES] = copy;
}

void history_go(struct edit *e, int step) {
  int to = at + step;
  if (to < oldest() || to > count) return;
  if (at == count) {
    free(typed);
    typed = strdup(e->text.s);
  }
  at = to;
  const char *line = to == count ? typed : lines[to % LINES];
  edit_replace(e, line != NULL ? line : "");
}

int do_history(int argc, char **argv) {
  (void)argc, (void)argv;
  for (int i = oldest(); i < count; i++) printf("%5d  %s\n", i + 1, lines[i % LINES]);
  return 0;
}
