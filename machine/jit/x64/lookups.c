/* lookups.c - looking addresses up in the flat tables (hooks.h), and other fields of the machine that translated code
 * looks at.
 *
 * A load does not wait for the table: it uses the addend that its prediction site holds, and compares the table
 * with that. */
#include "writer.h"

#if JIT_HOST == JIT_X64

static int32_t table_offset(uint32_t kind) { return (int32_t)(kind * TABLE_ENTRIES * sizeof(uint64_t)); }
/* The entry for the page whose number is in rcx. */
static struct operand table_entry(uint32_t kind) { return mem_index(TABLES_REG, RCX, 3, table_offset(kind)); }

/* ---- prediction sites ---- */

uint8_t *jit_emit_count_misprediction(struct writer *w, uint32_t prediction, bool due) {
  x64_op(w->e, GROUP5, GRP5_DEC,
         prediction_field(w, prediction, offsetof(struct jit_prediction, misses_left)));
  return x64_jcc(w->e, due ? CC_S : CC_NS);
}

void jit_emit_request_review(struct writer *w, uint32_t prediction) {
  x64_store_imm(w->e, field(offsetof(struct machine, prediction_to_review)), prediction);
}

/* The site gets the table's addend, if the table has one, and the load uses it at once. */
void jit_emit_mispredicted_load(struct writer *w, struct slow_path *p) {
  bind_here(w->e, p->mispredicted);
  x64_op(w->e, MOV | REX_W, RDX, table_entry(TABLE_LOAD));
  x64_op(w->e, TEST | REX_W, RDX, reg(RDX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  uint8_t *review = jit_emit_count_misprediction(w, p->prediction, true);
  x64_op(w->e, MOV_TO | REX_W, RDX,
         prediction_field(w, p->prediction, offsetof(struct jit_prediction, addend)));
  x64_bind(x64_jmp(w->e), p->corrected);
  bind_here(w->e, review);
  jit_emit_request_review(w, p->prediction);
}

/* An address in the stack pointer is known long before it is needed, so that a prediction gains nothing. */
static bool worth_a_prediction(const struct writer *w, const struct jit_step *s) {
  return s->insn.rs1 != PG32_SP && jit_is_predictable(w->trace->page, s->pc);
}

/* rdx = the predicted addend of the page whose number is in rcx, or else the right one from the slow path. */
static void emit_predicted_lookup(struct writer *w, struct slow_path *p) {
  p->prediction = jit_prediction_new(w->j);
  x64_op(w->e, MOV | REX_W, RDX, prediction_field(w, p->prediction, offsetof(struct jit_prediction, addend)));
  x64_op(w->e, CMP | REX_W, RDX, table_entry(TABLE_LOAD));
  p->mispredicted = x64_jcc(w->e, CC_NE);
  p->corrected = w->e->p;
}

/* ---- loads and stores ---- */

struct operand jit_emit_lookup(struct writer *w, struct slow_path *p, uint32_t kind, unsigned va) {
  emit_page_number(w, va);
  if (kind == TABLE_LOAD && worth_a_prediction(w, p->step)) {
    emit_predicted_lookup(w, p);
    return mem_index(va, RDX, 0, 0);
  }
  x64_op(w->e, MOV | REX_W, RCX, table_entry(kind));
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  return mem_index(va, RCX, 0, 0);
}

/* A constant address needs no arithmetic, and is known to be aligned or not. */
struct operand jit_emit_constant_lookup(struct writer *w, struct slow_path *p, uint32_t kind) {
  const int32_t entry = table_offset(kind) + (int32_t)(p->address >> PAGE_SHIFT) * 8;
  x64_op(w->e, MOV | REX_W, RCX, mem(TABLES_REG, entry));
  if (p->address & (jit_access_bytes(p->step->insn.id) - 1)) p->entry[0] = x64_jmp(w->e);
  if (p->address > INT32_MAX) x64_mov_imm(w->e, RAX, p->address);
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  p->entry[1] = x64_jcc(w->e, CC_E);
  return p->address <= INT32_MAX ? mem(RCX, (int32_t)p->address) : mem_index(RAX, RCX, 0, 0);
}

void jit_emit_group_lookup(struct writer *w, struct slow_path *p, const struct access_group *g,
                           uint32_t mask) {
  struct encoder *e = w->e;
  const unsigned holder = w->host[GROUP_REG + (g - w->group)];
  if (mask) {
    x64_test_imm8(e, guest(w, g->base), mask);
    p->entry[0] = x64_jcc(e, CC_NE);
  }
  if (w->host[g->base]) {
    x64_op(e, LEA, RAX, mem(w->host[g->base], g->lo));
  } else {
    load_guest(w, RAX, g->base);
    x64_op_imm(e, GRP1_ADD, 0, reg(RAX), g->lo);
  }
  emit_page_number(w, RAX);
  x64_op(e, MOV | REX_W, holder, table_entry(g->kind));
  x64_op(e, LEA, RCX, mem(RAX, g->hi - g->lo));
  emit_page_number(w, RCX);
  x64_op(e, CMP | REX_W, holder, table_entry(g->kind));
  p->entry[1] = x64_jcc(e, CC_NE);
  x64_op(e, TEST | REX_W, holder, reg(holder));
  p->entry[2] = x64_jcc(e, CC_E);
  x64_op(e, ADD | REX_W, holder, reg(RAX));
}

struct operand jit_emit_in_group(struct writer *w, const struct access_group *g, int32_t offset) {
  return mem(w->host[GROUP_REG + (g - w->group)], offset - g->lo);
}

/* ---- fetches ---- */

void jit_emit_fetch_lookup(struct writer *w) {
  emit_page_number(w, RAX);
  x64_op(w->e, MOV | REX_W, RCX, table_entry(TABLE_FETCH));
  x64_op(w->e, TEST | REX_W, RCX, reg(RCX));
  jump_to_thunk_if(w, COND_EQ, THUNK_INDIRECT);
  x64_op(w->e, MOV, RDX, reg(RAX));
  x64_op_imm(w->e, GRP1_AND, 0, reg(RDX), PAGE_SIZE - 4);
}

void jit_emit_lookup_jump(struct writer *w) {
  jit_emit_fetch_lookup(w);
  x64_op(w->e, GROUP5, GRP5_JMP, mem_index(RCX, RDX, 1, 0));
}

uint32_t jit_emit_page_check(struct writer *w, uint32_t va, const struct jit_page *page) {
  const int32_t entry = table_offset(TABLE_FETCH) + (int32_t)(va >> PAGE_SHIFT) * 8;
  x64_cmp_imm32(w->e, mem(TABLES_REG, entry), (uint32_t)(uintptr_t)page);
  return code_offset(w->e) - 4;
}

/* ---- the machine ---- */

void jit_emit_status(struct writer *w, unsigned r) {
  x64_op(w->e, MOV, r, field(offsetof(struct machine, status)));
}

uint8_t *jit_emit_jump_if_user(struct writer *w) {
  x64_test_imm8(w->e, field(offsetof(struct machine, status)), ST_U);
  return x64_jcc(w->e, CC_NE);
}

uint8_t *jit_emit_jump_if_marks(struct writer *w) {
  x64_op_imm(w->e, GRP1_CMP, REX_W, field(offsetof(struct machine, observer.mark)), 0);
  return x64_jcc(w->e, CC_NE);
}

#endif
