/* unit.h - the unit that is being made: what unit.c, control.c and sensitive.c share.
 *
 * A function for an instruction appends the words that stand for it, and keeps the rules of translate.h. It returns
 * whether the unit goes on behind the instruction. */
#ifndef UNIT_H
#define UNIT_H

#include "translate.h"

/* ---- words ---- */

enum shape { UNKNOWN, RRR, RD, RS, RST, PLAIN, RRI, SHIFT, LOAD, STORE, BRANCH, SCOPE, MARK, UPPER, JUMP };
#define SHAPE_RRR RRR
#define SHAPE_RD RD
#define SHAPE_RS RS
#define SHAPE_RST RST
#define SHAPE_NONE PLAIN
#define SHAPE_RRI RRI
#define SHAPE_SHIFT SHIFT
#define SHAPE_LOAD LOAD
#define SHAPE_STORE STORE
#define SHAPE_BRANCH BRANCH
#define SHAPE_SCOPE SCOPE
#define SHAPE_MARK MARK
#define SHAPE_UPPER UPPER
#define SHAPE_JUMP JUMP
extern const uint8_t shape_of[128]; /* by opcode */

static inline uint32_t word_r(uint32_t op, uint32_t rd, uint32_t rs1, uint32_t rs2) {
  return op << 25 | rd << 20 | rs1 << 15 | rs2 << 10;
}
static inline uint32_t word_i(uint32_t op, uint32_t rd, uint32_t rs1, uint32_t imm) {
  return op << 25 | rd << 20 | rs1 << 15 | (imm & 0x7FFF);
}
static inline uint32_t word_u(uint32_t op, uint32_t rd, uint32_t imm) {
  return op << 25 | rd << 20 | (imm & 0xFFFFF);
}

static inline uint32_t signed_imm(uint32_t insn) { return (uint32_t)((int32_t)(insn << 17) >> 17); }
static inline uint32_t signed_imm20(uint32_t insn) { return (uint32_t)((int32_t)(insn << 12) >> 12); }

/* ---- the unit that is being made ---- */

struct build {
  struct translator *t;
  struct unit *u;
  uint32_t key;     /* of the STATUS in which the next instruction runs */
  uint32_t on, off; /* guest registers that are known to hold that STATUS with IE on, with IE off (bits) */
  uint32_t insn;    /* the guest instruction whose turn it is, counted from the unit's start */
  int debt;         /* before the next word; see translate.h */
  bool boundary;    /* the next word is the first of a sequence */
  bool ended;       /* what follows belongs to no instruction */
  bool compared;    /* the next word comes behind the comparison of the instruction, which is the boundary */
  bool checked;     /* each instruction is compared with the guest's (adapt.c) */
  bool stub_of;     /* what follows belongs to the instruction `insn`, whose other words stand elsewhere */
  const uint32_t *code; /* the guest's words */
  uint32_t stubs;       /* branches that need a stub at the end of the unit */
  struct stub {
    uint32_t word;    /* the branch */
    uint32_t pc, key; /* where the guest goes on if it is taken ... */
    uint8_t cause;    /* ... or 0xFF: there; else what the guest's instruction `insn` becomes: CAUSE_... */
    uint8_t insn;
    int8_t debt;
    void (*append)(struct build *b); /* ... or, if it is not NULL, what appends the stub's words */
  } stub[3 * UNIT_INSNS];
};
enum { GOES_ON = 0xFF };

static inline uint32_t pc_of(const struct build *b) { return b->u->pc + 4 * b->insn; }

/* ---- unit.c ---- */

/* Appends a word, which costs one more of debt; returns its number in the cache. */
uint32_t build__emit(struct build *b, uint32_t word);
/* The guest's instruction is done with the word just appended. */
void build__commit(struct build *b);
/* Appends the word that settles the debt: after `words` more words, with which `insns` guest instructions are done, it
 * will be 0. */
void build__settle(struct build *b, int words, int insns);
/* A word 0 that gives the guest's present instruction the trap `cause`, or lets the VMM emulate it. */
void build__trap(struct build *b, uint32_t cause);
/* An exit to the guest's address pc, with STATUS `key`. `branch`: the word that comes here; NONE: the word itself will be
 * the jump. insns: guest instructions that are done with the jump. */
void build__exit(struct build *b, uint32_t pc, uint32_t key, int branch, int insns);
/* The branch at `word` leads to a stub, which unit.c appends at the unit's end: an exit to pc (cause GOES_ON), or a word 0
 * that gives the guest's instruction the trap `cause`. */
void build__stub(struct build *b, uint32_t word, uint32_t pc, uint32_t cause);
/* The branch at `word` leads to a callout: words at the unit's end that do the rest of the guest's present instruction
 * and leave the unit. unit.c calls `append` there, which appends them; b->insn and b->key are then as they are now. */
void build__callout(struct build *b, uint32_t word, void (*append)(struct build *b));
/* The branch at `word` leads to the next word. */
void build__here(struct build *b, uint32_t word);
/* The register that has the content of the guest's register r: r itself, or `scratch` after a load. */
uint32_t build__operand(struct build *b, uint32_t r, uint32_t scratch);
/* The register in which to compute a result for the guest's register r; build__result_done must follow. */
uint32_t build__result(uint32_t r);
void build__result_done(struct build *b, uint32_t r);
/* Gives the guest's register rd a value that is known. */
void build__constant(struct build *b, uint32_t rd, uint32_t value);

/* ---- control.c ---- */
bool unit__branch(struct build *b, uint32_t insn);
bool unit__jump(struct build *b, uint32_t insn);          /* jal */
bool unit__jump_register(struct build *b, uint32_t insn); /* jalr */

/* ---- sensitive.c ---- */
bool unit__mfst(struct build *b, uint32_t insn);
bool unit__mtst(struct build *b, uint32_t insn);
bool unit__call(struct build *b, uint32_t insn); /* syscall, hcall, break */
/* An instruction that traps by itself, in user mode as in the cache, before it does anything. */
bool unit__trap(struct build *b, uint32_t insn, uint32_t cause);
/* ---- callout.c ---- */
bool unit__post(struct build *b, uint32_t insn); /* tlbw, tlbi */
/* sw and lw that have often had the address va, of a device's register */
bool unit__device_store(struct build *b, uint32_t insn, uint32_t va);
bool unit__device_load(struct build *b, uint32_t insn, uint32_t va);

/* Before each instruction: which registers hold a STATUS that the unit has computed (struct build, `on` and `off`). */
void unit__follow_status(struct build *b, uint32_t insn);

#endif
