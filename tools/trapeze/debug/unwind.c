/* unwind.c - from a frame to that of its caller.
 *
 * Where the caller's registers are, unwind_code.c says. A return address counts only if a call stands before
 * it that can have led here: a kernel's trap handler, for example, is not called, and what it finds in ra is
 * the interrupted program's. */
#include <string.h>

#include "unwind.h"

/* ---- calls ---- */

static bool insn_at(struct image *i, uint32_t address, struct pg32_insn *insn) {
  uint32_t word;
  if (!image_word(i, address, &word)) return false;
  return *insn = pg32_decode(word), true;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == RA; }

#define TAIL_CALLS 32 /* functions that are followed at most, from a call to where it has led */

struct tail_calls { /* functions that tail calls lead to, each once */
  uint32_t start[TAIL_CALLS];
  unsigned n;
};

static void tail_call(struct tail_calls *all, uint32_t start) {
  for (unsigned k = 0; k < all->n; k++)
    if (all->start[k] == start) return;
  if (all->n < TAIL_CALLS) all->start[all->n++] = start;
}

/* Notes where the function jumps to outside itself. True: it also jumps to where a register says, which may
 * be anywhere. */
static bool tail_calls_of(const struct unwind_function *f, struct tail_calls *all) {
  bool anywhere = false;
  for (uint32_t k = 0; k < f->n; k++) {
    const struct pg32_insn i = pg32_decode(f->code[k]);
    const bool branch = i.id != PG32_ILLEGAL && pg32_row(i.id)->shape == PG32_SHAPE_BRANCH;
    anywhere |= i.id == PG32_jalr && i.rd == 0 && i.rs1 != RA;
    if (!branch && !(i.id == PG32_jal && i.rd == 0)) continue;
    if (k + (uint32_t)(i.imm / 4) >= f->n) tail_call(all, f->start + 4 * k + (uint32_t)i.imm);
  }
  return anywhere;
}

/* Can the call before `ra` have led to the function at `start`, directly or by tail calls? A call through a
 * register may lead anywhere. */
static bool called_from(struct image *i, uint32_t ra, uint32_t start) {
  struct pg32_insn call;
  if (!insn_at(i, ra - 4, &call) || !is_call(call)) return false;
  if (call.id == PG32_jalr) return true;
  struct tail_calls all = {.start = {ra - 4 + (uint32_t)call.imm}, .n = 1};
  for (unsigned k = 0; k < all.n; k++) {
    const struct unwind_function *f = unwind_function(i, all.start[k]);
    if (all.start[k] == start || (f && f->start == start)) return true;
    if (f && tail_calls_of(f, &all)) return true;
  }
  return false;
}

/* ---- the caller's registers ---- */

static bool load(struct debug *d, const struct frame_regs *r, uint32_t address, uint32_t *value) {
  uint32_t pa;
  if (!mmu_recall(d, r->status, address, &pa)) return false;
  return memory_word(d, true, pa, value);
}

static bool cfa_of(const struct frame_state *s, const struct frame_regs *r, uint32_t *cfa) {
  if (s->base != NOWHERE && !(s->by_sp && s->depth != NOWHERE))
    return *cfa = r->x[S0] + (uint32_t)s->base, true;
  if (s->depth != NOWHERE) return *cfa = r->x[SP] + (uint32_t)s->depth, true;
  return s->other && (*cfa = r->x[s->other] + (uint32_t)s->other_offset, true);
}

static void note_computed(struct frame_regs *r, unsigned k) {
  r->computed |= 1u << k;
  r->saved &= ~(1u << k);
}

/* Register k of the caller, which so far is that of `inner`. */
static bool apply(struct debug *d, struct frame_rule rule, uint32_t cfa, const struct frame_regs *inner,
                  struct frame_regs *r, unsigned k) {
  switch (rule.kind) {
  case RULE_OFFSET:
    r->at[k] = cfa + (uint32_t)rule.n;
    r->saved |= 1u << k;
    r->computed &= ~(1u << k);
    return load(d, inner, r->at[k], &r->x[k]);
  case RULE_VALUE: return note_computed(r, k), r->x[k] = cfa + (uint32_t)rule.n, true;
  case RULE_REGISTER: return note_computed(r, k), r->x[k] = inner->x[rule.n & 31], true;
  default: return true;
  }
}

static bool restore(struct debug *d, struct frame_regs *r, const struct frame_state *s) {
  const struct frame_regs inner = *r;
  uint32_t cfa;
  if (!cfa_of(s, &inner, &cfa)) return false;
  r->x[SP] = cfa;
  note_computed(r, SP);
  for (unsigned k = 1; k < 32; k++)
    if (!apply(d, s->rule[k], cfa, &inner, r, k)) return false;
  return true;
}

/* Is there a return address that this frame has not lost? In a caller, ra holds that of its own call. */
static bool returns(const struct unwind_function *f, const struct frame_state *s, bool innermost) {
  const enum rule_kind kind = s->rule[f->return_column].kind;
  if (kind == RULE_UNDEFINED || kind == RULE_UNKNOWN) return false;
  return kind != RULE_SAME || innermost || f->return_column != RA;
}

static bool to_caller(struct debug *d, struct image *i, const struct unwind_function *f, struct frame_regs *r,
                      bool innermost) {
  const struct frame_state *s = unwind_state(f, innermost ? r->pc : r->pc - 4);
  if (!returns(f, s, innermost) || !restore(d, r, s)) return false;
  r->pc = r->x[f->return_column];
  if (!r->pc) return false;
  if (s->rule[SP].kind != RULE_SAME) return true; /* longjmp's: the call that it returns from is setjmp's */
  return called_from(i, r->pc, f->start);
}

/* ---- code without frames ---- */

/* Is this a kernel's trap entry in assembly, without a table? It has no caller; the lane that trapped comes
 * next. */
static bool of_the_vector(const struct debug *d, struct image *i, uint32_t lane, uint32_t pc) {
  struct pg32_lines_place at;
  if (d->lanes[lane].kind != LANE_KERNEL || !pg32_lines_at(i->lines, pc, &at) || !at.file) return false;
  return strlen(at.file) > 2 && strcmp(at.file + strlen(at.file) - 2, ".S") == 0;
}

/* The PC is in no function, as after a call through a null pointer: has a call just put its return address in
 * ra? */
static bool from_return_address(struct image *i, struct frame_regs *r) {
  struct pg32_insn call;
  if (!i || !insn_at(i, r->x[RA] - 4, &call) || !is_call(call)) return false;
  return r->pc = r->x[RA], true;
}

/* ---- what others call ---- */

bool unwind(struct debug *d, uint32_t lane, struct frame_regs *r, bool innermost) {
  struct image *i = image_of(d, lane);
  const uint32_t pc = innermost ? r->pc : r->pc - 4;
  const struct unwind_function *f = unwind_function(i, pc);
  if (!f) return innermost && from_return_address(i, r);
  if (!f->has_table && of_the_vector(d, i, lane, pc)) return false;
  return to_caller(d, i, f, r, innermost);
}

bool unwind_cfa(struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost, uint32_t *cfa) {
  const uint32_t pc = innermost ? r->pc : r->pc - 4;
  const struct unwind_function *f = unwind_function(image_of(d, lane), pc);
  return f && cfa_of(unwind_state(f, pc), r, cfa);
}

/* In the body sp is at its lowest, and s0, if it points into the frame at all, at one place. */
static int32_t offset_in_body(const struct unwind_function *f, unsigned reg) {
  int32_t most = NOWHERE;
  for (unsigned k = 0; k < f->n; k++) {
    const int32_t offset = reg == SP ? f->state[k].depth : f->state[k].base;
    if (f->state[k].reached && offset > most) most = offset;
  }
  return most;
}

bool unwind_body_register(struct debug *d, uint32_t lane, const struct frame_regs *r, bool innermost,
                          unsigned reg, uint32_t *value) {
  const uint32_t pc = innermost ? r->pc : r->pc - 4;
  const struct unwind_function *f = reg == SP || reg == S0 ? unwind_function(image_of(d, lane), pc) : NULL;
  const int32_t offset = f ? offset_in_body(f, reg) : NOWHERE;
  return offset != NOWHERE && cfa_of(unwind_state(f, pc), r, value) && (*value -= (uint32_t)offset, true);
}
