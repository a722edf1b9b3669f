/* alloca.h - memory on the stack, which the function's return frees. */
#ifndef _ALLOCA_H
#define _ALLOCA_H
#include <stddef.h>

#undef alloca
#define alloca(bytes) __builtin_alloca(bytes)

#endif
