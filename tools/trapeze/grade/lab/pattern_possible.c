/* pattern_possible.c - can a run have what a trace pattern asks for? A lab that asks for more is refused. */
#include <stdarg.h>
#include <stdio.h>

#include "isa/platform.h"
#include "pattern_parts.h"

/* ---- lanes ---- */

static bool impossible(struct pattern_error *why, unsigned column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool impossible(struct pattern_error *why, unsigned column, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(why->text, sizeof why->text, format, ap);
  va_end(ap);
  why->column = column;
  return false;
}

static bool place_possible(const struct place *at, unsigned depth, unsigned run_depth,
                           struct pattern_error *why) {
  unsigned level = at->depth == ANY_DEPTH ? depth : at->depth;
  if (at->who == WHO_NOBODY) return true;
  if (level > run_depth)
    return impossible(why, at->column, "%s@%u is nobody: the run's depth is %u", who_name(at->who), level,
                      run_depth);
  if (level == 0 && (at->who == WHO_VMM || at->who == WHO_HOST_OS))
    return impossible(why, at->column, "%s@0 is nobody: at depth 0 no guest runs", who_name(at->who));
  return true;
}

/* ---- traps ---- */

#define CALLS (1u << CAUSE_SYSCALL | 1u << CAUSE_HCALL | 1u << CAUSE_BREAK)
#define DUE_TO_VMM (1u << VERDICT_REFLECT | 1u << VERDICT_EMULATE | 1u << VERDICT_FILL)

/* Is each such trap an exit of the outermost VM? At depth 0 each trap counts as one. */
static bool is_exit(const struct element *e, unsigned run_depth) {
  if (e->shape != SHAPE_TRAP) return false;
  if (run_depth == 0 || e->wanted & DUE_TO_VMM) return true;
  const bool of_guest = e->from.who == WHO_APP && e->from.depth != 0;
  return of_guest && !e->traps.insns && e->traps.causes && !(e->traps.causes & ~CALLS);
}

static bool element_possible(const struct element *e, unsigned depth, unsigned run_depth,
                             struct pattern_error *why) {
  unsigned level = e->from.who != WHO_NOBODY && e->from.depth != ANY_DEPTH ? e->from.depth : depth;
  if (!place_possible(&e->from, depth, run_depth, why) || !place_possible(&e->to, depth, run_depth, why))
    return false;
  if (level == 0 && (e->wanted || e->unwanted))
    return impossible(why, e->column, "at depth 0 a trap has no verdict");
  if (depth == 0 && e->shape == SHAPE_STEP)
    return impossible(why, e->column, "at depth 0 there are no steps of the lecture's lists");
  return true;
}

bool pattern_possible(const struct pattern *p, unsigned depth, unsigned run_depth,
                      struct pattern_error *why) {
  for (size_t i = 0; i <= p->n; i++) {
    for (unsigned k = 0; k < p->before[i].nots; k++)
      if (!element_possible(&p->before[i].not [k], depth, run_depth, why)) return false;
    if (i < p->n && !element_possible(&p->element[i], depth, run_depth, why)) return false;
  }
  return true;
}

size_t pattern_exits(const struct pattern *p, unsigned depth, unsigned run_depth) {
  size_t n = 0;
  for (size_t i = 0; i < p->n; i++) n += (depth > 0 || run_depth == 0) && is_exit(&p->element[i], run_depth);
  return n;
}
