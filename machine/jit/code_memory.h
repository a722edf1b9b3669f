/* code_memory.h - the memory for host code: writable, and executable, but never both at one address (W^X). */
#ifndef JIT_CODE_MEMORY_H
#define JIT_CODE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

struct jit;

/* Sets j->rw and j->rx, JIT_CODE_BYTES of memory, and j->predictions. False, with errno set, if there is no memory,
 * or none that may be executed. */
bool jit_code_new(struct jit *j);
void jit_code_free(struct jit *j);
/* Around each change of the code cache's bytes [from, to): between the two calls, they are written at j->rw, and
 * nothing of them is executed. */
void jit_code_open(struct jit *j, uint32_t from, uint32_t to);
void jit_code_close(struct jit *j, uint32_t from, uint32_t to);

#endif
