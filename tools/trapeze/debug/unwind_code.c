/* unwind_code.c - the state of a function's frame at each of its instructions.
 *
 * The code is followed from the beginning of the function, along every path. On the way it is noted where sp
 * moves, where s0 becomes a frame pointer, and where registers that the function must preserve are stored and
 * loaded back.
 *
 * Where a function has a table, its rows say all this, and replace what has been noted wherever a row begins.
 * Between two beginnings the code is followed all the same, because compilers (clang 14 is one) leave the
 * ends of functions, where the frame is taken down, out of their tables: by the table alone, a `ret` behind
 * `addi sp, sp, 16` would still have its frame. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "unwind.h"

#define CODE 8192 /* instructions of a function that are read at most */

struct walk {
  struct unwind_function *f;
  const struct table *table; /* NULL = none */
  unsigned paths;
  uint32_t *path;   /* places from which to read on */
  bool *after_call; /* places to go on from when there are no others: the call may never return */
};

/* ---- the function ---- */

/* Is what begins at `start` a variable? A jump there is a jump to nowhere. */
static bool is_object(struct image *i, uint32_t start) {
  size_t n;
  const struct pg32_lines_symbol *all = pg32_lines_symbols(i->lines, &n);
  for (size_t k = 0; k < n && all[k].address <= start; k++)
    if (all[k].address == start && all[k].type == STT_OBJECT) return true;
  return false;
}

/* From the table, else from the symbols. */
static bool bounds(struct image *i, uint32_t pc, const struct table *t, uint32_t *start, uint32_t *end) {
  struct pg32_lines_place at;
  if (t) return *start = t->start, *end = t->end, true;
  if (!i->lines || !pg32_lines_at(i->lines, pc, &at) || !at.function) return false;
  *start = pc - at.offset;
  *end = image_function_end(i, *start);
  return !is_object(i, *start);
}

static struct unwind_function *read_function(struct image *i, uint32_t start, uint32_t end) {
  struct unwind_function *f = must(calloc(1, sizeof *f));
  f->start = start;
  f->code = must(malloc(CODE * sizeof *f->code));
  while (f->n < CODE && start + 4 * f->n < end && image_word(i, start + 4 * f->n, &f->code[f->n])) f->n++;
  f->state = must(calloc(f->n + 1, sizeof *f->state));
  return f;
}

/* ---- what an instruction does to the frame ---- */

static bool preserved(unsigned r) { return r == RA || r == S0 || r == 9 || (r >= 18 && r <= 27); }

/* A constant that will be added to sp: a large frame takes lui and addi, then add. */
static void follow_constant(struct frame_state *s, struct pg32_insn i) {
  if (i.id == PG32_lui)
    s->constant = i.rd, s->value = (uint32_t)i.imm << 12;
  else if (i.id == PG32_addi && i.rs1 == 0)
    s->constant = i.rd, s->value = (uint32_t)i.imm;
  else if (i.id == PG32_addi && i.rs1 == s->constant && i.rd)
    s->constant = i.rd, s->value += (uint32_t)i.imm;
  else if (i.rd == s->constant)
    s->constant = 0;
}

static int32_t less(int32_t from, int32_t by) { return from == NOWHERE ? NOWHERE : from - by; }

static void move_stack(struct frame_state *s, struct pg32_insn i) {
  const bool sum = i.id == PG32_add || i.id == PG32_sub;
  if (i.id == PG32_addi && i.rs1 == SP)
    s->depth = less(s->depth, i.imm);
  else if (i.id == PG32_addi && i.rs1 == S0)
    s->depth = less(s->base, i.imm);
  else if (sum && i.rs1 == SP && s->constant && i.rs2 == s->constant)
    s->depth = less(s->depth, i.id == PG32_add ? (int32_t)s->value : -(int32_t)s->value);
  else if (sum && i.rs1 == S0 && s->constant && i.rs2 == s->constant)
    s->depth = less(s->base, i.id == PG32_add ? (int32_t)s->value : -(int32_t)s->value);
  else
    s->depth = NOWHERE;
}

/* Where a load or store goes, as an offset from the CFA. */
static int32_t slot(const struct frame_state *s, struct pg32_insn i) {
  const int32_t from = i.rs1 == SP ? s->depth : i.rs1 == S0 ? s->base : NOWHERE;
  return from == NOWHERE ? NOWHERE : i.imm - from;
}

static bool writes_rd(struct pg32_insn i) {
  const enum pg32_shape shape = i.id == PG32_ILLEGAL ? PG32_SHAPE_BRANCH : pg32_row(i.id)->shape;
  return shape != PG32_SHAPE_BRANCH && shape != PG32_SHAPE_STORE;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == RA; }

static void execute(struct frame_state *s, struct pg32_insn i, bool has_table) {
  const int32_t at = slot(s, i);
  if (i.id == PG32_sw && at != NOWHERE && preserved(i.rs2) && s->rule[i.rs2].kind == RULE_SAME && !has_table)
    s->rule[i.rs2] = (struct frame_rule){RULE_OFFSET, at};
  if (!writes_rd(i)) return;
  if (is_call(i) && s->rule[RA].kind == RULE_SAME) s->rule[RA].kind = RULE_UNDEFINED;
  const bool points_at_frame = i.id == PG32_addi && i.rs1 == SP && s->depth != NOWHERE;
  struct frame_rule *r = &s->rule[i.rd];
  if (i.id == PG32_lw && at != NOWHERE && preserved(i.rd) && r->kind == RULE_OFFSET && r->n == at)
    *r = (struct frame_rule){RULE_SAME, 0};
  if (i.rd == SP) move_stack(s, i);
  if (i.rd == S0) s->base = points_at_frame ? s->depth - i.imm : NOWHERE;
  if (i.rd && i.rd == s->other) s->other = 0;
  follow_constant(s, i);
}

/* ---- along every path ---- */

/* The row that begins at `address`; NULL if none does. */
static const struct table_row *row_from(const struct table *t, uint32_t address) {
  for (size_t i = 0; t && i < t->rows; i++)
    if (t->row[i].address == address) return &t->row[i];
  return NULL;
}

/* The row that holds at `address`. */
static const struct table_row *row_at(const struct table *t, uint32_t address) {
  size_t i = t->rows - 1;
  while (i && t->row[i].address > address) i--;
  return &t->row[i];
}

/* What a row says replaces what is known; which registers point into the frame is known from the code, too. */
static void take_row(struct frame_state *s, const struct table_row *row) {
  memcpy(s->rule, row->rule, sizeof s->rule);
  s->by_sp = row->reg == SP;
  if (row->reg == SP) s->depth = row->offset;
  if (row->reg == S0) s->base = row->offset;
  s->other = row->reg > 0 && row->reg != SP && row->reg != S0 ? row->reg : 0;
  s->other_offset = row->offset;
  if (s->other) s->depth = s->base = NOWHERE;
}

/* Where paths meet, s0 counts as a frame pointer only if both paths agree; in all other respects compilers
 * keep the state of both paths alike. */
static void go_on(struct walk *w, struct frame_state s, uint32_t at) {
  if (at >= w->f->n) return;
  struct frame_state *there = &w->f->state[at];
  const struct table_row *row = row_from(w->table, w->f->start + 4 * at);
  if (row) take_row(&s, row);
  if (!there->reached)
    *there = s;
  else if (there->base != s.base && there->base != NOWHERE)
    there->base = NOWHERE;
  else
    return;
  w->path[w->paths++] = at;
}

static bool branches(struct pg32_insn i) {
  return i.id != PG32_ILLEGAL && pg32_row(i.id)->shape == PG32_SHAPE_BRANCH;
}

static void go_on_from(struct walk *w, uint32_t at) {
  const struct pg32_insn i = pg32_decode(w->f->code[at]);
  const bool jump = i.id == PG32_jal || i.id == PG32_jalr;
  struct frame_state s = w->f->state[at];
  execute(&s, i, w->table);
  if (branches(i) || (i.id == PG32_jal && i.rd == 0)) go_on(w, s, at + (uint32_t)(i.imm / 4));
  if (is_call(i))
    w->after_call[at] = true;
  else if (!(jump && i.rd == 0) && i.id != PG32_rfe)
    go_on(w, s, at + 1);
}

/* Goes on behind the first call from which no path has gone on yet. False: there is none. */
static bool go_on_after_call(struct walk *w) {
  for (uint32_t at = 0; at < w->f->n; at++) {
    if (!w->after_call[at]) continue;
    w->after_call[at] = false;
    struct frame_state s = w->f->state[at];
    execute(&s, pg32_decode(w->f->code[at]), w->table);
    return go_on(w, s, at + 1), true;
  }
  return false;
}

/* Code that no path has reached is behind a jump through a table, whose state it takes: the latest one before
 * it in the code. If there is none, that of the latest instruction that has been reached. */
static void before_unreached(const struct walk *w, uint32_t at, struct frame_state *s) {
  const struct unwind_function *f = w->f;
  uint32_t latest = at - 1;
  for (uint32_t from = at; from-- > 0;) {
    const struct pg32_insn i = pg32_decode(f->code[from]);
    if (!f->state[from].reached || i.id != PG32_jalr || i.rd || i.rs1 == RA) continue;
    latest = from;
    break;
  }
  *s = f->state[latest];
}

static bool go_on_unreached(struct walk *w) {
  struct frame_state s;
  uint32_t at = 0;
  while (at < w->f->n && w->f->state[at].reached) at++;
  if (at == w->f->n) return false;
  before_unreached(w, at, &s);
  if (w->table) take_row(&s, row_at(w->table, w->f->start + 4 * at));
  return go_on(w, s, at), true;
}

static void follow(struct walk *w) {
  struct frame_state s = {.reached = true, .base = NOWHERE};
  w->path = must(calloc(2 * (size_t)w->f->n + 1, sizeof *w->path));
  w->after_call = must(calloc(w->f->n + 1, sizeof *w->after_call));
  go_on(w, s, 0);
  do
    while (w->paths) go_on_from(w, w->path[--w->paths]);
  while (go_on_after_call(w) || go_on_unreached(w));
  free(w->path);
  free(w->after_call);
}

/* ---- what is known of an image ---- */

static struct unwind_function *analyze(struct image *i, uint32_t pc) {
  struct table table;
  uint32_t start, end;
  const bool has_table = table_read(i, pc, &table);
  if (!bounds(i, pc, has_table ? &table : NULL, &start, &end)) return NULL;
  struct unwind_function *f = read_function(i, start, end);
  f->has_table = has_table;
  f->return_column = has_table ? table.return_column : RA;
  follow(&(struct walk){.f = f, .table = has_table ? &table : NULL});
  if (has_table) free(table.row);
  return f;
}

const struct unwind_function *unwind_function(struct image *i, uint32_t pc) {
  if (!i) return NULL;
  struct unwind_function *f = i->functions;
  while (f && (pc < f->start || (pc - f->start) / 4 >= f->n)) f = f->next;
  if (f) return f;
  f = analyze(i, pc);
  if (f && (pc - f->start) / 4 >= f->n) return unwind_free(f), NULL; /* not a function's code */
  if (!f) return NULL;
  f->next = i->functions;
  return i->functions = f;
}

void unwind_free(struct unwind_function *f) {
  while (f) {
    struct unwind_function *next = f->next;
    free(f->state);
    free(f->code);
    free(f);
    f = next;
  }
}

const struct frame_state *unwind_state(const struct unwind_function *f, uint32_t pc) {
  return &f->state[(pc - f->start) / 4];
}
