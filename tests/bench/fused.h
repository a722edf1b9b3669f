/* fused.h - what fused.c and fused_machine.c share; they see struct machine from its two sides. */
#ifndef FUSED_H
#define FUSED_H

struct machine;
/* A machine ready to run an image, or DEPTH:PROGRAM ARGUMENT... (which is taken to pieces). Dies if it
 * cannot. */
struct machine *fused_machine(char *what);
void *must(void *memory); /* dies when it is NULL */

#endif
