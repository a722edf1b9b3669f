/* trace.h - traces: what trace.c makes, cache.c keeps, and the emitter writes as a block. */
#ifndef JIT_TRACE_H
#define JIT_TRACE_H

#include "cache.h"

/* An instruction of a trace. An indirect jump (jalr) is `taken` if the trace continues at its target, because
 * that is known or predicted. */
struct jit_step {
  struct pg32_insn insn;
  uint32_t pc;
  uint32_t callee;  /* of an out-of-line call: its target, or 0 = not known; or the predicted target */
  bool taken;       /* a branch or jalr: the trace continues at its target */
  bool predicted;   /* a jalr: its target is predicted */
  bool out_of_line; /* a call that is not inlined: the trace continues after it */
};

enum jit_trace_end {
  JIT_END_LINK,       /* continues at `target` by a link */
  JIT_END_LOOP,       /* goes back to its own beginning */
  JIT_END_ENTER_LOOP, /* continues at `target`, another loop's head */
  JIT_END_LAST_STEP   /* the last step sees to it */
};

struct jit_trace {
  struct jit_page *page;
  const struct jit_link *parent;    /* of a side trace: the side exit where it begins; else NULL */
  uint8_t depth;                    /* of its side exits if they may get side traces; else 0 */
  struct jit_register_map loop_map; /* at the head of the loop: chosen by the emitter for JIT_END_LOOP, and */
                                    /* given to it for JIT_END_ENTER_LOOP */
  uint32_t loop_head, loop_link;    /* from the emitter: offset of a loop's head; the link to another's */
  enum jit_trace_end end;
  uint32_t n, target;
  struct jit_step step[JIT_TRACE_MAX];
};

/* Makes the trace that begins at pc, in t->page, for t->parent. If then n == 0 and end is not
 * JIT_END_ENTER_LOOP, there is none: the emitter cannot write the first instruction. */
void jit_trace_make(const struct machine *m, struct jit_trace *t, uint32_t pc);

/* A call, by the rule of RISC-V's manual for return-address stacks: a jump that links to ra. The exception is
 * `jal ra, 4`, which only reads the pc. */
static inline bool jit_is_call(const struct pg32_insn *i) {
  return i->rd == 1 && (i->id == PG32_jalr || (i->id == PG32_jal && i->imm != 4));
}
static inline bool jit_is_return(const struct pg32_insn *i) {
  return i->id == PG32_jalr && i->rd == 0 && i->rs1 == 1 && i->imm == 0;
}
static inline bool jit_is_load(enum pg32_id id) { return id >= PG32_lb && id <= PG32_lhu; }
static inline bool jit_is_store(enum pg32_id id) { return id >= PG32_sb && id <= PG32_sw; }
/* Bytes that a load or store accesses; 0 for all other instructions. */
static inline uint32_t jit_access_bytes(enum pg32_id id) {
  static const uint8_t bytes[PG32_INSNS + 1] = {[PG32_lb] = 1,  [PG32_lh] = 2, [PG32_lw] = 4, [PG32_lbu] = 1,
                                                [PG32_lhu] = 2, [PG32_sb] = 1, [PG32_sh] = 2, [PG32_sw] = 4};
  return bytes[id];
}

#endif
