/* pg32.h - PG32 instructions as values: encode, decode, name, disassemble.
 *
 * The rows come from pg32.def, the one table. All functions are pure: they allocate nothing, keep no state,
 * and may be called by several threads. Strings that they return are constants. Unless a comment says
 * otherwise, no pointer may be NULL. */
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

/* The number of an instruction's row, from 0 to PG32_INSNS - 1. PG32_ILLEGAL is not a row. */
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

/* One decoded instruction. A field that the shape does not use is 0. What imm is depends on the shape:
 *   RRI, LOAD, STORE   the sign-extended field: -0x4000..0x3FFF
 *   BRANCH, JUMP       a distance in bytes, the sign-extended field times 4
 *   UPPER              the field itself: 0..0xFFFFF
 *   SHIFT, SCOPE       0..31, 0..2
 *   MARK               0..0x7FFF */
struct pg32_insn {
  enum pg32_id id;
  uint8_t rd, rs1, rs2;
  int32_t imm;
};

/* The row of `id`; id must be below PG32_INSNS. */
const struct pg32_row *pg32_row(enum pg32_id id);

/* The operands of a shape, in the letters of pg32.def ("d,s,t", ...), and its format. `shape` must be below
 * PG32_SHAPES. */
const char *pg32_operands(enum pg32_shape shape);
enum pg32_format pg32_shape_format(enum pg32_shape shape);

/* The row whose mnemonic is `name` exactly, or PG32_ILLEGAL. */
enum pg32_id pg32_lookup(const char *name);

/* Decodes any word. With an opcode that has no row, a reserved bit that is set, or a shift amount or scope
 * out of range, id is PG32_ILLEGAL and all else 0. */
struct pg32_insn pg32_decode(uint32_t word);

/* Encodes an instruction whose fields are as pg32_decode gives them. False, leaving *word alone, if a field
 * is out of range or the id is not a row. For each legal word w, encoding what w decodes to gives w again,
 * and the reverse. */
bool pg32_encode(struct pg32_insn insn, uint32_t *word);

/* Writes `word` as one line of assembly, such as "addi    a0, a0, 1", into the `size` bytes at buf, cut off
 * if it does not fit and always terminated by a NUL. Targets of branches and jumps are absolute, computed
 * from pc. An illegal word becomes ".word 0x0123abcd". Returns the length of the whole text, as snprintf
 * does; buf may be NULL if size is 0. */
int pg32_disassemble(char *buf, size_t size, uint32_t word, uint32_t pc);

/* The ABI's name of register r, which must be below 32: "zero", "ra", "sp", ... And the number of the
 * register of that name, where x0 to x31 and fp are names, too; -1 if there is none. */
const char *pg32_register_name(unsigned r);
int pg32_register_number(const char *name);

/* Any cause as a word, such as "LOAD_MISS", and as text, such as "TLB miss on load". For 0 they are "NONE"
 * and "no cause", for a number past the last cause "?". */
const char *pg32_cause_name(uint32_t cause);
const char *pg32_cause_text(uint32_t cause);

#endif
