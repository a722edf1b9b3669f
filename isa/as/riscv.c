/* riscv.c - the directive .insn, by which RISC-V's programmers write instructions that their assembler does not know: it
 * gives the fields of RISC-V's encoding. What is an instruction of RV32IM becomes PG32's of the same name:
 *
 *   .insn r 0x33, 0, 0, a0, a1, a2     add a0, a1, a2 */
#include "internal.h"

#include <string.h>

enum { ANY = -1 };

/* clang-format off */
static const struct encoding {
  const char *type;
  int opcode, funct3, funct7;
  const char *name;
} encodings[] = {
  {"r", 0x33, 0, 0x00, "add"},   {"r", 0x33, 0, 0x20, "sub"},   {"r", 0x33, 1, 0x00, "sll"},
  {"r", 0x33, 2, 0x00, "slt"},   {"r", 0x33, 3, 0x00, "sltu"},  {"r", 0x33, 4, 0x00, "xor"},
  {"r", 0x33, 5, 0x00, "srl"},   {"r", 0x33, 5, 0x20, "sra"},   {"r", 0x33, 6, 0x00, "or"},
  {"r", 0x33, 7, 0x00, "and"},   {"r", 0x33, 0, 0x01, "mul"},   {"r", 0x33, 1, 0x01, "mulh"},
  {"r", 0x33, 2, 0x01, "mulhsu"},{"r", 0x33, 3, 0x01, "mulhu"}, {"r", 0x33, 4, 0x01, "div"},
  {"r", 0x33, 5, 0x01, "divu"},  {"r", 0x33, 6, 0x01, "rem"},   {"r", 0x33, 7, 0x01, "remu"},
  {"i", 0x13, 0, ANY, "addi"},   {"i", 0x13, 2, ANY, "slti"},   {"i", 0x13, 3, ANY, "sltiu"},
  {"i", 0x13, 4, ANY, "xori"},   {"i", 0x13, 6, ANY, "ori"},    {"i", 0x13, 7, ANY, "andi"},
  {"i", 0x03, 0, ANY, "lb"},     {"i", 0x03, 1, ANY, "lh"},     {"i", 0x03, 2, ANY, "lw"},
  {"i", 0x03, 4, ANY, "lbu"},    {"i", 0x03, 5, ANY, "lhu"},    {"i", 0x67, 0, ANY, "jalr"},
  {"s", 0x23, 0, ANY, "sb"},     {"s", 0x23, 1, ANY, "sh"},     {"s", 0x23, 2, ANY, "sw"},
  {"b", 0x63, 0, ANY, "beq"},    {"b", 0x63, 1, ANY, "bne"},    {"b", 0x63, 4, ANY, "blt"},
  {"b", 0x63, 5, ANY, "bge"},    {"b", 0x63, 6, ANY, "bltu"},   {"b", 0x63, 7, ANY, "bgeu"},
  {"u", 0x37, ANY, ANY, "lui"},  {"u", 0x17, ANY, ANY, "auipc"}, {"j", 0x6f, ANY, ANY, "jal"},
};
/* clang-format on */

static const char *find(const char *type, const int64_t *field) {
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
    const struct encoding *e = &encodings[i];
    if (!strcmp(e->type, type) && e->opcode == field[0] && (e->funct3 == ANY || e->funct3 == field[1]) &&
        (e->funct7 == ANY || e->funct7 == field[2]))
      return e->name;
  }
  return NULL;
}

/* Types by another name, and how many fields come before the operands. */
static const struct type {
  const char *name, *type;
  unsigned fields;
} types[] = {{"r", "r", 3},  {"i", "i", 2}, {"s", "s", 2}, {"b", "b", 2},
             {"sb", "b", 2}, {"u", "u", 1}, {"j", "j", 1}, {"uj", "j", 1}};

void pg32_as_insn_directive(struct assembler *as) {
  const struct token word = as->token;
  const struct type *type = NULL;
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (word.kind == TOK_NAME && pg32_as_text_is(word.text, types[i].name)) type = &types[i];
  if (!type) {
    pg32_as_error(as, "expected the type of an instruction: r, i, s, b, u or j; a PG32 word goes into .word");
    return;
  }
  pg32_as_advance(as);
  int64_t field[3] = {0};
  for (unsigned i = 0; i < type->fields; i++)
    if (!pg32_as_constant_in(as, 0, 127, &field[i]) || !pg32_as_expect(as, ',')) return;
  const char *name = find(type->type, field);
  if (name)
    pg32_as_instruction(as, (struct text){name, strlen(name)});
  else
    pg32_as_error_in(as, word.text, "no instruction of RV32IM has this encoding, so PG32 has none");
}
