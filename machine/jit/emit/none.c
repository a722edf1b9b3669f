/* none.c - a host without an emitter: jit_new refuses, so that none of these is ever called. */
#include "machine/jit/jit.h"

#if JIT_HOST == JIT_NONE

void jit_emit_thunks(struct jit *j) { (void)j; }
bool jit_can_emit(enum pg32_id id) { return (void)id, false; }
void jit_emit_block(struct jit *j, struct jit_trace *trace) { (void)j, (void)trace; }
void jit_patch(struct jit *j, uint32_t jump, uint32_t to) { (void)j, (void)jump, (void)to; }
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page) {
  (void)j, (void)at, (void)page;
}

#endif
