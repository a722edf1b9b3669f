/* step_level.c - while a step or `finish` goes on: does the frame in which it began run, or a function that the
 * frame has called, or has the frame been left?
 *
 * Each instruction of the lane is looked at as it is executed. From a call on, the frame is the calling one
 * again when the PC is behind the call with the same stack pointer. Other functions may end the call, too: a
 * longjmp comes back with a `ret` to a place behind another call of this frame, or with a stack pointer above
 * the frame's, which means that the frame is gone. */
#include "step.h"

bool step_insn_at(struct machine *m, uint32_t pc, struct pg32_insn *insn) {
  struct machine_regs regs;
  bool ok;
  machine_get_regs(m, &regs);
  struct machine_space space = {(regs.status & ST_T) != 0, status_asid(regs.status)};
  *insn = pg32_decode(machine_peek_word(m, space, pc, &ok));
  return ok;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 1; }
static bool is_return(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == 0 && i.rs1 == 1; }
static bool passes(struct pg32_insn i) {
  return i.id == PG32_syscall || i.id == PG32_break || i.id == PG32_hcall;
}
static bool is_jump(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 0; }

static bool place_at(const struct step *s, uint32_t pc, struct pg32_lines_place *place) {
  struct image *i = image_of(s->d, s->lane);
  *place = (struct pg32_lines_place){0};
  return i && i->lines && pg32_lines_at(i->lines, pc, place);
}

/* In which function? 0 = not known. */
static uint32_t function_at(const struct step *s, uint32_t pc) {
  struct pg32_lines_place at;
  return place_at(s, pc, &at) && at.function ? pc - at.offset : 0;
}

/* Notes the instruction that comes next; of those in a call only where they are. */
static void look_ahead(struct step *s, struct machine *m, const struct machine_regs *regs) {
  s->last_pc = regs->pc;
  if (s->calling) return;
  step_insn_at(m, regs->pc, &s->last);
  s->target = (s->last.id == PG32_jalr ? regs->x[s->last.rs1] : regs->pc) + (uint32_t)s->last.imm;
}

void step_level_begin(struct step *s, struct debug *d, const struct stack_frame *f) {
  struct machine_regs regs;
  s->d = d;
  s->lane = f->lane;
  s->pc = f->innermost ? f->regs.pc : f->regs.pc - 4;
  s->function = function_at(s, s->pc);
  s->calling = !f->innermost;
  s->returns = f->regs.pc;
  s->sp = f->regs.x[2];
  s->away = f->lane != recorder_current(timeline_recorder(d->t));
  s->last_pc = f->regs.pc;
  if (s->away) return;
  machine_get_regs(d->m, &regs);
  look_ahead(s, d->m, &regs);
}

/* Was the last instruction of the lane a return? */
static bool has_returned(const struct step *s) {
  struct pg32_insn last;
  return step_insn_at(s->d->m, s->last_pc, &last) && is_return(last);
}

/* Has the function that this frame called come back, or has the frame gone? */
static bool call_ends(struct step *s, uint32_t pc, uint32_t sp) {
  struct pg32_insn before;
  if (sp < s->sp) return false;
  if (pc == s->returns) return s->left = s->tail, true;
  if (!has_returned(s)) return false;
  if (sp > s->sp) return s->left = s->unwound = true;
  return s->function && function_at(s, pc) == s->function && step_insn_at(s->d->m, pc - 4, &before) &&
         is_call(before);
}

static void call_begins(struct step *s, uint32_t returns, uint32_t sp, bool tail) {
  s->calling = s->entered = true;
  s->returns = returns;
  s->sp = sp;
  s->tail = tail;
}

/* Has the lane, a kernel's, been entered at its vector instead of executing the last instruction? */
static bool has_trapped(const struct step *s, uint32_t pc) {
  const bool may_jump = s->last.id == PG32_jal || s->last.id == PG32_jalr ||
                        (s->last.id != PG32_ILLEGAL && pg32_row(s->last.id)->shape == PG32_SHAPE_BRANCH);
  return s->last.id != PG32_rfe && pc != s->last_pc + 4 && !(may_jump && pc == (s->target & ~3u));
}

/* The frame has executed the last instruction, and is now at the PC. A trap is handled like a call of the
 * vector, which goes on where the trap was. */
static void executed(struct step *s, const struct machine_regs *regs) {
  struct pg32_lines_place at;
  s->entered = false;
  if (has_trapped(s, regs->pc)) {
    call_begins(s, s->last_pc + (passes(s->last) ? 4 : 0), regs->x[2], false);
    s->entered = false;
  } else if (is_call(s->last))
    call_begins(s, s->last_pc + 4, regs->x[2], false);
  else if (is_return(s->last))
    s->left = true;
  else if (is_jump(s->last) && place_at(s, regs->pc, &at) && at.offset == 0 && regs->pc != s->function)
    call_begins(s, regs->x[1], regs->x[2], true);
}

enum step_level step_level(struct step *s, struct machine *m, struct recorder *r) {
  struct machine_regs regs;
  if (recorder_current(r) != s->lane) return s->away = true, STEP_AWAY;
  machine_get_regs(m, &regs);
  const bool again = s->away && regs.pc == s->last_pc; /* a trap has retired nothing */
  s->away = false;
  if (again) return look_ahead(s, m, &regs), STEP_AWAY;
  if (s->calling && call_ends(s, regs.pc, regs.x[2]))
    s->calling = s->entered = false;
  else if (!s->calling && !s->left)
    executed(s, &regs);
  else
    s->entered = false;
  look_ahead(s, m, &regs);
  return s->left ? STEP_LEFT : !s->calling ? STEP_HERE : s->entered ? STEP_ENTERED : STEP_CALLED;
}
