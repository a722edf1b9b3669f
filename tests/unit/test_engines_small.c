/* test_engines_small.c - test_engines on a JIT that is as on a host without BMI2, and so small that all that
 * it has room for is crowded out now and then (JIT_SMALL). The Makefile compiles machine/jit for it. */
#ifdef MODE_TINY
#define INSNS 2000000
#else
#define INSNS 12000000
#endif
#include "test_engines.c"
