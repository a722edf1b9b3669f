/* fuzz.h - how fuzz.c, fuzz_para.c and fuzz_greedy.c write hostile images: memory [BASE, END) of a machine, with a trap handler, tables
 * from which it draws, and random code. */
#ifndef FUZZ_H
#define FUZZ_H

#include "isa/pg32.h"
#include "safety.h"

enum {
  BASE = IMAGE_BASE,
  START = BASE + 0x800,
  TABLES = 0x2000,
  CODE = 0x3000,
  CODE_END = 0xB000,
  END = 0x10000,
  STATUSES = 0x000,
  TIMERS = 0x100,
  HIS = 0x200,
  LOS = 0x300,
  VALUES = 0x400, /* tables of 64 words, the last of 128 */
  SEED = 0x80,    /* in the low core */
  CALL = 0x84,    /* likewise, of a guest that knows that it is one: the number of its next hypercall */
};

struct code { /* of an image, written at the address `at` */
  uint8_t *image;
  uint32_t at;
};

void code_emit(struct code *c, enum pg32_id id, unsigned rd, unsigned rs1, unsigned rs2, int32_t imm);
/* x6 = the next random number (Marsaglia's xorshift32; the addition leaves 0). Uses x7. */
void code_random(struct code *c);
/* rd = TABLES + 4 * six bits of the random number, from bit `shift` on. Uses x7. */
void code_choose(struct code *c, unsigned rd, int shift);
/* n words from `draw`, at that address of the image. */
void code_fill(uint8_t *image, uint32_t at, int n, uint32_t draw(uint64_t *seed), uint64_t *seed);
#define RRR(op, d, s, t) code_emit(c, PG32_##op, d, s, t, 0)
#define RRI(op, d, s, i) code_emit(c, PG32_##op, d, s, 0, i)
#define LOAD(d, i, s) code_emit(c, PG32_lw, d, s, 0, i)
#define STORE(t, i, s) code_emit(c, PG32_sw, 0, s, t, i)
#define LUI(d, address) code_emit(c, PG32_lui, d, 0, 0, (address) >> 12)

uint32_t fuzz_below(uint64_t *seed, uint32_t n); /* a random number below n */

/* ---- fuzz_para.c: a guest that knows that it is one (isa/para.h) ---- */
void para_handler(struct code *c);
void para_tables(uint8_t *image, uint64_t *seed);

/* ---- fuzz_greedy.c: guests that make work for others ---- */
void greedy_handler(struct code *c);
void greedy_tables(uint8_t *image, uint64_t *seed);
void greedy_para_handler(struct code *c); /* of a guest that knows that it is one */
void greedy_para_tables(uint8_t *image, uint64_t *seed);

#endif
