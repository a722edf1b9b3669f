/* command_run.c - gdb's ways to begin a run and to go to a place: run, start, until, advance. */
#include <string.h>

#include "crash.h"

/* `run`: a run is not made again, for it would be the same; its beginning is gone to. */
bool command_rerun(struct debug *d, struct call c) {
  (void)c;
  return model_go(d, d->start) && model_continue(d, 1);
}

/* Runs to a temporary breakpoint, or until something else stops the run. */
static bool run_to(struct debug *d, const char *where) {
  if (!stop_add_temporary(d, where)) return false;
  const unsigned number = d->stop[d->nstops - 1].number;
  const bool ok = model_continue(d, 1);
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].number == number) stop_delete(d, i);
  return ok;
}

bool command_start(struct debug *d, struct call c) {
  (void)c;
  return model_go(d, d->start) && run_to(d, "main");
}

bool command_advance(struct debug *d, struct call c) {
  return *c.args ? run_to(d, c.args) : fail(d, "advance: expected a place, as `break` has it.");
}

/* ---- until: `next`, but not back to the head of a loop ---- */

#define ROUNDS 1000000 /* lines that are passed over at most */

/* The line where the innermost frame is, and its stack pointer. */
struct line_place {
  struct source_function at;
  uint32_t sp;
};

static struct line_place line_here(struct debug *d) {
  const struct stack_frame f = frame_innermost(d);
  return (struct line_place){frame_function(d, &f), f.regs.x[2]};
}

static bool is_behind(const struct line_place *here, const struct line_place *from) {
  const bool same =
      here->sp == from->sp && here->at.file && from->at.file && strcmp(here->at.file, from->at.file) == 0;
  return !same || here->at.line > from->at.line;
}

bool command_until(struct debug *d, struct call c) {
  if (*c.args) return run_to(d, c.args);
  const struct line_place from = line_here(d);
  for (unsigned i = 0; i < ROUNDS && !model_interrupted(); i++) {
    const uint64_t before = model_position(d);
    if (!command_next(d, (struct call){"", "", 1})) return false;
    const struct line_place here = line_here(d);
    if (is_behind(&here, &from) || model_position(d) == before || crash_is_here(d)) return true;
  }
  return fail(d, "until: the loop does not end; you are in it.");
}
