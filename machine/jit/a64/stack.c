/* stack.c - the return-address stack (emit/calls.c), which is the host's: each entry has 16 bytes, PG32's return
 * address above the host's address of the landing.
 *
 * A call of the host and its return are in pairs here, so that the host predicts returns; but the address that the
 * call leaves in x30 is not used, as the callee's block would have to store it. */
#include "writer.h"

#if JIT_HOST == JIT_A64

#define CODE 0 /* a scratch register: the callee's block, if it is looked up */

uint8_t *jit_emit_host_call(struct writer *w, struct slow_path *p, const struct jit_step *s, bool looked_up) {
  struct encoder *e = w->e;
  uint8_t *call = NULL;
  if (looked_up) jit_emit_fetch_lookup(w, CODE);
  load_field(w, SIZE_64, TEMP, offsetof(struct machine, return_stack_limit));
  a64_rri(e, ADD_IMM | WIDE, TEMP2, SP, 0);
  a64_rrr(e, SUBS | WIDE, ZR, TEMP2, TEMP);
  p->entry[1] = a64_b_cond(e, CC_LS);
  p->resume = e->p;
  a64_mov_imm(e, TEMP2, s->pc + 4);
  a64_adr(e, TEMP, 3 * 4); /* the landing: after this instruction, the push and the call */
  a64_push(e, TEMP, TEMP2, 16);
  if (looked_up)
    a64_blr(e, CODE);
  else
    call = a64_bl(e);
  return call;
}

void jit_emit_host_return(struct writer *w, uint32_t insns) {
  a64_pair(w->e, true, WIDE, TEMP, TEMP2, SP, 0);
  a64_rrr(w->e, SUBS, ZR, SCRATCH, TEMP2);
  uint8_t *elsewhere = a64_b_cond(w->e, CC_NE);
  host_charge(w->e, insns);
  jump_to_thunk_if(w, COND_SPENT, THUNK_RETURN);
  a64_rri(w->e, ADD_IMM | WIDE, SP, SP, 16);
  a64_ret(w->e, TEMP);
  bind_here(w->e, elsewhere);
}

void jit_emit_forget_returns(struct writer *w) {
  load_field(w, SIZE_64, TEMP, offsetof(struct machine, return_stack));
  a64_rri(w->e, ADD_IMM | WIDE, SP, TEMP, 0);
}

#endif
