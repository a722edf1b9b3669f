/* calls.h - the names of system calls, the same in traces, in the debugger, in `verify` and in the grader.
 *
 * A system call belongs to the kernel that handles it: for a program at level N, the kernel of level N. Our
 * kernel's calls have the names of isa/platform.h. Nobody here knows those of another kernel, be it an image,
 * one given by --kernel, or one that a lab builds: they are numbers, unless a file names them (--syscalls).
 *
 * Such a file has one call on each line, a number and a name; # begins a comment:
 *
 *     # the calls of my kernel
 *     1   exit
 *     0x9 read */
#ifndef CALLS_H
#define CALLS_H

#include "tools/trapeze/trapeze.h"

/* Reads a file of names, for calls_free. Dies, saying in which line, when the file is not as above. */
struct call_names *calls_read(const char *path);
void calls_free(struct call_names *names); /* NULL is allowed */

/* Does a run with these options have a kernel of the user's own: an image, or in place of our kernel? */
bool calls_have_own_kernel(const struct options *o);
/* The name of system call `number` of a program at that level; NULL when nobody here knows it. Names from a
 * file belong to o->calls. Programs deeper than o->depth are in VMs that the guest has begun by itself; they
 * have the guest's kernel, unless the guest is an image or has an initrd of its own. */
const char *calls_name(const struct options *o, unsigned level, uint32_t number);

/* Is the trap a hypercall: an hcall of a kernel that knows that it is a guest (isa/para.h)? */
bool calls_is_hypercall(const struct record *rec);
/* The name of the hypercall that a trap makes, for example "HCALL_IRET" (isa/para.h). NULL: it makes none, or one that
 * does not exist. */
const char *calls_hypercall(const struct record *rec);

#endif
