/* constructors.c - functions of the program that run before main and after it, from __attribute__((constructor)) or
 * C++: the linker gives the bounds of their lists. */
#include "internal.h"

typedef void constructor(int argc, char **argv, char **environment);
extern constructor *const __preinit_array_start[], *const __preinit_array_end[];
extern constructor *const __init_array_start[], *const __init_array_end[];
extern void (*const __fini_array_start[])(void), (*const __fini_array_end[])(void);

void __run_constructors(int argc, char **argv, char **environment) {
  for (constructor *const *f = __preinit_array_start; f < __preinit_array_end; f++)
    (*f)(argc, argv, environment);
  for (constructor *const *f = __init_array_start; f < __init_array_end; f++) (*f)(argc, argv, environment);
}

void __run_destructors(void) {
  for (void (*const *f)(void) = __fini_array_end; f > __fini_array_start;) (*--f)();
}
