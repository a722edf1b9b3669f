/* stepping.c - moves by source line and by function, and to the end of the handling of a trap. */
#include <string.h>

#include "debug.h"

struct frame { /* where a step begins, for the conditions that say where it ends */
  struct debug *d;
  uint32_t lane;
  struct pg32_lines_place at;
  int depth;                 /* calls made since, less returns */
  bool armed;                /* the function has returned: the next boundary is the end of the step */
  bool unwound;              /* the caller is known, and with it the rest: */
  uint32_t sp, cfa, returns; /* sp here and in the caller; the PC after the return */
};

static bool place_at(struct debug *d, uint32_t lane, uint32_t pc, struct pg32_lines_place *place) {
  struct image *i = image_of(d, lane);
  *place = (struct pg32_lines_place){0};
  return i && i->lines && pg32_lines_at(i->lines, pc, place);
}

static bool same_line(const struct pg32_lines_place *a, const struct pg32_lines_place *b) {
  return a->line == b->line && a->file && b->file && strcmp(a->file, b->file) == 0;
}

static struct frame frame_here(struct debug *d) {
  struct place p = model_place(d);
  struct frame f = {.d = d, .lane = p.lane, .sp = p.regs.x[2]};
  struct frame_regs r = {.pc = p.regs.pc, .status = p.regs.status};
  memcpy(r.x, p.regs.x, sizeof r.x);
  place_at(d, p.lane, p.regs.pc, &f.at);
  f.unwound = unwind(d, p.lane, &r, true);
  f.cfa = r.x[2];
  f.returns = r.pc;
  return f;
}

/* Runs in a direction until the condition holds. If it never does, the session stays where it is. */
static bool run_until(struct debug *d, int direction,
                      bool (*holds)(void *, struct machine *, struct recorder *), void *arg) {
  struct timeline_condition c = {.holds = holds, .arg = arg};
  uint64_t here = model_position(d);
  model_remember(d);
  enum timeline_stop stop =
      direction > 0 ? timeline_forward(d->t, &c, UINT64_MAX) : timeline_backward(d->t, &c);
  if (stop == TIMELINE_HIT) return model_arrived(d, stop);
  model_arrived(d, stop);
  model_return(d, here);
  if (stop == TIMELINE_STOPPED || stop == TIMELINE_NO_MEMORY) return false;
  return fail(d, "%s never gets there; nothing has moved.", direction > 0 ? "The run" : "The run back");
}

static bool say_line(struct debug *d) {
  struct frame f = frame_here(d);
  if (f.at.file)
    return say(d, "%s, %s:%d", f.at.function ? f.at.function : "?", base_name(f.at.file), f.at.line);
  return say(d, "%s at 0x%08x: no source line is known.", model_lane_name(d, f.lane), model_place(d).regs.pc);
}

static bool word_at(struct machine *m, uint32_t pc, struct pg32_insn *insn) {
  struct machine_regs regs;
  bool ok;
  machine_get_regs(m, &regs);
  struct machine_space space = {(regs.status & ST_T) != 0, status_asid(regs.status)};
  *insn = pg32_decode(machine_peek_word(m, space, pc, &ok));
  return ok;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 1; }
static bool is_return(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == 0 && i.rs1 == 1; }

/* Has the function returned? If the caller is not known, the lane's calls and returns are counted: the return
 * for which no call was seen is the function's own. */
static bool returned(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  if (recorder_current(r) != f->lane) return false;
  if (f->armed) return true;
  machine_get_regs(m, &regs);
  if (f->unwound) return regs.pc == f->returns && regs.x[2] == f->cfa;
  if (!word_at(m, regs.pc, &insn)) return false;
  if (is_call(insn))
    f->depth++;
  else if (is_return(insn))
    f->armed = f->depth-- == 0;
  return false;
}

/* Going back: is the next instruction the call of the function that the step began in? */
static bool calls_us(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  if (f->unwound) return regs.pc == f->returns - 4 && regs.x[2] == f->cfa;
  if (!word_at(m, regs.pc, &insn) || !is_call(insn)) return false;
  uint32_t target =
      insn.id == PG32_jal ? regs.pc + (uint32_t)insn.imm : regs.x[insn.rs1] + (uint32_t)insn.imm;
  struct pg32_lines_place place;
  return place_at(f->d, f->lane, target, &place) && place.offset == 0 && place.function && f->at.function &&
         strcmp(place.function, f->at.function) == 0;
}

/* Going ahead: is this another line? Calls are counted, so that whole calls are skipped; after a return the
 * step ends in the caller. */
static bool other_line(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  struct pg32_lines_place here;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  bool known = place_at(f->d, f->lane, regs.pc, &here) && here.file;
  if (f->depth == 0 && (known ? !same_line(&here, &f->at) : !f->at.file)) return true;
  if (!word_at(m, regs.pc, &insn)) return false;
  if (is_call(insn))
    f->depth++;
  else if (is_return(insn) && f->depth)
    f->depth--;
  return false;
}

/* Going back: does another line of this function begin here, or is the function called here? */
static bool earlier_line(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_lines_place here, before;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  if (f->unwound && calls_us(arg, m, r)) return true;
  if (f->unwound && (f->at.offset == 0 || regs.x[2] < f->sp))
    return false; /* inside a call that this function makes, or another call */
  if (!place_at(f->d, f->lane, regs.pc, &here) || !here.file) return !f->at.file;
  if (!here.function || !f->at.function || strcmp(here.function, f->at.function) != 0)
    return !f->unwound && calls_us(arg, m, r);
  return !same_line(&here, &f->at) &&
         (here.offset == 0 || !place_at(f->d, f->lane, regs.pc - 4, &before) || !same_line(&here, &before));
}

bool model_line(struct debug *d, int direction) {
  struct frame f = frame_here(d);
  struct pg32_insn insn;
  if (word_at(d->m, model_place(d).regs.pc, &insn)) f.depth = is_call(insn);
  return run_until(d, direction, direction > 0 ? other_line : earlier_line, &f) && say_line(d);
}

static bool finish_function(struct debug *d, int direction) {
  struct frame f = frame_here(d);
  struct pg32_insn insn;
  struct place p = model_place(d);
  if (direction < 0) return run_until(d, -1, calls_us, &f) && say_line(d);
  if (word_at(d->m, p.regs.pc, &insn)) { /* the condition is tested from the next boundary on, so this
                                            instruction is counted here */
    f.depth = is_call(insn);
    f.armed = is_return(insn);
  }
  return run_until(d, 1, returned, &f) && say_line(d);
}

/* The resume that ends the handling of the trap; 0 = none has been recorded. */
static uint64_t resume_of(const struct debug *d, uint64_t trap) {
  const struct note *t = index_note(d, trap), *n;
  for (uint64_t e = trap + 1; (n = index_note(d, e)); e++) {
    if (n->kind != RECORD_RESUME) continue;
    if (n->resumes == trap || (t->verdict != VERDICT_REFLECT && n->to == t->from)) return e;
  }
  return 0;
}

/* The trap that `finish` is about: the trap whose list is followed, or the trap the session stands at; 0 =
 * none. */
static uint64_t trap_at_hand(struct debug *d) {
  struct place p = model_place(d);
  const struct note *n = index_note(d, p.event);
  if (d->at_list_stop) return d->list;
  return n && n->kind == RECORD_TRAP && p.since == 0 ? p.event : 0;
}

static bool finish_trap(struct debug *d, uint64_t trap) {
  uint64_t end;
  while (!(end = resume_of(d, trap)) && index_extend(d)) {
  }
  if (!end) return fail(d, "The code that trapped at #%llu is never resumed.", (unsigned long long)trap);
  if (d->notes[end - 1].position < model_position(d))
    return fail(d, "The code that trapped at #%llu has been resumed already.", (unsigned long long)trap);
  if (!model_go(d, d->notes[end - 1].position + 1)) return false;
  return say(d, "#%llu resumed %s: trap #%llu has been handled.", (unsigned long long)end,
             model_lane_name(d, d->notes[end - 1].to), (unsigned long long)trap);
}

bool model_finish(struct debug *d, int direction) {
  uint64_t trap = trap_at_hand(d);
  struct place p = model_place(d);
  const struct note *n = index_note(d, p.event);
  if (direction > 0) return trap ? finish_trap(d, trap) : finish_function(d, 1);
  if (n && n->kind == RECORD_RESUME && !p.since && n->resumes) return model_event(d, n->resumes);
  if (trap && d->notes[trap - 1].position < p.position) return model_event(d, trap);
  return finish_function(d, -1);
}
