/* pg32.h - PG32 instructions as values: encode, decode, name, disassemble.
 *
 * All functions are pure. The rows come from pg32.def, the one table. */
#ifndef PG32_H
#define PG32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cause.h"

enum pg32_format { PG32_R, PG32_I, PG32_U };

enum pg32_shape {
#define PG32_SHAPE(name, format, operands) PG32_SHAPE_##name,
#include "pg32.def"
  PG32_SHAPES
};

enum pg32_class { PG32_INNOCUOUS, PG32_PRIVILEGED, PG32_TRAPPING };

/* An instruction's row: dense, 0..PG32_INSNS-1; PG32_ILLEGAL is not a row. */
enum pg32_id {
#define PG32_INSN(name, opcode, shape, class, meaning) PG32_##name,
#include "pg32.def"
  PG32_INSNS,
  PG32_ILLEGAL = PG32_INSNS
};

struct pg32_row {
  const char *name;
  uint8_t opcode;
  enum pg32_shape shape;
  enum pg32_format format;
  enum pg32_class class;
  const char *meaning;
};

/* One decoded instruction. A field the shape does not use is 0. imm is sign-extended (imm15),
 * counts bytes for BRANCH and JUMP (already multiplied by 4), is the plain 20-bit field for UPPER
 * (0..0xFFFFF), 0..31 for SHIFT, and unsigned for SCOPE and MARK. */
struct pg32_insn {
  enum pg32_id id;
  uint8_t rd, rs1, rs2;
  int32_t imm;
};

/* The row of `id`; id must be below PG32_INSNS. */
const struct pg32_row *pg32_row(enum pg32_id id);

/* The operands text of a shape ("d,s,t" ...), and its format. */
const char *pg32_operands(enum pg32_shape shape);
enum pg32_format pg32_shape_format(enum pg32_shape shape);

/* The row whose mnemonic is `name` exactly, or PG32_ILLEGAL. */
enum pg32_id pg32_lookup(const char *name);

/* Decodes any word. An undefined opcode, a non-zero reserved bit or an out-of-range shift amount or
 * scope gives id = PG32_ILLEGAL and zeroes elsewhere. */
struct pg32_insn pg32_decode(uint32_t word);

/* Encodes; every field is taken as pg32_decode would give it. Returns false, leaving *word alone,
 * if a field is out of range or the id is not a row. decode(encode(i)) == i and
 * encode(decode(w)) == w for each legal w. */
bool pg32_encode(struct pg32_insn insn, uint32_t *word);

/* Writes `word` as one line of assembly ("addi    a0, a0, 1") into buf, always terminated; branch
 * and jump targets are absolute, computed from pc. An illegal word is written ".word 0x........".
 * Returns what snprintf would: the length the whole text needs. */
int pg32_disassemble(char *buf, size_t size, uint32_t word, uint32_t pc);

/* ABI names: "zero", "ra", "sp", ... (r must be below 32); and back, accepting x0..x31 and fp too:
 * the number, or -1. */
const char *pg32_register_name(unsigned r);
int pg32_register_number(const char *name);

/* A cause as a word ("LOAD_MISS") and as text ("TLB miss on load"); "NONE"/"no cause" for 0 and "?" past
 * the last. */
const char *pg32_cause_name(uint32_t cause);
const char *pg32_cause_text(uint32_t cause);

#endif
