/* code.h - decoded code: what code.c makes of each executed page, and the engines execute. */
#ifndef INTERP_CODE_H
#define INTERP_CODE_H

#include "machine/core/internal.h"

/* One predecoded instruction. `run` counts the instructions from this one to the end of its straight-line
 * run, both included; an instruction that does not end its run has run == run of the next + 1. */
struct op {
  uint8_t rs1, rd; /* shapes without rd: rs2 in rd's place. rd = x0 is X_SINK */
  uint16_t go;     /* the number of its handler, when it is come to from the op before, */
  int32_t imm;     /* shape RRR: the number of rs2. Near branches and jumps: the ops' distance in bytes */
  uint16_t enter;  /* as go, when it is jumped to */
  uint16_t run;
  uint32_t way; /* loads and stores: the host TLB entry found last, as an offset in struct machine */
};
_Static_assert(sizeof(struct op) == 16, "op grew");
_Static_assert(offsetof(struct op, rd) == 1 && offsetof(struct op, imm) == 4,
               "engine_body.h takes ops apart");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "guest RAM and ops are read as the host's words");

/* A page of them, with a sentinel that walks on to the next page. */
struct code {
  struct op op[PAGE_WORDS + 1];
  uint8_t kind[PAGE_WORDS]; /* the number of each op's handler if it goes alone */
  uint32_t page;            /* physical address it was decoded from */
  uint32_t stores;          /* into the page since something was last decoded */
  uint32_t way;             /* of the host TLB that leads here for fetches, or one of: */
#define NO_WAY 0xFFFFFFFEu
#define MANY_WAYS 0xFFFFFFFFu
  bool live;
};

#ifdef MODE_TINY
#define CODE_PAGES 1
#define CODE_PAGES_ALONE 1
#else
#define CODE_PAGES 320 /* that may be decoded at a time, beside a JIT; without one: */
#define CODE_PAGES_ALONE 1024
#endif

/* Handlers that are not rows of pg32.def; near branches and jumps are at OP_NEAR + id, what takes rs1 from
 * the op before at OP_FORWARD + id. After them those that execute several instructions, each of its form. The
 * copy of the engine that is observed has none from OP_FORWARD on; and no copy has those from OP_BEGINNINGS
 * on, which only lead to longer ones. */
#define OP2(f, a, g, b) OP_##f##_##a##_##g##_##b
#define OP3(f, a, g, b, h, c) OP_##f##_##a##_##g##_##b##_##h##_##c
#define OP4(f, a, g, b, h, c, i, d) OP_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d
enum {
  OP_ILLEGAL = PG32_ILLEGAL,
  OP_DECODE,
  OP_PAGE_END,
  OP_STOP,
  OP_NEAR,
  OP_FORWARD = OP_NEAR + PG32_INSNS,
  OP_FUSED = OP_FORWARD + PG32_INSNS,
  OP_BEFORE_FUSED = OP_FUSED - 1,
#define FUSED2(...) OP2(__VA_ARGS__),
#define FUSED3(...) OP3(__VA_ARGS__),
#define FUSED4(...) OP4(__VA_ARGS__),
#include "fused.def"
  OP_HANDLERS,
  OP_BEGINNINGS = OP_HANDLERS,
  OP_BEFORE_BEGINNINGS = OP_BEGINNINGS - 1,
#define BEGIN2(...) OP2(__VA_ARGS__),
#define BEGIN3(...) OP3(__VA_ARGS__),
#include "fused.def"
  OP_NODES
};
#define FUSED_MOST 4 /* instructions that one handler executes */

/* Where an op's operands may be taken from, as engine_body.h says. */
enum form { FORM_M, FORM_F, FORM_S, FORM_O, FORMS };

/* The code at pc under the present STATUS; 0, or the cause of the fetch fault. */
uint32_t machine_code_fetch(struct machine *m, uint32_t pc, struct code **code);
/* Decodes the run that starts at op[index]. */
void machine_code_decode(struct machine *m, struct code *code, uint32_t index);
/* Copies the first n instructions of the run at `index` to m->scratch, followed by a stop. */
void machine_code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n);
/* The name by which fused.def knows a kind of op, PG32_ILLEGAL: by none; and the best form of an op that has
 * been decoded, when it is reached from the one before. */
enum pg32_id machine_code_name(uint32_t kind);
enum form machine_code_form(const struct code *code, uint32_t index);
void machine_code_drop_all(struct machine *m);

#endif
