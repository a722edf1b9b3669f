/* idioms.c - idioms: what PG32 says in several instructions and the host in one. They are rotations, and
 * products of 64 bits.
 *
 * No instruction of an idiom can leave the trace. So a register that is dead after the idiom need not be
 * written. */
#include "writer.h"

#if JIT_HOST

static const struct pg32_insn *insn_at(const struct writer *w, uint32_t k) { return &w->trace->step[k].insn; }

/* After the n instructions from step k on: nothing is known of what they wrote. */
static void finish(struct writer *w, uint32_t k, uint32_t n) {
  for (uint32_t i = k; i < k + n; i++) {
    forget_facts(w, insn_at(w, i)->rd);
    if (!jit_regs_is_dead(w, insn_at(w, i)->rd, k + n)) jit_regs_set_dirty(w, insn_at(w, i));
  }
}

static bool same_pair(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a == c && b == d) || (a == d && b == c);
}

/* ---- rotations: a << n and a >> (32 - n), combined by or, xor or add ---- */

static bool is_rotation(const struct writer *w, uint32_t k) {
  if (w->trace->n < k + 3) return false;
  const struct pg32_insn *a = insn_at(w, k), *b = insn_at(w, k + 1), *c = insn_at(w, k + 2);
  const bool shifts =
      (a->id == PG32_slli && b->id == PG32_srli) || (a->id == PG32_srli && b->id == PG32_slli);
  const bool combines = c->id == PG32_or || c->id == PG32_xor || c->id == PG32_add;
  return shifts && combines && a->rs1 == b->rs1 && a->imm + b->imm == 32 && a->rd != a->rs1 &&
         a->rd != b->rd && a->rd && b->rd && c->rd && same_pair(a->rd, b->rd, c->rs1, c->rs2);
}

/* The result of one of the two shifts, if it is not dead. overwrites_source: do this only for a shift that
 * overwrites its source, which the rotation needs before; else, only for one that does not. */
static void emit_shift_part(struct writer *w, uint32_t k, const struct pg32_insn *shift,
                            bool overwrites_source) {
  if ((shift->rd == shift->rs1) != overwrites_source || shift->rd == insn_at(w, k + 2)->rd) return;
  if (jit_regs_is_dead(w, shift->rd, k + 3)) return;
  const unsigned kind = shift->id == PG32_slli ? SHIFT_LEFT : SHIFT_RIGHT;
  jit_emit_shift_imm(w, kind, shift->rd, shift->rs1, shift->imm);
}

static uint32_t emit_rotation(struct writer *w, uint32_t k) {
  const struct pg32_insn *first = insn_at(w, k), *second = insn_at(w, k + 1);
  const int32_t right = first->id == PG32_srli ? first->imm : second->imm;
  jit_regs_allocate(w, k, 3);
  emit_shift_part(w, k, first, false);
  emit_shift_part(w, k, second, false);
  jit_emit_rotate(w, insn_at(w, k + 2)->rd, first->rs1, (uint32_t)right);
  emit_shift_part(w, k, second, true);
  finish(w, k, 3);
  return 3;
}

/* ---- products of 64 bits: mul and one of mulh, mulhu, mulhsu ---- */

static bool is_high(enum pg32_id id) { return id == PG32_mulh || id == PG32_mulhu || id == PG32_mulhsu; }

static bool is_product(const struct writer *w, uint32_t k) {
  if (w->trace->n < k + 2) return false;
  const struct pg32_insn *a = insn_at(w, k), *b = insn_at(w, k + 1);
  const bool halves = (is_high(a->id) && b->id == PG32_mul) || (a->id == PG32_mul && is_high(b->id));
  return halves && same_pair(a->rs1, a->rs2, b->rs1, b->rs2) && a->rd != a->rs1 && a->rd != a->rs2 &&
         a->rd != b->rd && a->rd && b->rd;
}

static uint32_t emit_product(struct writer *w, uint32_t k) {
  const bool high_first = insn_at(w, k)->id != PG32_mul;
  const struct pg32_insn *high = insn_at(w, high_first ? k : k + 1);
  const struct pg32_insn *low = insn_at(w, high_first ? k + 1 : k);
  jit_regs_allocate(w, k, 2);
  jit_emit_product(w, high->rd, low->rd, high->rs1, high->rs2, high->id != PG32_mulhu, high->id == PG32_mulh);
  finish(w, k, 2);
  return 2;
}

uint32_t jit_emit_idiom(struct writer *w, uint32_t k) {
  return is_rotation(w, k) ? emit_rotation(w, k) : is_product(w, k) ? emit_product(w, k) : 0;
}

#endif
