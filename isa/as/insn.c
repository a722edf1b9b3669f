/* insn.c - instructions: operands are read first, then matched with the shapes of pg32.def and with
 * the pseudo-instructions of the RISC-V assembler. */
#include "internal.h"

#include <stdio.h>
#include <string.h>

enum operand_kind { REGISTER, EXPRESSION, MEMORY };

struct operand {
  enum operand_kind kind;
  uint8_t reg; /* REGISTER, and the base of MEMORY */
  enum modifier modifier;
  const struct expr *expr; /* of a REGISTER: the symbol of that name, for `call s1` */
  struct text where;
};
#define MAX_OPERANDS 4

static const char *const modifier_names[] = {"", "hi", "lo", "pcrel_hi", "pcrel_lo"};

/* ---- operands ---- */

static int register_of(struct text name) {
  char buf[8] = "";
  if (name.n >= sizeof buf) return -1;
  memcpy(buf, name.p, name.n);
  return pg32_register_number(buf);
}

/* After '%': the modifier's name and its argument in parentheses. */
static bool modified(struct assembler *as, struct operand *o) {
  struct text name = as->token.text;
  for (unsigned m = MOD_HI; m <= MOD_PCREL_LO; m++)
    if (pg32_as_text_is(name, modifier_names[m])) o->modifier = m;
  if (o->modifier == MOD_NONE) {
    bool tls = name.n > 2 && !memcmp(name.p, "t", 1);
    bool got = name.n > 3 && !memcmp(name.p, "got", 3);
    pg32_as_error(as, "PG32 has no %%%.*s%s", (int)name.n, name.p,
                  tls   ? ": there is no thread-local storage"
                  : got ? ": there is no global offset table, compile with -fno-pic"
                        : "");
    return false;
  }
  pg32_as_advance(as);
  if (!pg32_as_expect(as, '(')) return false;
  o->expr = pg32_as_expr(as);
  return o->expr && pg32_as_expect(as, ')');
}

/* Whether `(register)` is next; takes it if so. */
static bool base(struct assembler *as, struct operand *o) {
  struct token open = as->token;
  if (!pg32_as_accept(as, '(')) return false;
  int reg = as->token.kind == TOK_NAME ? register_of(as->token.text) : -1;
  if (reg >= 0) pg32_as_advance(as);
  if (reg < 0 || !pg32_as_accept(as, ')')) {
    as->token = open;
    return false;
  }
  o->kind = MEMORY;
  o->reg = (uint8_t)reg;
  return true;
}

static bool plain_register(struct assembler *as, struct operand *o) {
  struct token name = as->token;
  int reg = name.kind == TOK_NAME ? register_of(name.text) : -1;
  if (reg < 0) return false;
  pg32_as_advance(as);
  bool alone = as->token.kind == TOK_END || (as->token.kind == TOK_OP && as->token.op == ',');
  if (!alone) {
    as->token = name;
    return false;
  }
  o->kind = REGISTER;
  o->reg = (uint8_t)reg;
  return true;
}

static bool operand(struct assembler *as, struct operand *o) {
  *o = (struct operand){.kind = EXPRESSION, .where = as->token.text};
  if (plain_register(as, o)) return true;
  if (base(as, o)) {
    o->expr = pg32_as_number_expr(as, 0);
    return true;
  }
  if (pg32_as_accept(as, '%')) {
    if (!modified(as, o)) return false;
  } else if (!(o->expr = pg32_as_expr(as))) {
    return false;
  }
  if (as->token.kind == TOK_OP && as->token.op == '(' && !base(as, o)) {
    pg32_as_error(as, "expected a register in parentheses");
    return false;
  }
  return true;
}

/* The operands of the statement; false after an error. */
static bool operands(struct assembler *as, struct operand *o, unsigned *n) {
  for (*n = 0; as->token.kind != TOK_END;) {
    if (*n && !pg32_as_expect(as, ',')) return false;
    if (*n == MAX_OPERANDS) {
      pg32_as_error(as, "too many operands");
      return false;
    }
    if (!operand(as, &o[(*n)++])) return false;
  }
  return true;
}

/* ---- ranges ---- */

static void range(enum pg32_shape shape, int64_t *low, int64_t *high) {
  switch (shape) {
  case PG32_SHAPE_SHIFT: *low = 0, *high = 31; break;
  case PG32_SHAPE_SCOPE: *low = 0, *high = 2; break;
  case PG32_SHAPE_MARK: *low = 0, *high = 0x7fff; break;
  case PG32_SHAPE_UPPER: *low = 0, *high = 0xfffff; break;
  case PG32_SHAPE_BRANCH: *low = -0x4000 * 4, *high = 0x3fff * 4; break;
  case PG32_SHAPE_JUMP: *low = -0x80000 * 4, *high = 0x7ffff * 4; break;
  default: *low = -0x4000, *high = 0x3fff; break;
  }
}

bool pg32_as_patch(struct assembler *as, uint8_t *p, int64_t imm, const struct place *place) {
  struct pg32_insn insn = pg32_decode((uint32_t)pg32_as_get_le(p, 4));
  enum pg32_shape shape = pg32_row(insn.id)->shape;
  bool jump = shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_JUMP;
  int64_t low, high;
  range(shape, &low, &high);
  if (low < 0 && !jump && imm > INT32_MAX && imm <= UINT32_MAX)
    imm -= (int64_t)1 << 32; /* 0xffffffff is -1 */
  uint32_t word;
  insn.imm = (int32_t)imm;
  if (imm >= low && imm <= high && pg32_encode(insn, &word)) {
    pg32_as_put_le(p, word, 4);
    return true;
  }
  if (jump && imm >= low && imm <= high)
    pg32_as_error_at(as, place, "the target is %lld bytes away, which is not a multiple of 4",
                     (long long)imm);
  else
    pg32_as_error_at(as, place, "%s %lld is not in %lld..%lld", jump ? "the distance" : "the immediate",
                     (long long)imm, (long long)low, (long long)high);
  return false;
}

/* ---- emitting ---- */

static void emit(struct assembler *as, struct pg32_insn insn, enum modifier modifier, const struct expr *expr,
                 struct text where) {
  uint32_t word = 0;
  struct place place = pg32_as_place(as, where);
  if (as->here->size % 4) {
    pg32_as_error_at(as, &place, "an instruction must start at a multiple of 4, not at offset 0x%x",
                     as->here->size);
    return;
  }
  pg32_as_line_note(as);
  if (as->here->align < 4) as->here->align = 4;
  pg32_encode(insn, &word);
  uint8_t buf[4];
  pg32_as_put_le(buf, word, 4);
  uint8_t *p = pg32_as_emit(as, buf, 4);
  int64_t imm;
  if (!expr || !p) return;
  enum pg32_shape shape = pg32_row(insn.id)->shape;
  bool relative = shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_JUMP;
  if (!relative && modifier == MOD_NONE && pg32_as_is_constant(as, expr, &imm))
    pg32_as_patch(as, p, imm, &place);
  else
    pg32_as_fixup(as, FIX_INSN, modifier, 4, expr, place);
}

static void emit_number(struct assembler *as, enum pg32_id id, unsigned rd, unsigned rs1, int32_t imm) {
  emit(as, (struct pg32_insn){.id = id, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs1, .imm = imm}, MOD_NONE, NULL,
       as->now.text);
}

/* ---- pseudo-instructions ---- */

/* An operand letter fills its field (the letters of pg32.def); the rest is as given here. */
/* clang-format off */
static const struct alias {
  const char *name, *operands;
  struct pg32_insn insn;
} aliases[] = {
  {"nop", "", {.id = PG32_addi}},
  {"mv", "d,s", {.id = PG32_addi}},
  {"move", "d,s", {.id = PG32_addi}},
  {"not", "d,s", {.id = PG32_xori, .imm = -1}},
  {"neg", "d,t", {.id = PG32_sub}},
  {"zext.b", "d,s", {.id = PG32_andi, .imm = 255}},
  {"seqz", "d,s", {.id = PG32_sltiu, .imm = 1}},
  {"snez", "d,t", {.id = PG32_sltu}},
  {"sltz", "d,s", {.id = PG32_slt}},
  {"sgtz", "d,t", {.id = PG32_slt}},
  {"sgt", "d,t,s", {.id = PG32_slt}},
  {"sgtu", "d,t,s", {.id = PG32_sltu}},
  {"beqz", "s,p", {.id = PG32_beq}},
  {"bnez", "s,p", {.id = PG32_bne}},
  {"blez", "t,p", {.id = PG32_bge}},
  {"bgez", "s,p", {.id = PG32_bge}},
  {"bltz", "s,p", {.id = PG32_blt}},
  {"bgtz", "t,p", {.id = PG32_blt}},
  {"bgt", "t,s,p", {.id = PG32_blt}},
  {"ble", "t,s,p", {.id = PG32_bge}},
  {"bgtu", "t,s,p", {.id = PG32_bltu}},
  {"bleu", "t,s,p", {.id = PG32_bgeu}},
  {"j", "p", {.id = PG32_jal}},
  {"jal", "p", {.id = PG32_jal, .rd = 1}},
  {"call", "p", {.id = PG32_jal, .rd = 1}},
  {"call", "d,p", {.id = PG32_jal}},
  {"tail", "p", {.id = PG32_jal}},
  {"jr", "s", {.id = PG32_jalr}},
  {"jr", "i(s)", {.id = PG32_jalr}},
  {"jr", "s,i", {.id = PG32_jalr}},
  {"jalr", "s", {.id = PG32_jalr, .rd = 1}},
  {"jalr", "i(s)", {.id = PG32_jalr, .rd = 1}},
  {"jalr", "d,s", {.id = PG32_jalr}},
  {"jalr", "d,s,i", {.id = PG32_jalr}},
  {"ret", "", {.id = PG32_jalr, .rs1 = 1}},
  {"ebreak", "", {.id = PG32_break}},
  /* a constant in place of a register means the immediate form */
  {"add", "d,s,i", {.id = PG32_addi}},
  {"slt", "d,s,i", {.id = PG32_slti}},
  {"sltu", "d,s,i", {.id = PG32_sltiu}},
  {"xor", "d,s,i", {.id = PG32_xori}},
  {"or", "d,s,i", {.id = PG32_ori}},
  {"and", "d,s,i", {.id = PG32_andi}},
  {"sll", "d,s,h", {.id = PG32_slli}},
  {"srl", "d,s,h", {.id = PG32_srli}},
  {"sra", "d,s,h", {.id = PG32_srai}},
};
/* clang-format on */
#define ALIASES (sizeof aliases / sizeof *aliases)

static bool fits(char letter, const char *rest, const struct operand *o) {
  switch (letter) {
  case 'd':
  case 's':
  case 't': return o->kind == REGISTER;
  case 'p': return o->kind == EXPRESSION || o->kind == REGISTER;
  case 'i': return rest[1] == '(' ? o->kind == MEMORY : o->kind == EXPRESSION;
  default: return o->kind == EXPRESSION;
  }
}

/* Past one operand of a pattern and its comma. */
static const char *next_operand(const char *pattern) {
  while (*pattern && *pattern != ',') pattern++;
  return *pattern ? pattern + 1 : pattern;
}

/* How many operands fit the pattern, from the left; -1 when all do and the pattern is at its end. */
static int match(const char *pattern, const struct operand *o, unsigned n) {
  unsigned i = 0;
  for (; i < n && *pattern; i++, pattern = next_operand(pattern))
    if (!fits(*pattern, pattern, &o[i])) return (int)i;
  return i == n && !*pattern ? -1 : (int)i;
}

static bool allowed(char letter, enum modifier modifier) {
  if (letter == 'i') return modifier != MOD_HI && modifier != MOD_PCREL_HI;
  if (letter == 'u') return modifier != MOD_LO && modifier != MOD_PCREL_LO;
  return modifier == MOD_NONE;
}

static void assemble(struct assembler *as, const char *pattern, struct pg32_insn insn, struct operand *o) {
  const struct operand *immediate = NULL;
  for (; *pattern; pattern = next_operand(pattern), o++) {
    if (*pattern == 'd')
      insn.rd = o->reg;
    else if (*pattern == 's')
      insn.rs1 = o->reg;
    else if (*pattern == 't')
      insn.rs2 = o->reg;
    else {
      if (o->kind == REGISTER) o->expr = pg32_as_symbol_expr(as, pg32_as_symbol(as, o->where));
      if (o->kind == MEMORY) insn.rs1 = o->reg;
      if (!allowed(*pattern, o->modifier)) {
        pg32_as_error_in(as, o->where, "%%%s does not belong here", modifier_names[o->modifier]);
        return;
      }
      immediate = o;
    }
  }
  if (immediate)
    emit(as, insn, immediate->modifier, immediate->expr, immediate->where);
  else
    emit(as, insn, MOD_NONE, NULL, as->now.text);
}

/* "lw rd, imm(rs1)" */
static void describe(char *buf, size_t size, struct text name, const char *pattern) {
  static const char *const letters[] = {"drd",    "srs1",    "trs2",   "iimm",
                                        "hshift", "ptarget", "uimm20", "kkind"};
  size_t n = (size_t)snprintf(buf, size, "%.*s ", (int)name.n, name.p);
  for (; *pattern && n < size; pattern++) {
    const char *word = NULL;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
      if (letters[i][0] == *pattern) word = letters[i] + 1;
    if (word)
      n += (size_t)snprintf(buf + n, size - n, "%s", word);
    else
      n += (size_t)snprintf(buf + n, size - n, *pattern == ',' ? ", " : "%c", *pattern);
  }
}

static void mismatch(struct assembler *as, struct text name, const char *pattern, struct operand *o,
                     unsigned n) {
  char text[64];
  describe(text, sizeof text, name, pattern);
  int first = match(pattern, o, n);
  struct text where = first >= 0 && (unsigned)first < n ? o[first].where : as->token.text;
  if (*pattern)
    pg32_as_error_in(as, where, "expected: %s", text);
  else
    pg32_as_error_in(as, where, "'%.*s' takes no operands", (int)name.n, name.p);
}

/* ---- those of two words, and other exceptions ---- */

static void load_constant(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  int64_t value;
  if (match("d,i", o, n) >= 0) {
    mismatch(as, name, "d,i", o, n);
  } else if (o[1].modifier != MOD_NONE || !pg32_as_is_constant(as, o[1].expr, &value)) {
    pg32_as_error_in(as, o[1].where, "li loads a constant that is known here; la loads an address");
  } else if (value < INT32_MIN || value > UINT32_MAX) {
    pg32_as_error_in(as, o[1].where, "%lld does not fit in 32 bits", (long long)value);
  } else {
    int32_t word = (int32_t)(uint32_t)value, low = ((word & 0xfff) ^ 0x800) - 0x800;
    if (word >= -0x4000 && word < 0x4000) {
      emit_number(as, PG32_addi, o[0].reg, 0, word);
      return;
    }
    emit_number(as, PG32_lui, o[0].reg, 0, (int32_t)(((uint32_t)word + 0x800) >> 12));
    if (low) emit_number(as, PG32_addi, o[0].reg, o[0].reg, low);
  }
}

/* lui base, %hi(expr); then `insn` with %lo(expr)(base). */
static void far_access(struct assembler *as, struct pg32_insn insn, uint8_t reg,
                       const struct operand *address) {
  struct pg32_insn upper = {.id = PG32_lui, .rd = reg};
  insn.rs1 = reg;
  emit(as, upper, MOD_HI, address->expr, address->where);
  emit(as, insn, MOD_LO, address->expr, address->where);
}

static void load_address(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  if (match("d,p", o, n) >= 0 || o[1].modifier != MOD_NONE) {
    mismatch(as, name, "d,p", o, n);
    return;
  }
  if (o[1].kind == REGISTER) o[1].expr = pg32_as_symbol_expr(as, pg32_as_symbol(as, o[1].where));
  far_access(as, (struct pg32_insn){.id = PG32_addi, .rd = o[0].reg}, o[0].reg, &o[1]);
}

/* `lw rd, symbol` and `sw rs, symbol, rt` */
static bool symbol_access(struct assembler *as, enum pg32_id id, struct operand *o, unsigned n) {
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

/* sext.b, sext.h, zext.h: shift up, shift down. */
static bool extension(struct assembler *as, struct text name, struct operand *o, unsigned n) {
  bool sext_b = pg32_as_text_is(name, "sext.b"), sext_h = pg32_as_text_is(name, "sext.h");
  if (!sext_b && !sext_h && !pg32_as_text_is(name, "zext.h")) return false;
  if (match("d,s", o, n) >= 0) {
    mismatch(as, name, "d,s", o, n);
    return true;
  }
  int32_t amount = sext_b ? 24 : 16;
  emit_number(as, PG32_slli, o[0].reg, o[1].reg, amount);
  emit_number(as, sext_b || sext_h ? PG32_srai : PG32_srli, o[0].reg, o[0].reg, amount);
  return true;
}

/* ---- what PG32 does not have ---- */

/* clang-format off */
static const struct {
  const char *prefix, *why;
  bool dotted; /* only with a `.` behind: fadd.s */
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

static void unknown(struct assembler *as, struct text name) {
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

/* ---- choosing ---- */

static enum pg32_id lookup(struct text name) {
  char buf[16] = "";
  if (name.n >= sizeof buf) return PG32_ILLEGAL;
  memcpy(buf, name.p, name.n);
  return pg32_lookup(buf);
}

/* `fence rw, rw`: the operands say nothing to a machine without reordering. */
static bool fence(struct assembler *as, struct text name) {
  if (!pg32_as_text_is(name, "fence") && !pg32_as_text_is(name, "fence.i") &&
      !pg32_as_text_is(name, "fence.tso"))
    return false;
  while (as->token.kind == TOK_NAME || (as->token.kind == TOK_OP && as->token.op == ',')) pg32_as_advance(as);
  emit_number(as, PG32_fence, 0, 0, 0);
  return true;
}

static bool exception(struct assembler *as, struct text name, struct operand *o, unsigned n) {
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

static bool is_exception(struct text name) {
  static const char *const names[] = {"li", "la", "lla", "unimp", "sext.b", "sext.h", "zext.h"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (pg32_as_text_is(name, names[i])) return true;
  return false;
}

void pg32_as_instruction(struct assembler *as, struct text name) {
  struct operand o[MAX_OPERANDS];
  unsigned n;
  enum pg32_id id = lookup(name);
  const char *pattern = id != PG32_ILLEGAL ? pg32_operands(pg32_row(id)->shape) : NULL;
  for (size_t i = 0; i < ALIASES && !pattern; i++)
    if (pg32_as_text_is(name, aliases[i].name)) pattern = aliases[i].operands;
  if (fence(as, name)) return;
  if (!pattern && !is_exception(name)) {
    unknown(as, name);
    return;
  }
  if (!operands(as, o, &n) || exception(as, name, o, n)) return;
  if (id != PG32_ILLEGAL && match(pattern, o, n) < 0) {
    assemble(as, pattern, (struct pg32_insn){.id = id}, o);
    return;
  }
  for (size_t i = 0; i < ALIASES; i++)
    if (pg32_as_text_is(name, aliases[i].name) && match(aliases[i].operands, o, n) < 0) {
      assemble(as, aliases[i].operands, aliases[i].insn, o);
      return;
    }
  if (id != PG32_ILLEGAL && symbol_access(as, id, o, n)) return;
  mismatch(as, name, pattern ? pattern : "", o, n);
}
