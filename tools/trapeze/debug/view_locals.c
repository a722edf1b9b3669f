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

static int lines(struct cells *c, int row, const char *text, int current) {
  for (int n = 0; *text; n++) {
    char *line = must(strndup(text, strcspn(text, "\n")));
    row = cells_wrap(c, row, 0, n == current ? CURRENT : PLAIN, line);
    text += strlen(line) + (text[strlen(line)] == '\n');
    free(line);
  }
  return row;
}

void view_locals(struct debug *d, struct cells *c) {
  keep(d);
  int row = lines(c, 0, *kept.variables ? kept.variables : "(no variables)\n", -1);
  cells_put(c, row++, 0, TITLE, "frames; `up` and `down` choose one");
  lines(c, row, kept.frames, (int)kept.frame);
}
