/* stack.c - the return-address stack (emit/calls.c), which is the host's: each entry has 16 bytes, PG32's return
 * address above the host's address of the landing. */
#include "writer.h"

#if JIT_HOST == JIT_X64

uint8_t *jit_emit_host_call(struct writer *w, struct slow_path *p, const struct jit_step *s, bool looked_up) {
  struct encoder *e = w->e;
  uint8_t *call = NULL;
  if (looked_up) jit_emit_fetch_lookup(w);
  x64_op(e, CMP | REX_W, RSP, field(offsetof(struct machine, return_stack_limit)));
  p->entry[1] = x64_jcc(e, CC_BE);
  p->resume = e->p;
  x64_push_imm32(e, s->pc + 4);
  if (looked_up)
    x64_op(e, GROUP5, GRP5_CALL, mem_index(RCX, RDX, 1, 0));
  else
    call = x64_call(e);
  x64_pop(e, RCX);
  return call;
}

void jit_emit_host_return(struct writer *w, uint32_t insns) {
  x64_op(w->e, CMP, RAX, mem(RSP, 8));
  uint8_t *elsewhere = x64_jcc_short(w->e, CC_NE);
  host_charge(w->e, insns);
  jump_to_thunk_if(w, COND_SPENT, THUNK_RETURN);
  x64_ret(w->e);
  x64_bind_short_here(w->e, elsewhere);
}

void jit_emit_forget_returns(struct writer *w) {
  x64_op(w->e, MOV | REX_W, RSP, field(offsetof(struct machine, return_stack)));
}

#endif
