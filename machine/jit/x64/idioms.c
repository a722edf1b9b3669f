/* idioms.c - what PG32 says in several instructions and the host in one: rotations, and products of
 * 64 bits.
 *
 * None of them can leave the block, so that what nothing reads any more need not be made. */
#include "writer.h"

#if JIT_HOST

static const struct pg32_insn *insn_at(const struct writer *w, uint32_t k) { return &w->trace->step[k].insn; }

/* After these n instructions, which began with step k: nothing is known of what they wrote. */
static void wrote(struct writer *w, uint32_t k, uint32_t n) {
  for (uint32_t i = k; i < k + n; i++) {
    forget_guest(w, insn_at(w, i)->rd);
    if (!places_dead(w, insn_at(w, i)->rd, k + n)) places_wrote(w, insn_at(w, i));
  }
}

/* ---- rotations: a << n and a >> (32 - n), put together ---- */

static bool same_pair(unsigned a, unsigned b, unsigned c, unsigned d) {
  return (a == c && b == d) || (a == d && b == c);
}

static bool is_rotation(const struct writer *w, uint32_t k) {
  if (w->trace->n < k + 3) return false;
  const struct pg32_insn *a = insn_at(w, k), *b = insn_at(w, k + 1), *c = insn_at(w, k + 2);
  const bool shifts =
      (a->id == PG32_slli && b->id == PG32_srli) || (a->id == PG32_srli && b->id == PG32_slli);
  const bool joins = c->id == PG32_or || c->id == PG32_xor || c->id == PG32_add;
  return shifts && joins && a->rs1 == b->rs1 && a->imm + b->imm == 32 && a->rd != a->rs1 && a->rd != b->rd &&
         a->rd && b->rd && c->rd && same_pair(a->rd, b->rd, c->rs1, c->rs2);
}

static void emit_rotate(struct writer *w, unsigned rd, unsigned rs, int32_t right) {
  const unsigned r = target_of(w, rd);
  if (w->bmi2) {
    rotate_bmi2(w, r, guest(w, rs), (uint32_t)right);
  } else {
    load_guest(w, r, rs);
    ins(w, SHIFT, S_ROR, reg(r));
    byte(w, (uint32_t)right);
  }
  store_guest(w, rd, r);
}

/* The parts that somebody may still read are made too: one that is not in the way of the source before the
 * whole, the other after it. */
static void emit_part(struct writer *w, uint32_t k, const struct pg32_insn *part, bool in_place) {
  if ((part->rd == part->rs1) != in_place || part->rd == insn_at(w, k + 2)->rd) return;
  if (places_dead(w, part->rd, k + 3)) return;
  emit_shift_imm(w, part->id == PG32_slli ? S_SHL : S_SHR, part->rd, part->rs1, part->imm);
}

static uint32_t emit_rotation(struct writer *w, uint32_t k) {
  const struct pg32_insn *first = insn_at(w, k), *second = insn_at(w, k + 1);
  const int32_t right = first->id == PG32_srli ? first->imm : second->imm;
  places_for(w, k, 3);
  emit_part(w, k, first, false);
  emit_part(w, k, second, false);
  emit_rotate(w, insn_at(w, k + 2)->rd, first->rs1, right);
  emit_part(w, k, second, true);
  wrote(w, k, 3);
  return 3;
}

/* ---- both halves of a product ---- */

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
  const struct pg32_insn *high = insn_at(w, high_first ? k : k + 1),
                         *low = insn_at(w, high_first ? k + 1 : k);
  places_for(w, k, 2);
  emit_multiply(w, high->rs1, high->rs2, high->id != PG32_mulhu, high->id == PG32_mulh);
  store_guest(w, low->rd, RAX);
  ins(w, SHIFT | WIDE, S_SHR, reg(RAX));
  byte(w, 32);
  store_guest(w, high->rd, RAX);
  wrote(w, k, 2);
  return 2;
}

uint32_t idiom_emit(struct writer *w, uint32_t k) {
  return is_rotation(w, k) ? emit_rotation(w, k) : is_product(w, k) ? emit_product(w, k) : 0;
}

#endif
