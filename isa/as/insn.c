/* insn.c - assembles an instruction: reads its operands, then looks for a pattern that they fit, among the
 * shapes of pg32.def and the pseudo-instructions of the RISC-V assembler that stand for one instruction. */
#include "insn.h"

#include <string.h>

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
    imm -= (int64_t)1 << 32; /* for example, 0xffffffff is -1 */
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

void pg32_as_emit_insn(struct assembler *as, struct pg32_insn insn, enum modifier modifier,
                       const struct expr *expr, struct text where) {
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

void pg32_as_emit_immediate(struct assembler *as, enum pg32_id id, unsigned rd, unsigned rs1, int32_t imm) {
  pg32_as_emit_insn(as, (struct pg32_insn){.id = id, .rd = (uint8_t)rd, .rs1 = (uint8_t)rs1, .imm = imm},
                    MOD_NONE, NULL, as->now.text);
}

/* ---- pseudo-instructions ---- */

/* Each operand goes to the field of its letter (see pg32.def); the other fields are as given here. For
 * example, `snez a0, a1` is `sltu a0, zero, a1`. */
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
  {"jump", "p,t", {.id = PG32_jal}}, /* no register is needed to reach the target */
  {"jr", "s", {.id = PG32_jalr}},
  {"jr", "i(s)", {.id = PG32_jalr}},
  {"jr", "s,i", {.id = PG32_jalr}},
  {"jalr", "s", {.id = PG32_jalr, .rd = 1}},
  {"jalr", "i(s)", {.id = PG32_jalr, .rd = 1}},
  {"jalr", "d,s", {.id = PG32_jalr}},
  {"jalr", "d,s,i", {.id = PG32_jalr}},
  {"ret", "", {.id = PG32_jalr, .rs1 = 1}},
  {"ebreak", "", {.id = PG32_break}},
  /* With a constant in place of the last register: the immediate form. */
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

static bool allowed(char letter, enum modifier modifier) {
  if (letter == 'i') return modifier != MOD_HI && modifier != MOD_PCREL_HI;
  if (letter == 'u') return modifier != MOD_LO && modifier != MOD_PCREL_LO;
  return modifier == MOD_NONE;
}

static void assemble(struct assembler *as, const char *pattern, struct pg32_insn insn, struct operand *o) {
  const struct operand *immediate = NULL;
  for (; *pattern; pattern = pg32_as_next_operand(pattern), o++) {
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
        pg32_as_error_in(as, o->where, "%%%s does not belong here", pg32_as_modifier_names[o->modifier]);
        return;
      }
      immediate = o;
    }
  }
  if (insn.id == PG32_jal) insn.rs2 = 0; /* the register of `jump` is not needed */
  if (immediate)
    pg32_as_emit_insn(as, insn, immediate->modifier, immediate->expr, immediate->where);
  else
    pg32_as_emit_insn(as, insn, MOD_NONE, NULL, as->now.text);
}

/* ---- choosing ---- */

static enum pg32_id lookup(struct text name) {
  char buf[16] = "";
  if (name.n >= sizeof buf) return PG32_ILLEGAL;
  memcpy(buf, name.p, name.n);
  return pg32_lookup(buf);
}

void pg32_as_instruction(struct assembler *as, struct text name) {
  struct operand o[MAX_OPERANDS];
  unsigned n;
  enum pg32_id id = lookup(name);
  const char *pattern = id != PG32_ILLEGAL ? pg32_operands(pg32_row(id)->shape) : NULL;
  for (size_t i = 0; i < ALIASES && !pattern; i++)
    if (pg32_as_text_is(name, aliases[i].name)) pattern = aliases[i].operands;
  if (pg32_as_fence(as, name)) return;
  if (!pattern && !pg32_as_is_exception(name)) {
    if (pg32_as_lower(name))
      pg32_as_instruction(as, name);
    else
      pg32_as_unknown_instruction(as, name);
    return;
  }
  if (!pg32_as_operands(as, o, &n) || pg32_as_exception(as, name, o, n)) return;
  if (id != PG32_ILLEGAL && pg32_as_match(pattern, o, n) < 0) {
    assemble(as, pattern, (struct pg32_insn){.id = id}, o);
    return;
  }
  for (size_t i = 0; i < ALIASES; i++)
    if (pg32_as_text_is(name, aliases[i].name) && pg32_as_match(aliases[i].operands, o, n) < 0) {
      assemble(as, aliases[i].operands, aliases[i].insn, o);
      return;
    }
  if (id != PG32_ILLEGAL && pg32_as_symbol_access(as, id, o, n)) return;
  pg32_as_mismatch(as, name, pattern ? pattern : "", o, n);
}
