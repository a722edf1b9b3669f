/* lookups.c - looking addresses up in the flat tables (hooks.h), and other fields of the machine that translated code
 * looks at.
 *
 * A load does not wait for the table: it uses the addend that its prediction site holds, and compares the table
 * with that. */
#include "writer.h"

#if JIT_HOST == JIT_A64

#define TABLE_BYTES (TABLE_ENTRIES * sizeof(uint64_t))

static unsigned table_of(uint32_t kind) { return kind == TABLE_LOAD ? LOADS : STORES; }

/* r = the entry for the address in va. Changes TEMP. */
static void emit_entry(struct writer *w, unsigned r, unsigned table, unsigned va) {
  a64_lsr(w->e, 0, TEMP, va, PAGE_SHIFT);
  a64_access_indexed(w->e, SIZE_64 | LOAD, r, table, TEMP, true);
}

/* The entry for a constant address, as an operand. May change TEMP. */
static struct operand emit_constant_entry(struct writer *w, unsigned table, uint32_t va) {
  const uint32_t offset = (va >> PAGE_SHIFT) * (uint32_t)sizeof(uint64_t);
  if (offset < 0x1000) return mem(table, (int32_t)offset);
  a64_rri(w->e, ADD_IMM | WIDE, TEMP, table, offset & ~0xFFFu);
  return mem(TEMP, offset & 0xFFF);
}

/* ---- prediction sites ---- */

/* A field of a prediction, as an operand; r becomes an address near it. The instruction reaches 4 GiB around the
 * place where it is executed. */
static struct operand emit_prediction_field(struct writer *w, unsigned r, uint32_t prediction,
                                            size_t offset_in_prediction) {
  const uint8_t *at = (const uint8_t *)&w->j->predictions[prediction] + offset_in_prediction;
  const uint8_t *here = w->j->rx + code_offset(w->e);
  const int64_t pages = (int64_t)((uintptr_t)at >> 12) - (int64_t)((uintptr_t)here >> 12);
  if (pages >= -(1 << 20) && pages < 1 << 20) {
    a64_adrp(w->e, r, (int32_t)pages);
    return mem(r, (uintptr_t)at & 0xFFF);
  }
  a64_mov_imm64(w->e, r, (uintptr_t)at);
  return mem(r, 0);
}

uint8_t *jit_emit_count_misprediction(struct writer *w, uint32_t prediction, bool due) {
  const struct operand left =
      emit_prediction_field(w, 0, prediction, offsetof(struct jit_prediction, misses_left));
  host_access(w->e, SIZE_32 | LOAD, 1, left);
  a64_rri(w->e, SUBS_IMM, 1, 1, 1);
  host_access(w->e, SIZE_32, 1, left);
  return a64_b_cond(w->e, due ? CC_MI : CC_PL);
}

void jit_emit_request_review(struct writer *w, uint32_t prediction) {
  a64_mov_imm(w->e, 0, prediction);
  store_field(w, SIZE_32, 0, offsetof(struct machine, prediction_to_review));
}

/* An address in the stack pointer is known long before it is needed, so that a prediction gains nothing. */
static bool worth_a_prediction(const struct writer *w, const struct jit_step *s) {
  return s->insn.rs1 != PG32_SP && jit_is_predictable(w->trace->page, s->pc);
}

/* TEMP2 = the predicted addend for the address in va, or else the right one from the slow path. */
static void emit_predicted_lookup(struct writer *w, struct slow_path *p, unsigned va) {
  p->prediction = jit_prediction_new(w->j);
  const struct operand addend =
      emit_prediction_field(w, TEMP2, p->prediction, offsetof(struct jit_prediction, addend));
  host_access(w->e, SIZE_64 | LOAD, TEMP2, addend);
  emit_entry(w, TEMP, LOADS, va);
  a64_rrr(w->e, SUBS | WIDE, ZR, TEMP2, TEMP);
  p->mispredicted = a64_b_cond(w->e, CC_NE);
  p->corrected = w->e->p;
}

/* TEMP is the table's addend. The site gets it, if the table has one, and the load uses it at once. */
void jit_emit_mispredicted_load(struct writer *w, struct slow_path *p) {
  bind_here(w->e, p->mispredicted);
  p->entry[1] = a64_cbz(w->e, WIDE, TEMP);
  uint8_t *review = jit_emit_count_misprediction(w, p->prediction, true);
  a64_mov(w->e, WIDE, TEMP2, TEMP);
  host_access(w->e, SIZE_64, TEMP2,
              emit_prediction_field(w, 0, p->prediction, offsetof(struct jit_prediction, addend)));
  a64_bind(a64_b(w->e), p->corrected);
  bind_here(w->e, review);
  jit_emit_request_review(w, p->prediction);
}

/* ---- loads and stores ---- */

struct operand jit_emit_lookup(struct writer *w, struct slow_path *p, uint32_t kind, unsigned va) {
  if (kind == TABLE_LOAD && worth_a_prediction(w, p->step)) {
    emit_predicted_lookup(w, p, va);
    return mem_index(TEMP2, va);
  }
  emit_entry(w, TEMP, table_of(kind), va);
  p->entry[1] = a64_cbz(w->e, WIDE, TEMP);
  return mem_index(TEMP, va);
}

/* A constant address is known to be aligned or not. */
struct operand jit_emit_constant_lookup(struct writer *w, struct slow_path *p, uint32_t kind) {
  if (p->address & (jit_access_bytes(p->step->insn.id) - 1)) p->entry[0] = a64_b(w->e);
  host_access(w->e, SIZE_64 | LOAD, TEMP, emit_constant_entry(w, table_of(kind), p->address));
  p->entry[1] = a64_cbz(w->e, WIDE, TEMP);
  if (p->address < 0x1000 && !(p->address & 3)) return mem(TEMP, (int32_t)p->address);
  a64_mov_imm(w->e, TEMP2, p->address);
  return mem_index(TEMP, TEMP2);
}

void jit_emit_group_lookup(struct writer *w, struct slow_path *p, const struct access_group *g,
                           uint32_t mask) {
  const unsigned holder = w->host[GROUP_REG + (g - w->group)], table = table_of(g->kind);
  const unsigned base = in_register(w, g->base, SCRATCH);
  if (mask) p->entry[0] = host_jump_if_any(w->e, base, mask);
  host_sum(w->e, SCRATCH, base, g->lo);
  emit_entry(w, holder, table, SCRATCH);
  host_sum(w->e, TEMP, SCRATCH, g->hi - g->lo);
  emit_entry(w, TEMP, table, TEMP);
  a64_rrr(w->e, SUBS | WIDE, ZR, holder, TEMP);
  p->entry[1] = a64_b_cond(w->e, CC_NE);
  p->entry[2] = a64_cbz(w->e, WIDE, holder);
  a64_rrr(w->e, ADD | WIDE, holder, holder, SCRATCH);
}

struct operand jit_emit_in_group(struct writer *w, const struct access_group *g, int32_t offset) {
  return mem(w->host[GROUP_REG + (g - w->group)], offset - g->lo);
}

/* ---- fetches ---- */

void jit_emit_table_registers(struct writer *w) {
  a64_rri(w->e, ADD_IMM | WIDE, STORES, LOADS, TABLE_STORE * TABLE_BYTES);
  a64_rri(w->e, ADD_IMM | WIDE, FETCHES, STORES, (TABLE_FETCH - TABLE_STORE) * TABLE_BYTES);
}

void jit_emit_fetch_lookup(struct writer *w, unsigned r) {
  emit_entry(w, TEMP, FETCHES, SCRATCH);
  uint8_t *known = a64_cbnz(w->e, WIDE, TEMP);
  jump_to_thunk(w, THUNK_INDIRECT);
  bind_here(w->e, known);
  a64_rr_mask(w->e, AND_MASK, TEMP2, SCRATCH, PAGE_SIZE - 4);
  a64_rrr_shifted(w->e, ADD | WIDE, TEMP, TEMP, TEMP2,
                  1); /* entry[] has eight bytes for each four of the page */
  a64_access(w->e, SIZE_64 | LOAD, r, TEMP, 0);
}

void jit_emit_lookup_jump(struct writer *w) {
  jit_emit_fetch_lookup(w, TEMP);
  a64_br(w->e, TEMP);
}

uint32_t jit_emit_page_check(struct writer *w, uint32_t va, const struct jit_page *page) {
  host_access(w->e, SIZE_32 | LOAD, TEMP, emit_constant_entry(w, FETCHES, va));
  uint8_t *constant = w->e->p;
  w->e->p += HOST_CONSTANT_BYTES;
  host_patch_constant(constant, (uint32_t)(uintptr_t)page);
  a64_rrr(w->e, SUBS, ZR, TEMP, TEMP2);
  return (uint32_t)(constant - w->e->base);
}

/* ---- the machine ---- */

void jit_emit_status(struct writer *w, unsigned r) {
  load_field(w, SIZE_32, r, offsetof(struct machine, status));
}

uint8_t *jit_emit_jump_if_user(struct writer *w) {
  load_field(w, SIZE_32, TEMP, offsetof(struct machine, status));
  a64_rr_mask(w->e, ANDS_MASK, ZR, TEMP, ST_U);
  return a64_b_cond(w->e, CC_NE);
}

uint8_t *jit_emit_jump_if_marks(struct writer *w) {
  load_field(w, SIZE_64, TEMP, offsetof(struct machine, observer.mark));
  return a64_cbnz(w->e, WIDE, TEMP);
}

#endif
