/* code.h - what the core asks of the cache of decoded code, which is the interpreter's (interp/code.c).
 *
 * The core knows no more of decoded code than that a page of RAM may have some: page->code != NULL. */
#ifndef MACHINE_CODE_H
#define MACHINE_CODE_H

#include <stdbool.h>
#include <stdint.h>

struct machine;
struct code;

/* An empty cache, smaller where there is a JIT (m->jit). False if memory is short. */
bool machine_code_new(struct machine *m);
void machine_code_free(
    struct machine *m); /* a machine whose machine_code_new has failed, or has not been called, is allowed */
/* Before bytes [pa, pa + n) of the page that `code` was decoded from are written. */
void machine_code_stored(struct machine *m, struct code *code, uint32_t pa, uint32_t n);

#endif
