/* isa.c - encode, decode, name and disassemble PG32 instructions: pg32.def turned into functions. */
#include "pg32.h"

#include <stdio.h>
#include <string.h>

enum {
#define PG32_SHAPE(name, format, operands) FORMAT_##name = PG32_##format,
#include "pg32.def"
};

static const char *const operands_of[PG32_SHAPES] = {
#define PG32_SHAPE(name, format, operands) operands,
#include "pg32.def"
};

static const uint8_t format_of[PG32_SHAPES] = {
#define PG32_SHAPE(name, format, operands) PG32_##format,
#include "pg32.def"
};

static const struct pg32_row rows[PG32_INSNS] = {
#define PG32_INSN(name, opcode, shape, class, meaning) \
  {#name, opcode, PG32_SHAPE_##shape, (enum pg32_format)FORMAT_##shape, PG32_##class, meaning},
#include "pg32.def"
};

/* 1 + the row of each opcode, so that 0 is "no row" */
static const uint8_t row_of_opcode[128] = {
#define PG32_INSN(name, opcode, shape, class, meaning) [opcode] = PG32_##name + 1,
#include "pg32.def"
};

/* The bits that each shape leaves unused, and that must be zero. */
#define RD 0x01f00000u
#define RS1 0x000f8000u
#define RS2 0x00007c00u
#define LOW 0x000003ffu
static const uint32_t reserved_bits[PG32_SHAPES] = {
    [PG32_SHAPE_RRR] = LOW,
    [PG32_SHAPE_RD] = RS1 | RS2 | LOW,
    [PG32_SHAPE_RS] = RD | RS2 | LOW,
    [PG32_SHAPE_RST] = RD | LOW,
    [PG32_SHAPE_NONE] = RD | RS1 | RS2 | LOW,
    [PG32_SHAPE_SHIFT] = (RS2 | LOW) & ~31u,
    [PG32_SHAPE_SCOPE] = RD,
};
#define LAST_SCOPE 2 /* of tlbi */

const struct pg32_row *pg32_row(enum pg32_id id) { return &rows[id]; }
const char *pg32_operands(enum pg32_shape shape) { return operands_of[shape]; }
enum pg32_format pg32_shape_format(enum pg32_shape shape) { return format_of[shape]; }

enum pg32_id pg32_lookup(const char *name) {
  for (unsigned id = 0; id < PG32_INSNS; id++)
    if (!strcmp(rows[id].name, name)) return id;
  return PG32_ILLEGAL;
}

/* ---- fields ---- */

static int32_t sign_extend(uint32_t value, unsigned bits) {
  uint32_t sign = 1u << (bits - 1);
  return (int32_t)((value ^ sign) - sign);
}

static int32_t immediate(enum pg32_shape shape, uint32_t word) {
  uint32_t imm15 = word & 0x7fff, imm20 = word & 0xfffff;
  switch (shape) {
  case PG32_SHAPE_RRI:
  case PG32_SHAPE_LOAD:
  case PG32_SHAPE_STORE: return sign_extend(imm15, 15);
  case PG32_SHAPE_BRANCH: return sign_extend(imm15, 15) * 4;
  case PG32_SHAPE_SHIFT:
  case PG32_SHAPE_SCOPE:
  case PG32_SHAPE_MARK: return imm15;
  case PG32_SHAPE_UPPER: return imm20;
  case PG32_SHAPE_JUMP: return sign_extend(imm20, 20) * 4;
  default: return 0;
  }
}

/* Whether rs2 is encoded in the place of rd. */
static bool rs2_in_rd(enum pg32_shape shape) {
  return shape == PG32_SHAPE_STORE || shape == PG32_SHAPE_BRANCH || shape == PG32_SHAPE_MARK;
}

struct pg32_insn pg32_decode(uint32_t word) {
  const struct pg32_insn illegal = {.id = PG32_ILLEGAL};
  unsigned row = row_of_opcode[word >> 25];
  if (!row) return illegal;
  struct pg32_insn insn = {.id = row - 1};
  enum pg32_shape shape = rows[insn.id].shape;
  if (word & reserved_bits[shape]) return illegal;

  uint8_t first = word >> 20 & 31;
  if (rs2_in_rd(shape))
    insn.rs2 = first;
  else
    insn.rd = first;
  if (format_of[shape] != PG32_U) insn.rs1 = word >> 15 & 31;
  if (format_of[shape] == PG32_R) insn.rs2 = word >> 10 & 31;
  insn.imm = immediate(shape, word);
  if (shape == PG32_SHAPE_SCOPE && insn.imm > LAST_SCOPE) return illegal;
  return insn;
}

static bool same(struct pg32_insn a, struct pg32_insn b) {
  return a.id == b.id && a.rd == b.rd && a.rs1 == b.rs1 && a.rs2 == b.rs2 && a.imm == b.imm;
}

/* Packs the fields without checks, and decodes the word again: if a field did not fit, the result differs. */
bool pg32_encode(struct pg32_insn insn, uint32_t *word) {
  if ((unsigned)insn.id >= PG32_INSNS) return false;
  const struct pg32_row *row = &rows[insn.id];
  bool counts_words = row->shape == PG32_SHAPE_BRANCH || row->shape == PG32_SHAPE_JUMP;
  uint32_t imm = counts_words ? (uint32_t)insn.imm >> 2 : (uint32_t)insn.imm;
  uint32_t first = rs2_in_rd(row->shape) ? insn.rs2 : insn.rd;
  uint32_t packed = (uint32_t)row->opcode << 25 | (first & 31) << 20;
  switch (row->format) {
  case PG32_R: packed |= (insn.rs1 & 31u) << 15 | (insn.rs2 & 31u) << 10; break;
  case PG32_I: packed |= (insn.rs1 & 31u) << 15 | (imm & 0x7fff); break;
  case PG32_U: packed |= imm & 0xfffff; break;
  }
  if (!same(pg32_decode(packed), insn)) return false;
  *word = packed;
  return true;
}

/* ---- names ---- */

/* clang-format off */
static const char *const register_names[32] = {
  "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
  "a6",   "a7", "s2", "s3", "s4",  "s5",  "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};
/* clang-format on */

const char *pg32_register_name(unsigned r) { return register_names[r]; }

/* x0 to x31, without leading zeros */
static int numbered_register(const char *name) {
  if (name[0] != 'x' || name[1] < '0' || name[1] > '9') return -1;
  if (!name[2]) return name[1] - '0';
  if (name[1] == '0' || name[2] < '0' || name[2] > '9' || name[3]) return -1;
  int r = (name[1] - '0') * 10 + name[2] - '0';
  return r < 32 ? r : -1;
}

int pg32_register_number(const char *name) {
  for (int r = 0; r < 32; r++)
    if (!strcmp(register_names[r], name)) return r;
  if (!strcmp(name, "fp")) return 8;
  return numbered_register(name);
}

static const struct {
  const char *name, *text;
} causes[PG32_CAUSES] = {
    {"NONE", "no cause"},
#define PG32_CAUSE(name, number, text) [number] = {#name, text},
#include "pg32.def"
};

const char *pg32_cause_name(uint32_t cause) { return cause < PG32_CAUSES ? causes[cause].name : "?"; }
const char *pg32_cause_text(uint32_t cause) { return cause < PG32_CAUSES ? causes[cause].text : "?"; }

/* ---- disassembly ---- */

/* Room for the operands of any shape; the longest is "zero, zero, 0x12345678". */
#define OPERANDS_MAX 64

static void operand(char *buf, size_t size, char letter, struct pg32_insn insn, uint32_t pc) {
  switch (letter) {
  case 'd': snprintf(buf, size, "%s", register_names[insn.rd]); break;
  case 's': snprintf(buf, size, "%s", register_names[insn.rs1]); break;
  case 't': snprintf(buf, size, "%s", register_names[insn.rs2]); break;
  case 'p': snprintf(buf, size, "0x%x", pc + (uint32_t)insn.imm); break;
  case 'u': snprintf(buf, size, "0x%x", (unsigned)insn.imm); break;
  case 'i':
  case 'h':
  case 'k': snprintf(buf, size, "%d", insn.imm); break;
  case ',': snprintf(buf, size, ", "); break;
  default: snprintf(buf, size, "%c", letter); break;
  }
}

int pg32_disassemble(char *buf, size_t size, uint32_t word, uint32_t pc) {
  struct pg32_insn insn = pg32_decode(word);
  if (insn.id == PG32_ILLEGAL) return snprintf(buf, size, ".word 0x%08x", word);
  const struct pg32_row *row = &rows[insn.id];
  const char *letters = operands_of[row->shape];
  if (!*letters) return snprintf(buf, size, "%s", row->name);

  char text[OPERANDS_MAX] = "";
  for (; *letters; letters++) {
    size_t used = strlen(text);
    operand(text + used, sizeof text - used, *letters, insn, pc);
  }
  return snprintf(buf, size, "%-7s %s", row->name, text);
}
