/* view_locals.c - the locals pane: the variables of the frame that is looked at, and the frames of the lane. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "view.h"

#define FRAMES 60 /* callers that are shown */

/* ---- what the pane says, kept until a command or a move may have changed it ---- */

static struct {
  const struct debug *d;
  uint64_t position, commands;
  unsigned frame;
  char *variables, *frames;
  int row[FRAMES + 1]; /* where each frame was drawn, and where the last one ends; frames are `drawn` */
  int drawn;
} kept;

/* What a function writes to d->out; what it says is not the session's answer. malloc'ed. */
static char *written(struct debug *d, void (*function)(struct debug *)) {
  char *text = NULL, said[sizeof d->said];
  size_t size;
  FILE *before = d->out;
  memcpy(said, d->said, sizeof said);
  d->said[0] = 0;
  d->out = must(open_memstream(&text, &size));
  function(d);
  fputs(d->said, d->out);
  fclose(d->out);
  d->out = before;
  memcpy(d->said, said, sizeof said);
  return text;
}

static void write_variables(struct debug *d) { eval_locals(d, false); }

static void write_frames(struct debug *d) {
  struct stack_frame f = frame_innermost(d);
  for (unsigned n = 0; n < FRAMES; n++) {
    frame_print(d, &f, n);
    if (!frame_outer(d, &f)) return;
  }
  fputs("... more; `bt` prints all\n", d->out);
}

static void keep(struct debug *d) {
  const uint64_t position = model_position(d);
  const unsigned frame = frame_number(d);
  if (kept.variables && kept.d == d && kept.position == position && kept.commands == d->commands &&
      kept.frame == frame)
    return;
  free(kept.variables);
  free(kept.frames);
  kept.d = d, kept.position = position, kept.commands = d->commands, kept.frame = frame;
  kept.variables = written(d, write_variables);
  kept.frames = written(d, write_frames);
}

/* ---- drawing ---- */

/* Draws the first line of *text, and steps over it. Returns the next row. */
static int draw_line(struct cells *c, int row, enum style style, const char **text) {
  char *line = must(strndup(*text, strcspn(*text, "\n")));
  row = cells_wrap(c, row, 0, style, line);
  *text += strlen(line) + ((*text)[strlen(line)] == '\n');
  free(line);
  return row;
}

static void draw_frames(struct cells *c, int row) {
  const char *text = kept.frames;
  for (kept.drawn = 0; *text && kept.drawn < FRAMES; kept.drawn++) {
    kept.row[kept.drawn] = row;
    row = draw_line(c, row, kept.drawn == (int)kept.frame ? CURRENT : PLAIN, &text);
  }
  kept.row[kept.drawn] = row;
  if (*text) draw_line(c, row, PLAIN, &text); /* that there are more */
}

void view_locals(struct debug *d, struct cells *c) {
  keep(d);
  const char *text = *kept.variables ? kept.variables : "(no variables)\n";
  int row = 0;
  while (*text) row = draw_line(c, row, PLAIN, &text);
  cells_put(c, row++, 0, TITLE, "frames; `up`, `down` or a click chooses");
  draw_frames(c, row);
}

int locals_frame(int row) {
  int n = 0;
  while (n < kept.drawn && row >= kept.row[n + 1]) n++;
  return n < kept.drawn && row >= kept.row[n] ? n : -1;
}
