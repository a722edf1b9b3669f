/* fused.h - what fused.c and fused_machine.c share; they see struct machine from its two sides. */
#ifndef FUSED_H
#define FUSED_H

#include <stdint.h>

struct machine;
/* A machine ready to run an image, or DEPTH:PROGRAM ARGUMENT... (which is taken to pieces). Dies if it
 * cannot. */
struct machine *fused_machine(char *what);
/* 1 .. most, with an optional K, M or G; dies if `text` is anything else. */
uint64_t fused_number(const char *name, const char *text, uint64_t most);
void *must(void *memory); /* dies when it is NULL */

#endif
