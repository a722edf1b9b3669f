/* jit_trace.c - traces: the instructions of one page that usually follow one another.
 *
 * Through a branch a trace goes the way that was hotter, through jumps and calls where they lead; through an
 * indirect jump, a return say, if the trace itself has made the address. */
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

/* PG32 registers whose values the trace itself has made: where calls go to and returns go back to. */
struct constants {
  uint32_t known; /* a bit each; x0's is always set */
  uint32_t value[32];
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
  if (s->insn.id == PG32_jalr) {
    const uint32_t to = (c->value[s->insn.rs1] + (uint32_t)s->insn.imm) & ~1u;
    s->taken = c->known >> s->insn.rs1 & 1 && !(to & 3);
    if (s->taken) t->target = to;
  }
  follow(c, s);
  if (jit_serves(s->insn.id) || (row->class == PG32_INNOCUOUS && (s->insn.id != PG32_jalr || s->taken)))
    return true;
  t->end = JIT_ELSEWHERE;
  return false;
}

/* A trace goes on until its page ends, it comes to itself or to a loop, or is long enough. Into other blocks
 * it goes on with a copy of its own: jumps cost more than code. */
void jit_trace_make(const struct machine *m, struct jit_trace *t, uint32_t pc) {
  uint32_t seen[PAGE_WORDS / 32] = {0};
  struct constants constants = {.known = 1};
  const struct jit_page *page = t->page;
  uint32_t next = pc % PAGE_SIZE / 4;
  bool branches = false;
  t->n = 0;
  t->target = pc;
  t->end = t->tail_of && jit_is_marked(page->loops, next) ? JIT_ENTER : JIT_GO_ON;
  while (t->end == JIT_GO_ON && append(m, t, &constants, t->target)) {
    jit_mark(seen, next);
    branches |= pg32_row(t->step[t->n - 1].insn.id)->shape == PG32_SHAPE_BRANCH;
    next = t->target % PAGE_SIZE / 4;
    if ((t->target & PAGE_MASK) != page->vpage) return;
    if (t->target == pc && !t->tail_of)
      t->end = JIT_LOOP;
    else if (jit_is_marked(page->loops, next))
      t->end = JIT_ENTER;
    else if (t->n == JIT_MOST || (branches && t->n >= USUAL) || jit_is_marked(seen, next))
      return;
  }
}
