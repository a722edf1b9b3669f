/* pseudo.c - pseudo-instructions that stand for two instructions, others that fit no pattern, and messages
 * about instructions of RISC-V that PG32 does not have. */
#include "insn.h"

#include <string.h>

/* ---- two words ---- */

static void load_constant(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  int64_t value;
  if (pg32_as_match("d,i", o, n) >= 0) {
    pg32_as_mismatch(as, name, "d,i", o, n);
  } else if (o[1].modifier != MOD_NONE || !pg32_as_is_constant(as, o[1].expr, &value)) {
    pg32_as_error_in(as, o[1].where, "li loads a constant that is known here; la loads an address");
  } else if (value < INT32_MIN || value > UINT32_MAX) {
    pg32_as_error_in(as, o[1].where, "%lld does not fit in 32 bits", (long long)value);
  } else {
    int32_t word = (int32_t)(uint32_t)value, low = ((word & 0xfff) ^ 0x800) - 0x800;
    if (word >= -0x4000 && word < 0x4000) {
      pg32_as_emit_immediate(as, PG32_addi, o[0].reg, 0, word);
      return;
    }
    pg32_as_emit_immediate(as, PG32_lui, o[0].reg, 0, (int32_t)(((uint32_t)word + 0x800) >> 12));
    if (low) pg32_as_emit_immediate(as, PG32_addi, o[0].reg, o[0].reg, low);
  }
}

/* lui base, %hi(expr); then `insn` with %lo(expr)(base). */
static void far_access(struct assembler *as, struct pg32_insn insn, uint8_t reg,
                       const struct operand *address) {
  struct pg32_insn upper = {.id = PG32_lui, .rd = reg};
  insn.rs1 = reg;
  pg32_as_emit_insn(as, upper, MOD_HI, address->expr, address->where);
  pg32_as_emit_insn(as, insn, MOD_LO, address->expr, address->where);
}

static void load_address(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  if (pg32_as_match("d,p", o, n) >= 0 || o[1].modifier != MOD_NONE) {
    pg32_as_mismatch(as, name, "d,p", o, n);
    return;
  }
  if (o[1].kind == REGISTER) o[1].expr = pg32_as_symbol_expr(as, pg32_as_symbol(as, o[1].where));
  far_access(as, (struct pg32_insn){.id = PG32_addi, .rd = o[0].reg}, o[0].reg, &o[1]);
}

/* `lw rd, symbol` and `sw rs, symbol, rt` */
bool pg32_as_symbol_access(struct assembler *as, enum pg32_id id, struct operand *o, unsigned n) {
  enum pg32_shape shape = pg32_row(id)->shape;
  if (n < 2 || o[0].kind != REGISTER || o[1].kind != EXPRESSION || o[1].modifier != MOD_NONE) return false;
  if (shape == PG32_SHAPE_LOAD && n == 2 && id != PG32_jalr) {
    far_access(as, (struct pg32_insn){.id = id, .rd = o[0].reg}, o[0].reg, &o[1]);
    return true;
  }
  if (shape == PG32_SHAPE_STORE && n == 3 && o[2].kind == REGISTER) {
    far_access(as, (struct pg32_insn){.id = id, .rs2 = o[0].reg}, o[2].reg, &o[1]);
    return true;
  }
  return false;
}

/* sext.b, sext.h and zext.h: a shift to the left and one to the right. */
static bool extension(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  bool sext_b = pg32_as_text_is(name, "sext.b"), sext_h = pg32_as_text_is(name, "sext.h");
  if (!sext_b && !sext_h && !pg32_as_text_is(name, "zext.h")) return false;
  if (pg32_as_match("d,s", o, n) >= 0) {
    pg32_as_mismatch(as, name, "d,s", o, n);
    return true;
  }
  int32_t amount = sext_b ? 24 : 16;
  pg32_as_emit_immediate(as, PG32_slli, o[0].reg, o[1].reg, amount);
  pg32_as_emit_immediate(as, sext_b || sext_h ? PG32_srai : PG32_srli, o[0].reg, o[0].reg, amount);
  return true;
}

/* `fence rw, rw`: the operands mean nothing on a machine that does not reorder loads and stores. */
bool pg32_as_fence(struct assembler *as, struct text name) {
  if (!pg32_as_text_is(name, "fence") && !pg32_as_text_is(name, "fence.i") &&
      !pg32_as_text_is(name, "fence.tso"))
    return false;
  while (as->token.kind == TOK_NAME || (as->token.kind == TOK_OP && as->token.op == ',')) pg32_as_advance(as);
  pg32_as_emit_immediate(as, PG32_fence, 0, 0, 0);
  return true;
}

bool pg32_as_exception(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  if (pg32_as_text_is(name, "li"))
    load_constant(as, name, o, n);
  else if (pg32_as_text_is(name, "la") || pg32_as_text_is(name, "lla"))
    load_address(as, name, o, n);
  else if (pg32_as_text_is(name, "unimp") && !n)
    pg32_as_line_note(as), pg32_as_emit(as, NULL, 4);
  else
    return extension(as, name, o, n);
  return true;
}

bool pg32_as_is_exception(struct text name) {
  static const char *const names[] = {"li", "la", "lla", "unimp", "sext.b", "sext.h", "zext.h"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (pg32_as_text_is(name, names[i])) return true;
  return false;
}

/* ---- what PG32 does not have ---- */

/* clang-format off */
static const struct {
  const char *prefix, *why;
  bool dotted; /* only names with a dot, such as fadd.s */
} missing[] = {
  {"ecall", "use syscall", false},
  {"scall", "use syscall", false},
  {"csr", "there are no CSRs; mfst and mtst read and write STATUS", false},
  {"rdcycle", "the clock device tells the time", false},
  {"rdtime", "the clock device tells the time", false},
  {"rdinstret", "the clock device tells the time", false},
  {"lr.", "there are no atomic instructions", false},
  {"sc.", "there are no atomic instructions", false},
  {"amo", "there are no atomic instructions", false},
  {"mret", "use rfe", false},
  {"sret", "use rfe", false},
  {"uret", "use rfe", false},
  {"wfi", "use wait", false},
  {"sfence", "use tlbi", false},
  {"c.", "every instruction is one 32-bit word", false},
  {"flw", "there are no floating-point instructions", false},
  {"fsw", "there are no floating-point instructions", false},
  {"fld", "there are no floating-point instructions", false},
  {"fsd", "there are no floating-point instructions", false},
  {"f", "there are no floating-point instructions", true},
  {"v", "there are no vector instructions", true},
};
/* clang-format on */

void pg32_as_unknown_instruction(struct assembler *as, struct text name) {
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
    size_t n = strlen(missing[i].prefix);
    bool dot = !missing[i].dotted || memchr(name.p, '.', name.n);
    if (dot && name.n >= n && !memcmp(name.p, missing[i].prefix, n)) {
      pg32_as_error_in(as, name, "PG32 has no %.*s: %s", (int)name.n, name.p, missing[i].why);
      return;
    }
  }
  pg32_as_error_in(as, name, "unknown instruction '%.*s'", (int)name.n, name.p);
}
