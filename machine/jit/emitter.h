/* emitter.h - the interface to the emitter, which writes a trace as host code. emit/ is what all hosts share of it; a
 * port to another host is a folder beside x64/, with what emit/writer.h asks of it. */
#ifndef JIT_EMITTER_H
#define JIT_EMITTER_H

#include "trace.h"

/* Writes the code that is always there, at the beginning of the cache, in at most JIT_THUNK_BYTES; sets
 * j->prologue, j->epilogue, j->untranslated. */
void jit_emit_thunks(struct jit *j);
/* Can the emitter write the instruction? */
bool jit_can_emit(enum pg32_id id);
/* Writes the block at j->at, where there is room for (n + 2) * JIT_STEP_BYTES, and moves j->at on. Sets what
 * the fields of *trace say that the emitter sets. */
void jit_emit_block(struct jit *j, struct jit_trace *trace);
/* Makes the jump whose displacement is at offset `jump` go to offset `to`. */
void jit_patch(struct jit *j, uint32_t jump, uint32_t to);
/* Makes the constant of a page check that page; NULL: the check fails. */
void jit_patch_page(struct jit *j, uint32_t at, const struct jit_page *page);

#endif
