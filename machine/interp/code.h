/* code.h - decoded code: code.c decodes each executed page of RAM once, and the engine executes the result.
 *
 * A page becomes an array of ops, one for each word. A "straight-line run" is what is executed from an op on
 * until something may jump or trap: it ends with the next branch, jump or instruction that is not innocuous
 * (pg32.def). */
#ifndef INTERP_CODE_H
#define INTERP_CODE_H

#include "machine/core/bus.h"
#include "machine/core/host_tlb.h"

/* One decoded instruction. `run` counts the instructions from this one to the end of its straight-line run,
 * both included; an instruction that does not end its run has run == run of the next + 1. A handler is the
 * piece of the engine that executes the op, by number (OP_...). There are two, because only an op that is
 * reached from the one before it may take an operand from there (operand forwarding, handlers.h). */
struct op {
  uint8_t rs1, rd;       /* shapes without rd: rs2 in rd's place. rd = x0 is X_SINK */
  uint16_t fall_through; /* the handler, when the op before has just been executed */
  int32_t
      imm; /* shape RRR: the number of rs2. Near branches and jumps: the distance to the target op in bytes */
  uint16_t jumped_to; /* the handler, when the op is jumped to */
  uint16_t run;
  uint32_t last_entry; /* loads and stores: the host TLB entry used last, as an offset in struct machine */
};
_Static_assert(sizeof(struct op) == 16, "op grew");
_Static_assert(offsetof(struct op, rd) == 1 && offsetof(struct op, fall_through) == 2 &&
                   offsetof(struct op, imm) == 4,
               "handlers.h takes ops apart");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "guest RAM and ops are read as the host's words");

/* The first half of an op: operands and fall_through. */
static inline uint64_t op_word(const struct op *op) {
  uint64_t word;
  __builtin_memcpy(&word, op, sizeof word);
  return word;
}

/* A page of ops. The last one is a sentinel that goes on to the next page. */
struct code {
  struct op op[PAGE_WORDS + 1];
  uint8_t
      kind[PAGE_WORDS]; /* for each op, the number of the handler that executes it alone, nothing forwarded */
  uint32_t page;        /* physical address it was decoded from */
  uint32_t stores;      /* into the page since something was last decoded */
  uint32_t fetch_entry; /* the entry of the host TLB for fetches that leads here, or one of: */
#define NO_ENTRY 0xFFFFFFFEu
#define MANY_ENTRIES 0xFFFFFFFFu
  bool live;
};

/* Pages that may be decoded at a time. */
#ifdef MODE_TINY
#define CODE_PAGES 1
#else
#define CODE_PAGES 1024
#endif

/* The numbers of handlers. Those below PG32_INSNS are the rows of pg32.def. Then come the special ones;
 * branches and jumps within their page, at OP_NEAR + id; instructions whose rs1 is forwarded, at OP_FORWARD +
 * id; and the fused ones, which execute two to four instructions (fused.def). The copy of the engine that
 * serves observers has none from OP_FORWARD on. Numbers from OP_BEGINNINGS on have no handler in either copy:
 * they are sequences that only lead to longer ones, nodes of the tree in which code.c finds the longest
 * sequence. */
#define OP2(f, a, g, b) OP_##f##_##a##_##g##_##b
#define OP3(f, a, g, b, h, c) OP_##f##_##a##_##g##_##b##_##h##_##c
#define OP4(f, a, g, b, h, c, i, d) OP_##f##_##a##_##g##_##b##_##h##_##c##_##i##_##d
enum {
  OP_ILLEGAL = PG32_ILLEGAL,
  OP_DECODE,
  OP_PAGE_END,
  OP_STOP,
  OP_ENTER, /* goes on at m->pc; of no op */
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
/* A handler executes the op, and those that follow it up to the next boundary (handlers.h). `left`, `forward`
 * and `context` are what handlers hand on from one to the next in host registers. */
extern handler *const engine_plain[OP_HANDLERS], *const engine_traced[OP_HANDLERS];

#define FUSED_MOST 4 /* instructions that one handler executes */

/* Where an op's operands are taken from: the forms of handlers.h. */
enum form { FORM_M, FORM_F, FORM_S, FORM_O, FORMS };

/* The code at pc under the present STATUS. Returns 0, or the cause of the fetch fault, *code not set. */
uint32_t machine_code_fetch(struct machine *m, uint32_t pc, struct code **code);
/* Decodes the run that starts at op[index]. */
void machine_code_decode(struct machine *m, struct code *code, uint32_t index);
/* Copies the first n instructions of the run at `index` to m->scratch, followed by OP_STOP. */
void machine_code_truncate(struct machine *m, const struct code *code, uint32_t index, uint32_t n);
/* The instruction under which fused.def knows the ops of a kind; PG32_ILLEGAL: no sequence has them. */
enum pg32_id machine_code_name(uint32_t kind);
/* The best form of a decoded op, when the op before has just been executed. */
enum form machine_code_form(const struct code *code, uint32_t index);
/* Forgets all decoded code. */
void machine_code_drop_all(struct machine *m);

#endif
