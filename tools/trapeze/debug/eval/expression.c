/* expression.c - DWARF expressions: programs for a stack machine, whose result is an address, a register or a
 * value. */
#include <dwarf.h>

#include "expression.h"

#define FUEL 10000 /* operations of one evaluation */

/* ---- registers ---- */

static bool is_preserved(unsigned r) { return r <= 4 || r == 8 || r == 9 || (r >= 18 && r <= 27) || r == 32; }

bool eval_register(struct eval *e, unsigned r, uint64_t *bits) {
  if (r > 32) return eval_fail(e, 0, "DWARF register %u is not supported", r);
  if (!e->innermost && !is_preserved(r))
    return eval_fail(e, 0, "not saved: in register %s, which a called function need not preserve",
                     pg32_register_name(r));
  *bits = r == 32 ? e->regs.pc : e->regs.x[r];
  return true;
}

/* ---- the stack ---- */

static bool push_entry(struct machine_state *m, struct entry entry) {
  if (m->top == EXPRESSION_STACK) return eval_fail(m->e, 0, "its DWARF expression needs too large a stack");
  m->stack[m->top++] = entry;
  return true;
}

/* A constant that does not fit in 32 bits is for something of 64. */
static bool push(struct machine_state *m, uint64_t value) {
  return push_entry(m, (struct entry){value, m->all_wide || value >> 32 != 0});
}

bool expression_needs(struct machine_state *m, unsigned n) {
  return m->top >= n || eval_fail(m->e, 0, "its DWARF expression is wrong: the stack is empty");
}

static uint64_t *top(struct machine_state *m) { return &m->stack[m->top - 1].bits; }

static bool is_wide(const struct machine_state *m) { return m->stack[m->top - 1].wide; }

static bool set_top(struct machine_state *m, uint64_t value, bool wide) {
  m->stack[m->top - 1] = (struct entry){value, wide};
  return true;
}

/* ---- operations ---- */

static bool base_register(struct machine_state *m, unsigned r, int64_t offset) {
  uint64_t bits;
  return eval_register(m->e, r, &bits) && push(m, (uint32_t)(bits + (uint64_t)offset));
}

static bool indexed_address(struct machine_state *m) {
  Dwarf_Attribute a;
  Dwarf_Addr address;
  if (dwarf_getlocation_attr(m->attribute, &m->op[m->at], &a) || dwarf_formaddr(&a, &address))
    return eval_fail(m->e, 0, "its address is not in .debug_addr");
  return push(m, address);
}

static bool indexed_constant(struct machine_state *m) {
  Dwarf_Attribute a;
  Dwarf_Word value;
  if (dwarf_getlocation_attr(m->attribute, &m->op[m->at], &a) || dwarf_formudata(&a, &value))
    return eval_fail(m->e, 0, "its value is not in .debug_addr");
  return push(m, value);
}

static bool call_frame(struct machine_state *m) {
  uint32_t cfa;
  if (!unwind_cfa(m->e->d, m->e->lane, &m->e->regs, m->e->innermost, &cfa))
    return eval_fail(m->e, 0, "its frame is not known");
  return push(m, cfa);
}

static bool dereference(struct machine_state *m, unsigned size) {
  uint64_t bits = 0;
  if (!expression_needs(m, 1) || size > 8) return eval_fail(m->e, 0, "its DWARF expression is wrong");
  const uint32_t address = (uint32_t)*top(m);
  if (eval_read(m->e, m->e->regs.status, address, &bits, size) < size)
    return eval_fail(m->e, 0, "its place is found by way of 0x%08x, where no memory is mapped", address);
  set_top(m, bits, size == 8);
  return true;
}

static bool convert(struct machine_state *m) {
  Dwarf_Die type;
  Dwarf_Attribute a;
  Dwarf_Word size = 4, encoding = DW_ATE_unsigned;
  if (!expression_needs(m, 1)) return false;
  if (m->op[m->at].number == 0) return set_top(m, *top(m) & UINT32_MAX, false); /* to the generic type */
  if (dwarf_getlocation_die(m->attribute, &m->op[m->at], &type))
    return eval_fail(m->e, 0, "a type is missing");
  dwarf_formudata(dwarf_attr(&type, DW_AT_byte_size, &a), &size);
  dwarf_formudata(dwarf_attr(&type, DW_AT_encoding, &a), &encoding);
  if (encoding == DW_ATE_float)
    return eval_fail(m->e, 0, "floating point in DWARF expressions is not supported");
  if (size == 0 || size > 8) return eval_fail(m->e, 0, "its DWARF expression is wrong");
  const bool is_signed = encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
  const unsigned unused = 64 - 8 * (unsigned)size;
  const uint64_t high = *top(m) << unused;
  return set_top(m, is_signed ? (uint64_t)((int64_t)high >> unused) : high >> unused, size == 8);
}

static bool unary(struct machine_state *m, unsigned atom) {
  if (!expression_needs(m, 1)) return false;
  const bool wide = is_wide(m);
  const uint64_t a = *top(m);
  const bool negative = wide ? (int64_t)a < 0 : (int32_t)a < 0;
  const uint64_t r = atom == DW_OP_neg || (atom == DW_OP_abs && negative) ? 0 - a
                     : atom == DW_OP_not                                  ? ~a
                     : atom == DW_OP_plus_uconst                          ? a + m->op[m->at].number
                                                                          : a;
  return set_top(m, wide ? r : (uint32_t)r, wide);
}

/* Signed operations take the sign from bit 31 or 63. */
static bool compute_binary(unsigned atom, uint64_t a, uint64_t b, bool wide, uint64_t *out) {
  const int64_t sa = wide ? (int64_t)a : (int32_t)a, sb = wide ? (int64_t)b : (int32_t)b;
  const uint64_t ua = wide ? a : (uint32_t)a, ub = wide ? b : (uint32_t)b, bits = wide ? 64 : 32;
  switch (atom) {
  case DW_OP_and: return *out = ua & ub, true;
  case DW_OP_or: return *out = ua | ub, true;
  case DW_OP_xor: return *out = ua ^ ub, true;
  case DW_OP_plus: return *out = ua + ub, true;
  case DW_OP_minus: return *out = ua - ub, true;
  case DW_OP_mul: return *out = ua * ub, true;
  case DW_OP_shl: return *out = ub < bits ? ua << ub : 0, true;
  case DW_OP_shr: return *out = ub < bits ? ua >> ub : 0, true;
  case DW_OP_shra: return *out = (uint64_t)(sa >> (ub < bits ? ub : bits - 1)), true;
  case DW_OP_eq: return *out = sa == sb, true;
  case DW_OP_ne: return *out = sa != sb, true;
  case DW_OP_lt: return *out = sa < sb, true;
  case DW_OP_le: return *out = sa <= sb, true;
  case DW_OP_gt: return *out = sa > sb, true;
  case DW_OP_ge: return *out = sa >= sb, true;
  case DW_OP_mod: return *out = ub ? ua % ub : 0, ub != 0;
  case DW_OP_div: return *out = sb == -1 ? 0 - ua : sb ? (uint64_t)(sa / sb) : 0, sb != 0;
  default: return false;
  }
}

static bool is_binary(unsigned atom) {
  uint64_t unused;
  return compute_binary(atom, 1, 1, false, &unused);
}

static bool is_comparison(unsigned atom) { return atom >= DW_OP_eq && atom <= DW_OP_ne; }

/* As wide as the wider operand; a shift as what is shifted. */
static bool binary(struct machine_state *m, unsigned atom) {
  if (!expression_needs(m, 2)) return false;
  const bool shift = atom == DW_OP_shl || atom == DW_OP_shr || atom == DW_OP_shra;
  const struct entry b = m->stack[--m->top];
  const bool wide = is_wide(m) || (b.wide && !shift);
  uint64_t r;
  if (!compute_binary(atom, *top(m), b.bits, wide, &r))
    return eval_fail(m->e, 0, "its DWARF expression divides by 0");
  return set_top(m, wide ? r : (uint32_t)r, wide && !is_comparison(atom));
}

static bool shuffle(struct machine_state *m, unsigned atom) {
  const Dwarf_Word n = m->op[m->at].number;
  if (!expression_needs(m, atom == DW_OP_rot ? 3 : atom == DW_OP_over || atom == DW_OP_swap ? 2 : 1))
    return false;
  const struct entry first = m->stack[m->top - 1];
  switch (atom) {
  case DW_OP_dup: return push_entry(m, first);
  case DW_OP_drop: m->top--; return true;
  case DW_OP_over: return push_entry(m, m->stack[m->top - 2]);
  case DW_OP_pick:
    return n < m->top ? push_entry(m, m->stack[m->top - 1 - n]) : expression_needs(m, EXPRESSION_STACK + 1);
  case DW_OP_swap: m->stack[m->top - 1] = m->stack[m->top - 2], m->stack[m->top - 2] = first; return true;
  default: /* rot */
    m->stack[m->top - 1] = m->stack[m->top - 2];
    m->stack[m->top - 2] = m->stack[m->top - 3];
    m->stack[m->top - 3] = first;
    return true;
  }
}

/* Goes on at the operation whose offset in the expression is that behind this one, plus the operand. */
static bool branch(struct machine_state *m, unsigned atom) {
  if (atom == DW_OP_bra && !expression_needs(m, 1)) return false;
  if (atom == DW_OP_bra && !m->stack[--m->top].bits) return true;
  const int64_t behind = (int64_t)m->op[m->at].offset + 3 + (int16_t)m->op[m->at].number;
  for (size_t i = 0; i < m->n; i++)
    if ((int64_t)m->op[i].offset == behind) return m->at = i - 1, true;
  return m->at = m->n, true;
}

static bool unsupported(struct machine_state *m, unsigned atom) {
  const char *what = atom == DW_OP_entry_value || atom == DW_OP_GNU_entry_value
                         ? "its value at the function's entry, which is not supported"
                     : atom == DW_OP_implicit_pointer || atom == DW_OP_GNU_implicit_pointer
                         ? "a pointer to something that has no address, which is not supported"
                     : atom == DW_OP_form_tls_address || atom == DW_OP_GNU_push_tls_address
                         ? "thread-local, which is not supported"
                         : NULL;
  if (what) return eval_fail(m->e, 0, "it is %s", what);
  return eval_fail(m->e, 0, "DWARF operation 0x%02x is not supported", atom);
}

static bool other_operation(struct machine_state *m, unsigned atom) {
  const Dwarf_Op *op = &m->op[m->at];
  uint32_t base = 0;
  switch (atom) {
  case DW_OP_fbreg:
    return location_frame_base(m->e, m->function, &base) && push(m, (uint32_t)(base + op->number));
  case DW_OP_addrx:
  case DW_OP_GNU_addr_index: return indexed_address(m);
  case DW_OP_constx:
  case DW_OP_GNU_const_index: return indexed_constant(m);
  case DW_OP_call_frame_cfa: return call_frame(m);
  case DW_OP_deref: return dereference(m, 4);
  case DW_OP_deref_size: return dereference(m, (unsigned)op->number);
  case DW_OP_convert:
  case DW_OP_GNU_convert:
  case DW_OP_reinterpret: return convert(m);
  case DW_OP_abs:
  case DW_OP_neg:
  case DW_OP_not:
  case DW_OP_plus_uconst: return unary(m, atom);
  case DW_OP_dup:
  case DW_OP_drop:
  case DW_OP_over:
  case DW_OP_pick:
  case DW_OP_swap:
  case DW_OP_rot: return shuffle(m, atom);
  case DW_OP_bra:
  case DW_OP_skip: return branch(m, atom);
  case DW_OP_nop: return true;
  default: return is_binary(atom) ? binary(m, atom) : unsupported(m, atom);
  }
}

static bool result_operation(struct machine_state *m, unsigned atom, bool *is_one) {
  *is_one = true;
  if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31)
    return m->result = RESULT_REGISTER, m->reg = atom - DW_OP_reg0, true;
  if (atom == DW_OP_regx) return m->result = RESULT_REGISTER, m->reg = (unsigned)m->op[m->at].number, true;
  if (atom == DW_OP_stack_value) return m->result = RESULT_VALUE, expression_needs(m, 1);
  if (atom == DW_OP_implicit_value) {
    m->result = RESULT_BLOCK;
    return dwarf_getlocation_implicit_value(m->attribute, &m->op[m->at], &m->block) == 0 ||
           eval_fail(m->e, 0, "its DWARF expression is wrong");
  }
  return *is_one = false, true;
}

static bool operate(struct machine_state *m) {
  const Dwarf_Op *op = &m->op[m->at];
  const unsigned atom = op->atom;
  bool is_result;
  if (m->e->fuel++ > FUEL) return eval_fail(m->e, 0, "its DWARF expression does not end");
  if (!result_operation(m, atom, &is_result) || is_result) return !m->e->error[0];
  if (atom == DW_OP_addr || atom == DW_OP_constu || atom == DW_OP_consts ||
      (atom >= DW_OP_const1u && atom <= DW_OP_const8s))
    return push(m, op->number);
  if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31) return push(m, atom - DW_OP_lit0);
  if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
    return base_register(m, atom - DW_OP_breg0, (int64_t)op->number);
  if (atom == DW_OP_bregx) return base_register(m, (unsigned)op->number, (int64_t)op->number2);
  return other_operation(m, atom);
}

/* Up to the end of the expression or of a piece. */
bool expression_run(struct machine_state *m) {
  m->result = RESULT_ADDRESS;
  m->top = 0;
  for (; m->at < m->n && m->op[m->at].atom != DW_OP_piece; m->at++) {
    if (m->op[m->at].atom == DW_OP_bit_piece) return unsupported(m, DW_OP_bit_piece);
    if (!operate(m)) return false;
  }
  return true;
}
