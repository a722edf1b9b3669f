/* location.c - where a variable is: the expressions and lists of DWARF 4 and 5.
 *
 * The result is an address, a register, a value, or several such pieces. expression.c executes expressions. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "expression.h"

#define LARGEST (1u << 20) /* bytes of a variable that is put together from pieces */

/* ---- results ---- */

static bool gone(struct eval *e) {
  e->optimized_out = true;
  return eval_fail(e, 0, "optimized out");
}

static void note_homes(struct machine_state *m, struct home *home, size_t n) {
  const uint32_t at = m->result == RESULT_ADDRESS ? (uint32_t)expression_top(m) : 4 * m->reg;
  if (m->result != RESULT_ADDRESS && m->result != RESULT_REGISTER) return;
  for (uint32_t i = 0; i < n && (m->result == RESULT_ADDRESS || i < 4); i++)
    home[i] = (struct home){m->result == RESULT_ADDRESS ? HOME_MEMORY : HOME_REGISTER, at + i};
}

static bool copy_result(struct machine_state *m, uint8_t *bytes, uint8_t *known, struct home *home,
                        size_t n) {
  uint64_t bits;
  if (m->result == RESULT_ADDRESS && !m->top) return true; /* this piece has been optimized out */
  note_homes(m, home, n);
  memset(known, 1, n);
  if (m->result == RESULT_ADDRESS) {
    if (eval_read(m->e, m->e->regs.status, (uint32_t)expression_top(m), bytes, n) == n) return true;
    return eval_fail(m->e, 0, "no memory is mapped at 0x%08x", (uint32_t)expression_top(m));
  }
  if (m->result == RESULT_BLOCK)
    return memcpy(bytes, m->block.data, n < m->block.length ? n : m->block.length), true;
  if (m->result == RESULT_REGISTER && !eval_register(m->e, m->reg, &bits)) return false;
  if (m->result == RESULT_VALUE) bits = expression_top(m);
  memcpy(bytes, &bits, n < sizeof bits ? n : sizeof bits);
  return true;
}

static bool pieces(struct machine_state *m, struct value *v) {
  const uint32_t size = v->type->size;
  if (size > LARGEST) return eval_fail(m->e, 0, "it is too large");
  uint8_t *bytes = eval_alloc(m->e, size + 1), *known = eval_alloc(m->e, size + 1);
  struct home *home = eval_alloc(m->e, (size + 1) * sizeof *home);
  v->where = IN_BYTES, v->bytes = bytes, v->known = known, v->home = home;
  for (size_t used = 0;;) { /* the part before a DW_OP_piece, or before the end, has been run */
    const bool last = m->at >= m->n;
    const uint64_t wanted = last ? size : m->op[m->at].number;
    const size_t n = wanted < size - used ? (size_t)wanted : size - used;
    if (!copy_result(m, bytes + used, known + used, home + used, n)) return false;
    if (last || (used += n) >= size || ++m->at >= m->n) return true;
    if (!expression_run(m)) return false;
  }
}

static bool finish(struct machine_state *m, struct value *v) {
  uint64_t bits;
  if (m->n == 0) return gone(m->e);
  if (m->at < m->n) return pieces(m, v);
  if (m->result == RESULT_ADDRESS) {
    if (!m->top) return gone(m->e);
    v->where = IN_MEMORY, v->address = (uint32_t)expression_top(m);
    return true;
  }
  if (m->result != RESULT_REGISTER || v->type->size > 4) return pieces(m, v);
  if (!eval_register(m->e, m->reg, &bits)) return false;
  v->where = IN_REGISTER, v->reg = m->reg;
  return true;
}

/* ---- attributes ---- */

/* The PC for which the frame's variables are looked up: that of the call in a caller. */
static uint32_t lookup_pc(const struct eval *e) { return e->innermost ? e->regs.pc : e->regs.pc - 4; }

static bool start(struct eval *e, Dwarf_Die *function, Dwarf_Attribute *a, struct machine_state *m) {
  Dwarf_Op *op;
  size_t n;
  const int found = dwarf_getlocation_addr(a, lookup_pc(e), &op, &n, 1);
  if (found < 0) return eval_fail(e, 0, "its location cannot be read: %s", dwarf_errmsg(-1));
  if (found == 0) return gone(e);
  *m = (struct machine_state){
      .e = e, .function = function, .attribute = a, .op = op, .n = n, .all_wide = m->all_wide};
  return expression_run(m);
}

/* Is the function that runs still making its frame? Then nothing is in there. */
static bool makes_frame(struct eval *e, Dwarf_Die *function) {
  Dwarf_Addr low;
  if (e->kept && e->frame != FRAME_UNKNOWN) return e->frame == FRAME_UNMADE;
  const bool makes = e->innermost && dwarf_lowpc(function, &low) == 0 && e->regs.pc >= low &&
                     e->regs.pc < source_body(e->image, (uint32_t)low);
  e->frame = makes ? FRAME_UNMADE : FRAME_MADE;
  return makes;
}

/* A register on which a frame is based has its value for the function's body only. */
static bool base_in_body(struct eval *e, unsigned reg, uint32_t *base) {
  uint64_t bits;
  if (unwind_body_register(e->d, e->lane, &e->regs, e->innermost, reg, base)) return true;
  return eval_register(e, reg, &bits) && (*base = (uint32_t)bits, true);
}

bool location_frame_base(struct eval *e, Dwarf_Die *function, uint32_t *base) {
  Dwarf_Attribute a;
  struct machine_state *m = eval_alloc(e, sizeof *m);
  if (!function || e->depth > 8)
    return eval_fail(e, 0, "it is in the frame of a function that does not run here");
  if (!dwarf_attr_integrate(function, DW_AT_frame_base, &a)) return eval_fail(e, 0, "its frame is not known");
  if (makes_frame(e, function))
    return eval_fail(e, 0, "not there yet: the function is still making its frame");
  e->depth++;
  bool ok = start(e, NULL, &a, m);
  e->depth--;
  if (!ok) return false;
  if (m->result == RESULT_REGISTER) return base_in_body(e, m->reg, base);
  return expression_needs(m, 1) && (*base = (uint32_t)expression_top(m), true);
}

static bool constant(struct eval *e, Dwarf_Attribute *a, struct value *v) {
  int64_t number;
  Dwarf_Block block;
  if (v->type->size > LARGEST) return eval_fail(e, 0, "it is too large");
  uint8_t *bytes = eval_alloc(e, (size_t)v->type->size + 8);
  if (dwarf_formblock(a, &block) == 0)
    memcpy(bytes, block.data, block.length < v->type->size ? block.length : v->type->size);
  else if (type_constant(a, &number))
    memcpy(bytes, &number, sizeof number);
  else
    return eval_fail(e, 0, "its constant cannot be read");
  v->where = IN_BYTES, v->bytes = bytes;
  return true;
}

bool location_variable(struct eval *e, Dwarf_Die *function, Dwarf_Die *die, struct value *v) {
  Dwarf_Attribute a;
  Dwarf_Half version;
  *v = (struct value){.type = type_of_die(e, die), .status = e->regs.status, .image = e->image};
  if (e->type_only) return v->where = IN_MEMORY, true;
  if (dwarf_attr_integrate(die, DW_AT_const_value, &a)) return constant(e, &a, v);
  if (!dwarf_attr_integrate(die, DW_AT_location, &a)) return gone(e);
  struct machine_state *m = eval_alloc(e, sizeof *m);
  m->all_wide = v->type->size == 8 &&
                dwarf_cu_info(die->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) == 0 && version < 5;
  return start(e, function, &a, m) && finish(m, v);
}
