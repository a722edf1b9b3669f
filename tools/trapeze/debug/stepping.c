/* stepping.c - moves by source line, by instruction over calls, and to the end of a function or of the handling
 * of a trap. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "step.h"

#define INLINED 64 /* functions inlined into one another at one place */

/* ---- places ---- */

static bool place_at(struct debug *d, uint32_t lane, uint32_t pc, struct pg32_lines_place *place) {
  struct image *i = image_of(d, lane);
  *place = (struct pg32_lines_place){0};
  return i && i->lines && pg32_lines_at(i->lines, pc, place);
}

static bool same_line(const struct pg32_lines_place *a, const struct pg32_lines_place *b) {
  return a->line == b->line && a->file && b->file && strcmp(a->file, b->file) == 0;
}

/* Does a piece of a line begin at the address? `first`: not if the code before belongs to the line, too. */
static bool begins_line(struct debug *d, uint32_t lane, uint32_t pc, bool first) {
  struct image *i = image_of(d, lane);
  return i && i->lines && pg32_lines_begins(i->lines, pc, first);
}

static int inlined_at(struct debug *d, uint32_t lane, uint32_t pc) {
  struct source_function f[INLINED];
  return source_functions(image_of(d, lane), pc, f, INLINED);
}

/* Of the functions that were inlined into one another at a place, the `inlined`th from inside. */
static struct source_function function_at(struct debug *d, uint32_t lane, uint32_t pc, int inlined) {
  const struct stack_frame f = {.regs.pc = pc, .innermost = true, .lane = lane, .inlined = inlined};
  return frame_function(d, &f);
}

static bool say_line(struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  if (at.file) return say(d, "%s, %s:%d", at.name ? at.name : "?", base_name(at.file), at.line);
  return say(d, "%s at 0x%08x: no source line is known.", model_lane_name(d, f.lane), f.regs.pc);
}

/* ---- ahead ---- */

static struct step begin_step(struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  struct step s = {.name = at.name, .at = {.file = at.file, .line = at.line}};
  step_level_begin(&s, d, &f);
  s.inlined = inlined_at(d, s.lane, s.pc) - f.inlined;
  return s;
}

/* Has a function of which lines are known been entered? The step ends behind its prologue. */
static bool enters(struct step *s, uint32_t pc) {
  struct pg32_lines_place at;
  if (!place_at(s->d, s->lane, pc, &at) || !at.file) return false;
  s->body = source_body(image_of(s->d, s->lane), pc);
  return pc == s->body;
}

/* The frame's function calls another one, which was inlined: is it at another line? Then the session stops there
 * and looks at the frame that calls. */
static bool at_other_call(struct step *s, uint32_t pc, int inlined) {
  s->outwards = inlined - s->inlined;
  const struct source_function at = function_at(s->d, s->lane, pc, s->outwards);
  if (!at.file) return false;
  return at.line != s->at.line || strcmp(at.file, s->at.file) != 0;
}

/* In the frame itself: is this the beginning of another line? */
static bool at_other_line(struct step *s, uint32_t pc) {
  struct pg32_lines_place here;
  if (s->by_instruction || !s->at.file) return true;
  if (!place_at(s->d, s->lane, pc, &here) || !here.file || same_line(&here, &s->at)) return false;
  if (!begins_line(s->d, s->lane, pc, false)) return false;
  const int inlined = inlined_at(s->d, s->lane, pc);
  return inlined > s->inlined ? at_other_call(s, pc, inlined) : (s->outwards = 0, true);
}

static bool step_ends(void *arg, struct machine *m, struct recorder *r) {
  struct step *s = arg;
  struct machine_regs regs;
  const enum step_level level = step_level(s, m, r);
  s->outwards = 0;
  if (level == STEP_AWAY) return false;
  machine_get_regs(m, &regs);
  switch (level) {
  case STEP_LEFT: return true;
  case STEP_HERE: return at_other_line(s, regs.pc);
  case STEP_ENTERED: return s->into && enters(s, regs.pc);
  default: return s->body && regs.pc == s->body;
  }
}

/* From the call of an inlined function into it, where the session stands already. */
static bool step_inside(struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  if (!f.innermost || !f.inlined) return false;
  frame_look(d, f.inlined - 1);
  return true;
}

static bool step_ahead(struct debug *d, uint64_t times, bool into, bool by_instruction) {
  while (times-- > 0) {
    if (into && step_inside(d)) continue;
    struct step s = begin_step(d);
    s.into = into;
    s.by_instruction = by_instruction;
    struct goal goal = {.holds = step_ends,
                        .arg = &s,
                        .lane = s.lane,
                        .what = by_instruction ? "comes to another instruction" : "comes to another line"};
    if (!model_run_to(d, &goal)) return false;
    if (!goal.reached) return true; /* a breakpoint has stopped the step */
    if (s.outwards) frame_look(d, s.outwards);
  }
  return by_instruction ? model_say_instruction(d) : say_line(d);
}

/* ---- back ---- */

struct back { /* where a step back begins: a frame */
  struct debug *d;
  uint32_t lane, sp;
  struct pg32_lines_place at;
  bool middle; /* of its line */
  bool into, by_instruction;
  int depth;             /* functions that are inlined into one another there, its own included; from 1 */
  bool unwound;          /* the caller is known: */
  uint32_t cfa, returns; /* its stack pointer, and where it goes on */
};

/* The function and line of the frame when it is at `pc`: of a function that was inlined into it, the call. */
static struct source_function own_place(const struct back *b, uint32_t pc) {
  const int n = inlined_at(b->d, b->lane, pc);
  return function_at(b->d, b->lane, pc, n > b->depth ? n - b->depth : 0);
}

/* Does a line of the frame's own begin at `pc`, and not in the middle of a line that calls inlined functions? */
static bool begins_own_line(const struct back *b, uint32_t pc) {
  if (!begins_line(b->d, b->lane, pc, true)) return false;
  const struct source_function here = own_place(b, pc), before = own_place(b, pc - 4);
  const bool same = here.file && before.file && here.name && before.name && here.line == before.line &&
                    strcmp(here.file, before.file) == 0 && strcmp(here.name, before.name) == 0;
  return !same;
}

static struct back begin_back(struct debug *d) {
  const struct stack_frame f = frame_viewed(d);
  const struct source_function at = frame_function(d, &f);
  const uint32_t pc = f.innermost ? f.regs.pc : f.regs.pc - 4;
  struct back b = {.d = d, .lane = f.lane, .sp = f.regs.x[2]};
  struct frame_regs r = f.regs;
  place_at(d, f.lane, pc, &b.at);
  b.at.file = at.file, b.at.line = at.line;
  b.depth = inlined_at(d, f.lane, pc) - f.inlined;
  if (b.depth < 1) b.depth = 1;
  b.middle = !f.innermost || !begins_own_line(&b, pc);
  b.unwound = unwind(d, f.lane, &r, f.innermost);
  b.cfa = r.x[2];
  b.returns = r.pc;
  return b;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 1; }

/* Is the next instruction the call of the function that the step began in? */
static bool calls_us(void *arg, struct machine *m, struct recorder *r) {
  struct back *b = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  if (recorder_current(r) != b->lane) return false;
  machine_get_regs(m, &regs);
  if (b->unwound) return regs.pc == b->returns - 4 && regs.x[2] == b->cfa;
  if (!step_insn_at(m, regs.pc, &insn) || !is_call(insn)) return false;
  uint32_t target =
      insn.id == PG32_jal ? regs.pc + (uint32_t)insn.imm : regs.x[insn.rs1] + (uint32_t)insn.imm;
  struct pg32_lines_place place;
  return place_at(b->d, b->lane, target, &place) && place.offset == 0 && place.function && b->at.function &&
         strcmp(place.function, b->at.function) == 0;
}

/* Does a line begin here, another one or, if the step began in the middle of it, the same? */
static bool earlier_line_begins(const struct back *b, uint32_t pc) {
  struct pg32_lines_place here;
  if (!place_at(b->d, b->lane, pc, &here) || !here.file) return !b->at.file;
  if (b->into) return (b->middle || !same_line(&here, &b->at)) && begins_line(b->d, b->lane, pc, true);
  if (!begins_own_line(b, pc)) return false;
  const struct source_function own = own_place(b, pc);
  here.file = own.file, here.line = own.line;
  return b->middle || !same_line(&here, &b->at);
}

/* ... in this function; or is the function called here? */
static bool earlier_line(void *arg, struct machine *m, struct recorder *r) {
  struct back *b = arg;
  struct machine_regs regs;
  struct pg32_lines_place here;
  if (recorder_current(r) != b->lane) return false;
  machine_get_regs(m, &regs);
  if (b->into) return earlier_line_begins(b, regs.pc);
  if (b->unwound && calls_us(arg, m, r)) return true;
  if (b->unwound && (b->at.offset == 0 || regs.x[2] < b->sp))
    return false; /* inside a call that this function makes, or another call */
  place_at(b->d, b->lane, regs.pc, &here);
  if (!here.function || !b->at.function || strcmp(here.function, b->at.function) != 0)
    return !b->unwound && calls_us(arg, m, r);
  return b->by_instruction || earlier_line_begins(b, regs.pc);
}

/* Runs back until the condition holds. If it never does, the session stays where it is. */
static bool run_back(struct debug *d, bool (*holds)(void *, struct machine *, struct recorder *), void *arg) {
  struct timeline_condition c = {.holds = holds, .arg = arg};
  uint64_t here = model_position(d);
  const unsigned frame = frame_number(d);
  model_remember(d);
  enum timeline_stop stop = timeline_backward(d->t, &c);
  if (stop == TIMELINE_HIT) return model_arrived(d, stop);
  model_arrived(d, stop);
  model_return(d, here);
  d->frame = frame;
  if (stop == TIMELINE_STOPPED || stop == TIMELINE_NO_MEMORY) return false;
  return fail(d, "The run back never gets there; nothing has moved.");
}

/* Where the frame calls a function that was inlined, it is the calling frame that is looked at. */
static void look_at_own(struct debug *d, const struct back *b) {
  const struct stack_frame f = frame_innermost(d);
  const int inlined = inlined_at(d, f.lane, f.regs.pc);
  struct pg32_lines_place here;
  if (f.lane != b->lane || inlined <= b->depth || !place_at(d, f.lane, f.regs.pc, &here)) return;
  if (here.function && b->at.function && strcmp(here.function, b->at.function) == 0)
    frame_look(d, inlined - b->depth);
}

static bool step_back(struct debug *d, uint64_t times, bool into, bool by_instruction) {
  while (times-- > 0) {
    struct back b = begin_back(d);
    b.into = into;
    b.by_instruction = by_instruction;
    if (!run_back(d, earlier_line, &b)) return false;
    if (!into && !by_instruction) look_at_own(d, &b);
  }
  return by_instruction ? model_say_instruction(d) : say_line(d);
}

bool model_lines(struct debug *d, int direction, uint64_t times, bool into) {
  return direction > 0 ? step_ahead(d, times, into, false) : step_back(d, times, into, false);
}

bool model_instructions_over(struct debug *d, int direction, uint64_t times) {
  return direction > 0 ? step_ahead(d, times, false, true) : step_back(d, times, false, true);
}

/* ---- to the end of a function ---- */

/* Has the function returned, or been left in another way? An inlined one ends where its caller goes on. */
static bool returned(void *arg, struct machine *m, struct recorder *r) {
  struct step *s = arg;
  struct machine_regs regs;
  const enum step_level level = step_level(s, m, r);
  machine_get_regs(m, &regs);
  if (level == STEP_LEFT) return true;
  return level == STEP_HERE && s->inlined > 1 && inlined_at(s->d, s->lane, regs.pc) < s->inlined;
}

/* Where the caller wants the value that the frame's function returns, if in memory: what a0 was at the call; else 0.
 * The session is there for a moment only. */
static uint32_t returned_memory(struct debug *d, const struct step *s) {
  struct back b = begin_back(d);
  struct timeline_condition c = {.holds = calls_us, .arg = &b};
  struct machine_regs regs;
  if (b.depth > 1 || !s->function || !eval_returns_in_memory(d, s->pc)) return 0;
  const uint64_t here = model_position(d);
  const bool found = timeline_backward(d->t, &c) == TIMELINE_HIT;
  machine_get_regs(d->m, &regs);
  model_return(d, here);
  return found ? regs.x[10] : 0;
}

/* "fall has returned 3: main, depths.c:15" */
static bool say_returned(struct debug *d, const struct step *s, uint32_t memory) {
  char line[sizeof d->said], *value = NULL;
  size_t size;
  FILE *out = must(open_memstream(&value, &size));
  const bool returns = s->left && !s->unwound && s->function && eval_returned(d, s->pc, memory, out);
  fclose(out);
  say_line(d);
  snprintf(line, sizeof line, "%s", d->said);
  const char *name = s->name ? s->name : "?";
  if (!returns)
    say(d, "%s has %s: %s", name, s->unwound ? "been left, and not by a return" : "returned", line);
  else if (strlen(name) + size + strlen(line) + 20 < sizeof d->said)
    say(d, "%s has returned %s: %s", name, value, line);
  else {
    fprintf(d->out, "%s has returned %s: %s\n", name, value, line);
    say_nothing(d);
  }
  free(value);
  return true;
}

static bool finish_function(struct debug *d) {
  struct step s = begin_step(d);
  char what[120];
  struct goal goal = {.holds = returned, .arg = &s, .lane = s.lane, .what = what};
  snprintf(what, sizeof what, "returns from %s", s.name ? s.name : "here");
  const uint32_t memory = returned_memory(d, &s);
  if (!model_run_to(d, &goal)) return false;
  return !goal.reached || say_returned(d, &s, memory);
}

/* Is the frame's function, which was inlined, not there yet? */
static bool before_inlined(void *arg, struct machine *m, struct recorder *r) {
  struct back *b = arg;
  struct machine_regs regs;
  struct pg32_lines_place here;
  if (recorder_current(r) != b->lane) return false;
  machine_get_regs(m, &regs);
  place_at(b->d, b->lane, regs.pc, &here);
  return here.function && b->at.function && strcmp(here.function, b->at.function) == 0 &&
         regs.x[2] >= b->sp && inlined_at(b->d, b->lane, regs.pc) < b->depth;
}

/* Goes back to the call of the function. */
static bool function_back(struct debug *d) {
  struct step s = begin_step(d);
  struct back b = begin_back(d);
  char line[sizeof d->said];
  if (!run_back(d, b.depth > 1 ? before_inlined : calls_us, &b)) return false;
  say_line(d);
  snprintf(line, sizeof line, "%s", d->said);
  return say(d, "Before the call of %s: %s", s.name ? s.name : "?", line);
}

/* ---- to the end of the handling of a trap ---- */

/* The resume that ends the handling of the trap; 0 = none has been recorded. */
static uint64_t resume_of(const struct debug *d, uint64_t trap) {
  const struct note t = index_note(d, trap);
  for (uint64_t e = trap + 1; e <= index_events(d); e++) {
    const struct note n = index_note(d, e);
    if (n.kind != RECORD_RESUME) continue;
    if (n.resumes == trap || (t.verdict != VERDICT_REFLECT && n.to == t.from)) return e;
  }
  return 0;
}

/* The trap that `finish` is about: the trap whose list is followed, or the trap the session stands at; 0 =
 * none. */
static uint64_t trap_at_hand(struct debug *d) {
  struct place p = model_place(d);
  if (d->at_list_stop) return d->list;
  return index_note(d, p.event).kind == RECORD_TRAP && p.since == 0 ? p.event : 0;
}

static bool finish_trap(struct debug *d, uint64_t trap) {
  uint64_t end;
  while (!(end = resume_of(d, trap)) && index_extend(d)) {
  }
  if (!end) return fail(d, "The code that trapped at #%llu is never resumed.", (unsigned long long)trap);
  if (index_note(d, end).position < model_position(d))
    return fail(d, "The code that trapped at #%llu has been resumed already.", (unsigned long long)trap);
  if (!model_go(d, index_note(d, end).position + 1)) return false;
  return say(d, "#%llu resumed %s: trap #%llu has been handled.", (unsigned long long)end,
             model_lane_name(d, index_note(d, end).to), (unsigned long long)trap);
}

bool model_finish(struct debug *d, int direction) {
  uint64_t trap = trap_at_hand(d);
  struct place p = model_place(d);
  const struct note n = index_note(d, p.event);
  if (direction > 0) return trap ? finish_trap(d, trap) : finish_function(d);
  if (n.kind == RECORD_RESUME && !p.since && n.resumes) return model_event(d, n.resumes);
  if (trap && index_note(d, trap).position < p.position) return model_event(d, trap);
  return function_back(d);
}
