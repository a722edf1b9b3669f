/* trace.c - chooses traces: the instructions of one page that usually follow one another.
 *
 * A trace goes through a branch on the hotter way, and through a jump or call to its target. It goes through
 * an indirect jump in three cases: the trace itself has computed the address; it is the return from a call
 * that the trace has inlined; or its target is predicted from its profile. A call that should not be inlined
 * is left out of line, and the trace continues after it. */
#include <string.h>

#include "jit.h"

/* The longest trace with a branch in it: the more branches, the less of a trace is executed. */
#define BRANCHY_TRACE_MAX 64

/* What is known while a trace is made. */
struct builder {
  /* constant propagation: PG32 registers whose values the trace has computed, such as addresses of callees */
  uint32_t known; /* a set; x0 is always in it */
  uint32_t value[32];
  /* inlined calls that the trace has not yet returned from: their steps, innermost last */
  uint32_t calls;
  uint8_t call[JIT_TRACE_MAX];
  /* sets of the page's words */
  uint32_t not_inlined[PAGE_WORDS / 32]; /* calls that must stay out of line */
  uint32_t seen[PAGE_WORDS / 32]; /* those of the trace, without the callees that it has returned from */
};

/* ---- constant propagation ---- */

static void set_value(struct builder *b, unsigned rd, bool known, uint32_t value) {
  if (rd == 0) return;
  b->known = known ? b->known | 1u << rd : b->known & ~(1u << rd);
  b->value[rd] = value;
}

static bool is_known(const struct builder *b, unsigned r) { return b->known >> r & 1; }

static void propagate(struct builder *b, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const uint32_t imm = (uint32_t)i->imm;
  switch (i->id) {
  case PG32_lui: set_value(b, i->rd, true, imm << 12); break;
  case PG32_auipc: set_value(b, i->rd, true, s->pc + (imm << 12)); break;
  case PG32_addi: set_value(b, i->rd, is_known(b, i->rs1), b->value[i->rs1] + imm); break;
  case PG32_jal:
  case PG32_jalr: set_value(b, i->rd, true, s->pc + 4); break;
  default: set_value(b, i->rd, false, 0);
  }
}

/* ---- branches, jumps, calls ---- */

/* Is a branch more often taken than not, by the hotness of both ways? Where that says nothing: is it a
 * backward one? */
static bool is_usually_taken(const struct jit_page *page, const struct jit_step *s) {
  const uint32_t target = s->pc + (uint32_t)s->insn.imm, next = s->pc + 4;
  if ((target & PAGE_MASK) != page->vpage) return false;
  if ((next & PAGE_MASK) != page->vpage) return true;
  const uint8_t a = page->hotness[jit_word_index(target)], b = page->hotness[jit_word_index(next)];
  return a != b ? a > b : s->insn.imm < 0;
}

/* The return address of the innermost inlined call; 0 = there is none. */
static uint32_t innermost_return(const struct jit_trace *t, const struct builder *b) {
  return b->calls ? t->step[b->call[b->calls - 1]].pc + 4 : 0;
}

/* The target of a jalr, known or predicted, into s->callee and t->target; false if there is none. A return
 * whose address the callee has loaded from memory is predicted to go after the innermost inlined call. */
static bool find_target(struct jit *j, struct jit_trace *t, const struct builder *b, struct jit_step *s) {
  uint32_t to = (b->value[s->insn.rs1] + (uint32_t)s->insn.imm) & ~1u;
  if (!is_known(b, s->insn.rs1)) {
    to = jit_is_return(&s->insn) ? innermost_return(t, b) : jit_predicted_target(j, s->pc);
    s->predicted = to != 0;
  }
  if (to & 3 || (!s->predicted && !is_known(b, s->insn.rs1))) return s->predicted = false;
  s->callee = t->target = to;
  return true;
}

/* The trace has returned from the callee of step `call`: it may be inlined again. */
static void forget_callee(const struct jit_trace *t, struct builder *b, uint32_t call) {
  for (uint32_t i = call + 1; i < t->n; i++) jit_set_remove(b->seen, jit_word_index(t->step[i].pc));
}

/* If s is a return from the innermost inlined call, that call is over. */
static void match_return(struct jit_trace *t, struct builder *b, const struct jit_step *s) {
  if (!s->taken || s->insn.rd != 0 || s->insn.id != PG32_jalr) return;
  if (b->calls && t->target == innermost_return(t, b)) forget_callee(t, b, b->call[--b->calls]);
}

/* If s is a call, it is inlined, or left out of line: the trace then continues after it, and knows no
 * register. */
static void match_call(struct jit_trace *t, struct builder *b, struct jit_step *s) {
  if (!jit_is_call(&s->insn)) return;
  const bool known = s->insn.id == PG32_jal || s->taken;
  s->out_of_line = !known || (t->target & PAGE_MASK) != t->page->vpage ||
                   jit_set_has(b->not_inlined, jit_word_index(s->pc));
  if (!s->out_of_line) {
    b->call[b->calls++] = (uint8_t)(s - t->step);
    return;
  }
  s->callee = known ? t->target : 0;
  t->target = s->pc + 4;
  b->known = 1;
}

/* ---- the trace ---- */

/* Sets t->target to where the step leads. */
static void follow(const struct machine *m, struct jit_trace *t, struct builder *b, struct jit_step *s) {
  const enum pg32_shape shape = pg32_row(s->insn.id)->shape;
  t->target = s->pc + 4;
  if (shape == PG32_SHAPE_JUMP) t->target = s->pc + (uint32_t)s->insn.imm;
  if (shape == PG32_SHAPE_BRANCH && (s->taken = is_usually_taken(t->page, s)))
    t->target = s->pc + (uint32_t)s->insn.imm;
  if (s->insn.id == PG32_jalr) s->taken = find_target(m->jit, t, b, s);
  propagate(b, s);
  match_return(t, b, s);
  match_call(t, b, s);
  if (s->predicted && s->insn.rd != s->insn.rs1 && !s->out_of_line)
    set_value(b, s->insn.rs1, true, t->target - (uint32_t)s->insn.imm);
}

/* May a trace continue after the step? */
static bool goes_on(const struct jit_step *s) {
  if (jit_returns(s->insn.id)) return true;
  if (pg32_row(s->insn.id)->class != PG32_INNOCUOUS) return false;
  return s->insn.id != PG32_jalr || s->taken || s->out_of_line;
}

/* Appends the instruction at pc. True if the trace continues, at t->target. */
static bool append(const struct machine *m, struct jit_trace *t, struct builder *b, uint32_t pc) {
  struct jit_step *s = &t->step[t->n];
  *s = (struct jit_step){.insn = pg32_decode(ram_word(m, t->page->page | (pc & ~PAGE_MASK))), .pc = pc};
  t->target = pc;
  t->end = JIT_END_LINK;
  if (s->insn.id == PG32_ILLEGAL || !jit_can_emit(s->insn.id)) return false;
  t->n++;
  follow(m, t, b, s);
  if (goes_on(s)) return true;
  t->end = JIT_END_LAST_STEP;
  return false;
}

static void reset(struct jit_trace *t, struct builder *b, uint32_t pc) {
  memset(b->seen, 0, sizeof b->seen);
  b->known = 1;
  b->calls = 0;
  t->n = 0;
  t->target = pc;
  const bool at_loop = t->parent && jit_set_has(t->page->loop_heads, jit_word_index(pc));
  t->end = at_loop ? JIT_END_ENTER_LOOP : JIT_END_LINK;
}

/* A trace continues until it leaves its page, comes to its own beginning or to another loop, or is long
 * enough. Where it comes to another block's instructions, it continues with a copy of them: jumps cost more
 * than code. */
static void make(const struct machine *m, struct jit_trace *t, struct builder *b, uint32_t pc) {
  const struct jit_page *page = t->page;
  uint32_t index = jit_word_index(pc);
  bool branches = false;
  reset(t, b, pc);
  while (t->end == JIT_END_LINK && append(m, t, b, t->target)) {
    const struct jit_step *last = &t->step[t->n - 1];
    if (!last->taken || last->insn.id != PG32_jalr) jit_set_add(b->seen, index);
    branches |= pg32_row(last->insn.id)->shape == PG32_SHAPE_BRANCH;
    index = jit_word_index(t->target);
    if ((t->target & PAGE_MASK) != page->vpage) return;
    if (t->target == pc && !t->parent)
      t->end = JIT_END_LOOP;
    else if (jit_set_has(page->loop_heads, index))
      t->end = JIT_END_ENTER_LOOP;
    else if (t->n == JIT_TRACE_MAX || (branches && t->n >= BRANCHY_TRACE_MAX) || jit_set_has(b->seen, index))
      return;
  }
}

/* Does the trace end with a call of a function that it is in the middle of? */
static bool recurs(const struct jit_trace *t, const struct builder *b) {
  return b->calls && b->call[b->calls - 1] == t->n - 1 &&
         (t->end == JIT_END_LOOP || jit_set_has(b->seen, jit_word_index(t->target)));
}

/* Recursive calls are not inlined: a recursive function returns to many places, for which the return-address
 * stack is better. */
void jit_trace_make(const struct machine *m, struct jit_trace *t, uint32_t pc) {
  struct builder b = {0};
  make(m, t, &b, pc);
  while (recurs(t, &b)) {
    jit_set_add(b.not_inlined, jit_word_index(t->step[t->n - 1].pc));
    make(m, t, &b, pc);
  }
}
