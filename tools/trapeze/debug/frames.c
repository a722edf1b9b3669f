/* frames.c - the frames that `bt` numbers, inlined functions included, and the one that is looked at.
 *
 * A frame is chosen with `up`, `down` and `frame N`, and holds until the session moves. Several frames share
 * their registers where functions were inlined into one another. A frame of a lane that trapped has the
 * registers that the lane had at the trap; its memory is that of the present. */
#include <string.h>

#include "debug.h"

#define INLINED 64 /* functions inlined into one another at one place */

struct stack_frame frame_innermost(struct debug *d) {
  struct machine_regs now;
  struct stack_frame f = {.innermost = true, .lane = recorder_current(timeline_recorder(d->t))};
  machine_get_regs(d->m, &now);
  f.regs = (struct frame_regs){.pc = now.pc, .status = now.status};
  memcpy(f.regs.x, now.x, sizeof f.regs.x);
  return f;
}

/* Where the frame's function stands: at the PC, or in a caller at the call. */
static uint32_t place_of(const struct stack_frame *f) { return f->innermost ? f->regs.pc : f->regs.pc - 4; }

/* How many functions share the registers of `f`: 1, or more with inlined ones. */
static int functions_at(struct debug *d, const struct stack_frame *f) {
  struct source_function functions[INLINED];
  const int n = source_functions(image_of(d, f->lane), place_of(f), functions, INLINED);
  return n ? n : 1;
}

bool frame_outer(struct debug *d, struct stack_frame *f) {
  if (f->inlined + 1 < functions_at(d, f)) return f->inlined++, true;
  if (!unwind(d, f->lane, &f->regs, f->innermost)) return false;
  f->innermost = false;
  f->inlined = 0;
  return true;
}

/* Goes outwards in a layer by at most `by` frames; returns by how many. */
static unsigned walk_layer(struct debug *d, unsigned by, struct stack_frame *f) {
  unsigned n = 0;
  for (; n < by && n + 1 < LAYER_FRAMES; n++) {
    const struct stack_frame inner = *f;
    if (!frame_outer(d, f)) return *f = inner, n;
  }
  return n;
}

/* Frame `number`, or the outermost one if there are not so many, and its layer; returns its number. */
static unsigned walk(struct debug *d, unsigned number, struct layer *l, struct stack_frame *f) {
  const uint64_t position = model_position(d);
  *l = layer_first(d);
  *f = l->innermost;
  unsigned n = walk_layer(d, number, f);
  while (n < number && layer_next(d, l)) {
    *f = l->innermost;
    n++;
    n += walk_layer(d, number - n, f);
  }
  if (model_position(d) != position) model_return(d, position);
  return n;
}

unsigned frame_number(const struct debug *d) { return d->frame_at == model_position(d) ? d->frame : 0; }

struct stack_frame frame_viewed(struct debug *d) {
  struct layer l;
  if (!frame_number(d)) return frame_innermost(d);
  if (d->frames_changed) d->frame = walk(d, d->frame, &l, &d->viewed);
  d->frames_changed = false;
  return d->frame ? d->viewed : frame_innermost(d);
}

bool frame_choose(struct debug *d, unsigned number) {
  struct stack_frame f;
  struct layer l;
  const uint32_t lane_before = frame_viewed(d).lane;
  const unsigned n = walk(d, number, &l, &f);
  if (n < number) return fail(d, "frame: the outermost frame is #%u.", n);
  d->frame = number;
  d->frame_at = model_position(d);
  d->viewed = f;
  d->frames_changed = false;
  if (f.lane != lane_before) layer_print(d, &l);
  frame_print(d, &f, number);
  return say_nothing(d);
}

void frame_look(struct debug *d, int inlined) {
  d->frame = (unsigned)inlined;
  d->frame_at = model_position(d);
  d->frames_changed = true;
}

struct source_function frame_function(struct debug *d, const struct stack_frame *f) {
  struct source_function functions[INLINED];
  struct image *i = image_of(d, f->lane);
  const int n = source_functions(i, place_of(f), functions, INLINED);
  struct pg32_lines_place at = {0};
  if (n > 1 && f->inlined < n) return functions[f->inlined];
  if (i && i->lines && pg32_lines_is_loaded(i->lines, place_of(f))) pg32_lines_at(i->lines, place_of(f), &at);
  return (struct source_function){at.function, at.file, at.line};
}

void frame_print(struct debug *d, const struct stack_frame *f, unsigned number) {
  const struct source_function g = frame_function(d, f);
  fprintf(d->out, "#%-2u 0x%08x %s", number, f->regs.pc, g.name ? g.name : "?");
  if (g.file) fprintf(d->out, " (%s:%d)", base_name(g.file), g.line);
  fputc('\n', d->out);
}

/* ---- the commands ---- */

bool command_frame(struct debug *d, struct call c) {
  uint64_t n = frame_number(d);
  if (*c.args && (!number_of(c.args, &n) || n > UINT16_MAX))
    return fail(d, "frame: expected a frame's number; `bt` lists them.");
  return frame_choose(d, (unsigned)n);
}

bool command_up(struct debug *d, struct call c) {
  uint64_t by = 1;
  const unsigned here = frame_number(d);
  if (*c.args && (!number_of(c.args, &by) || by > UINT16_MAX))
    return fail(d, "%s: expected a number of frames.", c.direction > 0 ? "up" : "down");
  if (c.direction < 0 && !here) return fail(d, "down: this is the innermost frame.");
  return frame_choose(d, c.direction > 0 ? here + (unsigned)by : here > by ? here - (unsigned)by : 0);
}
