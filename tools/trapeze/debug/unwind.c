/* unwind.c - the caller of a frame, found by reading the function's code: images have no unwind tables.
 *
 * The code is followed from the beginning of the function, along every path, up to the PC. On the way it is
 * noted where sp moves, where s0 becomes a frame pointer, and where registers that the function must preserve
 * are stored and loaded back. The result says where the caller's registers are. Positions in a frame are
 * relative to the CFA (DWARF's canonical frame address): the value of sp in the caller. */
#include <stdlib.h>
#include <string.h>

#include "debug.h"

#define NOWHERE INT32_MIN
#define CODE 8192 /* instructions of a function that are read at most */
enum { RA = 1, SP = 2, S0 = 8 };

struct state { /* just before an instruction */
  bool reached;
  uint8_t constant; /* register that holds `value`; 0 = none */
  uint32_t value;
  int32_t depth, base; /* CFA - sp; CFA - s0, or NOWHERE */
  int32_t saved[32];   /* offset from the CFA of the caller's value; NOWHERE = still in the register */
};

struct function {
  struct image *image;
  uint32_t start;
  unsigned n, paths;
  uint32_t code[CODE];
  struct state state[CODE];
  unsigned path[2 * CODE]; /* places from which to read on; a place where paths meet is added twice at most */
};

/* ---- the function ---- */

static bool read_function(struct function *f, struct image *i, uint32_t pc) {
  struct pg32_lines_place at;
  if (!i || !i->lines || !pg32_lines_at(i->lines, pc, &at) || !at.function) return false;
  f->image = i;
  f->start = pc - at.offset;
  uint32_t end = image_function_end(i, f->start);
  while (f->n < CODE && f->start + 4 * f->n < end && image_word(i, f->start + 4 * f->n, &f->code[f->n]))
    f->n++;
  return (pc - f->start) / 4 < f->n;
}

/* ---- what an instruction does to the frame ---- */

static bool preserved(unsigned r) { return r == RA || r == S0 || r == 9 || (r >= 18 && r <= 27); }

/* A constant that will be added to sp: a large frame takes lui and addi, then add. */
static void follow_constant(struct state *s, struct pg32_insn i) {
  if (i.id == PG32_lui)
    s->constant = i.rd, s->value = (uint32_t)i.imm << 12;
  else if (i.id == PG32_addi && i.rs1 == 0)
    s->constant = i.rd, s->value = (uint32_t)i.imm;
  else if (i.id == PG32_addi && i.rs1 == s->constant && i.rd)
    s->constant = i.rd, s->value += (uint32_t)i.imm;
  else if (i.rd == s->constant)
    s->constant = 0;
}

static void move_stack(struct state *s, struct pg32_insn i) {
  if (i.id == PG32_addi && i.rs1 == SP)
    s->depth -= i.imm;
  else if (i.id == PG32_addi && i.rs1 == S0 && s->base != NOWHERE)
    s->depth = s->base - i.imm;
  else if (i.id == PG32_addi && i.rs1 == 0 && s->base != NOWHERE)
    s->depth = s->base;
  else if ((i.id == PG32_add || i.id == PG32_sub) && i.rs1 == SP && s->constant && i.rs2 == s->constant)
    s->depth -= i.id == PG32_add ? (int32_t)s->value : -(int32_t)s->value;
}

static void execute(struct state *s, struct pg32_insn i) {
  if (i.id == PG32_sw && i.rs1 == SP && preserved(i.rs2) && s->saved[i.rs2] == NOWHERE)
    s->saved[i.rs2] = i.imm - s->depth;
  const bool points_at_frame = i.id == PG32_addi && i.rs1 == SP && s->saved[S0] != NOWHERE;
  if (i.id == PG32_lw && i.rs1 == SP && preserved(i.rd) && s->saved[i.rd] == i.imm - s->depth)
    s->saved[i.rd] = NOWHERE;
  if (i.rd == SP) move_stack(s, i);
  if (i.rd == S0) s->base = points_at_frame ? s->depth - i.imm : NOWHERE;
  follow_constant(s, i);
}

/* ---- along every path ---- */

/* Where paths meet, s0 counts as a frame pointer only if both paths agree; in all other respects compilers
 * keep the state of both paths alike. */
static void go_on(struct function *f, const struct state *s, uint32_t at) {
  if (at >= f->n) return;
  struct state *there = &f->state[at];
  if (!there->reached)
    *there = *s;
  else if (there->base != s->base && there->base != NOWHERE)
    there->base = NOWHERE;
  else
    return;
  f->path[f->paths++] = at;
}

static bool branches(struct pg32_insn i) {
  return i.id != PG32_ILLEGAL && pg32_row(i.id)->shape == PG32_SHAPE_BRANCH;
}

static void follow(struct function *f) {
  struct state s = {.reached = true, .base = NOWHERE};
  for (int r = 0; r < 32; r++) s.saved[r] = NOWHERE;
  for (go_on(f, &s, 0); f->paths;) {
    uint32_t at = f->path[--f->paths];
    struct pg32_insn i = pg32_decode(f->code[at]);
    s = f->state[at];
    execute(&s, i);
    if (branches(i) || (i.id == PG32_jal && i.rd == 0)) go_on(f, &s, at + (uint32_t)(i.imm / 4));
    if (!((i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 0)) go_on(f, &s, at + 1);
  }
}

/* Code after a jump through a table has not been reached: the state of the last instruction before it that
 * was reached is taken. */
static const struct state *state_at(const struct function *f, uint32_t pc) {
  uint32_t at = (pc - f->start) / 4;
  while (at && !f->state[at].reached) at--;
  return &f->state[at];
}

/* ---- to the caller ---- */

/* Does the instruction before `ra` call the function at `start`, directly or by a tail call? A call through a
 * register may. */
static bool called_from(struct image *i, uint32_t ra, uint32_t start) {
  uint32_t word, hop;
  if (!image_word(i, ra - 4, &word)) return false;
  struct pg32_insn call = pg32_decode(word);
  if (call.rd != RA || (call.id != PG32_jal && call.id != PG32_jalr)) return false;
  if (call.id == PG32_jalr) return true;
  uint32_t target = ra - 4 + (uint32_t)call.imm;
  for (uint32_t at = target, end = image_function_end(i, target); target != start && at < end; at += 4) {
    if (!image_word(i, at, &word)) return false;
    struct pg32_insn jump = pg32_decode(word);
    hop = at + (uint32_t)jump.imm;
    if (jump.id == PG32_jal && jump.rd == 0 && hop == start) return true; /* a tail call */
  }
  return target == start;
}

static bool load(struct debug *d, const struct frame_regs *r, uint32_t address, uint32_t *value) {
  uint32_t pa;
  if (!mmu_recall(d, r->status, address, &pa)) return false;
  return memory_word(d, true, pa, value);
}

static bool restore(struct debug *d, struct frame_regs *r, const struct state *s) {
  const struct frame_regs inner = *r;
  uint32_t cfa = s->base != NOWHERE ? inner.x[S0] + (uint32_t)s->base : inner.x[SP] + (uint32_t)s->depth;
  for (unsigned k = 1; k < 32; k++)
    if (s->saved[k] != NOWHERE && !load(d, &inner, cfa + (uint32_t)s->saved[k], &r->x[k])) return false;
  r->x[SP] = cfa;
  r->pc = r->x[RA];
  return true;
}

/* Is this a kernel's trap entry in assembly? It has no caller; the lane that trapped comes next. */
static bool of_the_vector(const struct debug *d, struct image *i, uint32_t lane, uint32_t pc) {
  struct pg32_lines_place at;
  if (d->lanes[lane].kind != LANE_KERNEL || !pg32_lines_at(i->lines, pc, &at) || !at.file) return false;
  return strlen(at.file) > 2 && strcmp(at.file + strlen(at.file) - 2, ".S") == 0;
}

/* The PC is in no function, as after a call through a null pointer: has a call just put its return address in
 * ra? */
static bool from_return_address(struct image *i, struct frame_regs *r) {
  uint32_t word;
  if (!i || !image_word(i, r->x[RA] - 4, &word)) return false;
  const struct pg32_insn call = pg32_decode(word);
  if (call.rd != RA || (call.id != PG32_jal && call.id != PG32_jalr)) return false;
  return r->pc = r->x[RA], true;
}

static bool from_code(struct debug *d, struct function *f, struct frame_regs *r, bool innermost) {
  follow(f);
  const struct state *s = state_at(f, r->pc); /* a call leaves the frame as it was */
  return (innermost || s->saved[RA] != NOWHERE) && restore(d, r, s) && r->pc &&
         called_from(f->image, r->pc, f->start);
}

bool unwind(struct debug *d, uint32_t lane, struct frame_regs *r, bool innermost) {
  struct image *i = image_of(d, lane);
  const uint32_t pc = innermost ? r->pc : r->pc - 4;
  struct function *f = must(calloc(1, sizeof *f));
  bool ok;
  if (!read_function(f, i, pc))
    ok = innermost && from_return_address(i, r);
  else
    ok = !of_the_vector(d, i, lane, pc) && from_code(d, f, r, innermost);
  free(f);
  return ok;
}
