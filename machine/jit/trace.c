/* trace.c - traces: the instructions of one page that usually follow one another.
 *
 * Through a branch a trace goes the way that was hotter, through jumps and calls where they lead; through an
 * indirect jump if the trace itself has made the address, if it is the return from a call in the trace, or if
 * it was seen to go to one place only. A call may also be left alone: the trace goes on behind it. */
#include <string.h>

#include "jit.h"

/* Instructions after which a trace with branches ends: the more of them, the less of it is executed. */
#define USUAL 64

static bool hotter(const struct jit_page *page, const struct jit_step *s) {
  const uint32_t to = s->pc + (uint32_t)s->insn.imm, on = s->pc + 4;
  if ((to & PAGE_MASK) != page->vpage) return false;
  if ((on & PAGE_MASK) != page->vpage) return true;
  const uint8_t a = page->heat[to % PAGE_SIZE / 4], b = page->heat[on % PAGE_SIZE / 4];
  return a != b ? a > b : s->insn.imm < 0;
}

/* PG32 registers whose values the trace itself has made: where calls go to and returns go back to. And the
 * calls that it has not yet returned from. */
struct constants {
  uint32_t known; /* a bit each; x0's is always set */
  uint32_t value[32];
  uint32_t calls;
  uint8_t call[JIT_MOST];         /* steps */
  uint32_t kept[PAGE_WORDS / 32]; /* words with calls that the trace does not go into */
  uint32_t seen[PAGE_WORDS / 32]; /* words of the trace, but for functions that it has returned from */
};

static void learn(struct constants *c, unsigned rd, bool known, uint32_t value) {
  if (rd == 0) return;
  c->known = known ? c->known | 1u << rd : c->known & ~(1u << rd);
  c->value[rd] = value;
}

static void follow(struct constants *c, const struct jit_step *s) {
  const struct pg32_insn *i = &s->insn;
  const bool known = c->known >> i->rs1 & 1;
  const uint32_t imm = (uint32_t)i->imm;
  switch (i->id) {
  case PG32_lui: learn(c, i->rd, true, imm << 12); break;
  case PG32_auipc: learn(c, i->rd, true, s->pc + (imm << 12)); break;
  case PG32_addi: learn(c, i->rd, known, c->value[i->rs1] + imm); break;
  case PG32_jal:
  case PG32_jalr: learn(c, i->rd, true, s->pc + 4); break;
  default: learn(c, i->rd, false, 0);
  }
}

/* Where the innermost call that is open returns to; 0 = there is none. */
static uint32_t innermost(const struct jit_trace *t, const struct constants *c) {
  return c->calls ? t->step[c->call[c->calls - 1]].pc + 4 : 0;
}

/* Does the trace know where a jalr goes, or may it guess? A function mostly returns to where it was called,
 * though its return address comes from memory. */
static bool foresee(struct jit *j, struct jit_trace *t, const struct constants *c, struct jit_step *s) {
  uint32_t to = (c->value[s->insn.rs1] + (uint32_t)s->insn.imm) & ~1u;
  if (!(c->known >> s->insn.rs1 & 1)) {
    to = jit_is_return(&s->insn) ? innermost(t, c) : jit_expected(j, s->pc);
    s->guessed = to != 0;
  }
  if (to & 3 || (!s->guessed && !(c->known >> s->insn.rs1 & 1))) return s->guessed = false;
  s->callee = t->target = to;
  return true;
}

/* The function called by step `call` may be called once more. */
static void unsee(const struct jit_trace *t, struct constants *c, uint32_t call) {
  for (uint32_t i = call + 1; i < t->n; i++)
    c->seen[t->step[i].pc % PAGE_SIZE / 128] &= ~(1u << t->step[i].pc / 4 % 32);
}

/* Pairs calls and returns; goes on behind a call that the trace should not go into. */
static void pair(struct jit_trace *t, struct constants *c, struct jit_step *s) {
  if (s->taken && s->insn.rd == 0 && s->insn.id == PG32_jalr && c->calls && t->target == innermost(t, c)) {
    unsee(t, c, c->call[--c->calls]);
  }
  if (!jit_is_call(&s->insn)) return;
  const bool known = s->insn.id == PG32_jal || s->taken;
  s->leaves =
      !known || (t->target & PAGE_MASK) != t->page->vpage || jit_is_marked(c->kept, s->pc % PAGE_SIZE / 4);
  if (!s->leaves) {
    c->call[c->calls++] = (uint8_t)(s - t->step);
    return;
  }
  s->callee = known ? t->target : 0;
  t->target = s->pc + 4;
  c->known = 1;
}

/* Appends the instruction at pc; true if the trace goes on, at t->target. */
static bool append(const struct machine *m, struct jit_trace *t, struct constants *c, uint32_t pc) {
  struct jit_step *s = &t->step[t->n];
  *s = (struct jit_step){.insn = pg32_decode(ram_word(m, t->page->page | (pc & ~PAGE_MASK))), .pc = pc};
  t->target = pc;
  t->end = JIT_GO_ON;
  if (s->insn.id == PG32_ILLEGAL || !jit_can_emit(s->insn.id)) return false;
  t->n++;
  t->target = pc + 4;
  const struct pg32_row *row = pg32_row(s->insn.id);
  if (row->shape == PG32_SHAPE_JUMP) t->target = pc + (uint32_t)s->insn.imm;
  if (row->shape == PG32_SHAPE_BRANCH && (s->taken = hotter(t->page, s)))
    t->target = pc + (uint32_t)s->insn.imm;
  if (s->insn.id == PG32_jalr) s->taken = foresee(m->jit, t, c, s);
  follow(c, s);
  pair(t, c, s);
  if (s->guessed && s->insn.rd != s->insn.rs1 && !s->leaves)
    learn(c, s->insn.rs1, true, t->target - (uint32_t)s->insn.imm);
  if (jit_serves(s->insn.id) ||
      (row->class == PG32_INNOCUOUS && (s->insn.id != PG32_jalr || s->taken || s->leaves)))
    return true;
  t->end = JIT_ELSEWHERE;
  return false;
}

/* A trace goes on until its page ends, it comes to itself or to a loop, or is long enough. Into other blocks
 * it goes on with a copy of its own: jumps cost more than code. */
static void make(const struct machine *m, struct jit_trace *t, struct constants *c, uint32_t pc) {
  const struct jit_page *page = t->page;
  uint32_t next = pc % PAGE_SIZE / 4;
  bool branches = false;
  memset(c->seen, 0, sizeof c->seen);
  c->known = 1;
  c->calls = 0;
  t->n = 0;
  t->target = pc;
  t->end = t->tail_of && jit_is_marked(page->loops, next) ? JIT_ENTER : JIT_GO_ON;
  while (t->end == JIT_GO_ON && append(m, t, c, t->target)) {
    if (!t->step[t->n - 1].taken || t->step[t->n - 1].insn.id != PG32_jalr) jit_mark(c->seen, next);
    branches |= pg32_row(t->step[t->n - 1].insn.id)->shape == PG32_SHAPE_BRANCH;
    next = t->target % PAGE_SIZE / 4;
    if ((t->target & PAGE_MASK) != page->vpage) return;
    if (t->target == pc && !t->tail_of)
      t->end = JIT_LOOP;
    else if (jit_is_marked(page->loops, next))
      t->end = JIT_ENTER;
    else if (t->n == JIT_MOST || (branches && t->n >= USUAL) || jit_is_marked(c->seen, next))
      return;
  }
}

/* Did the trace end with a call of what it is in the middle of? */
static bool recurs(const struct jit_trace *t, const struct constants *c) {
  return c->calls && c->call[c->calls - 1] == t->n - 1 &&
         (t->end == JIT_LOOP || jit_is_marked(c->seen, t->target % PAGE_SIZE / 4));
}

/* Recursion is not gone into: it returns to many places, so that a record pays. */
void jit_trace_make(const struct machine *m, struct jit_trace *t, uint32_t pc) {
  struct constants c = {0};
  make(m, t, &c, pc);
  while (recurs(t, &c)) {
    jit_mark(c.kept, t->step[t->n - 1].pc % PAGE_SIZE / 4);
    make(m, t, &c, pc);
  }
}
