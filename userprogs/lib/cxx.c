/* cxx.c - what compilers of C++ call: new, delete, and the function of a pure virtual one. The names are those of the
 * Itanium C++ ABI: _Znwj is operator new(unsigned). A program may have operators of its own. */
#include <stdio.h>
#include <stdlib.h>
#include "internal.h"

/* Without exceptions, new cannot say that there is no memory. */
void *_Znwj(size_t bytes) {
  void *p = program_malloc(bytes != 0 ? bytes : 1);
  if (p != NULL) return p;
  fprintf(stderr, "operator new: out of memory for %zu bytes\n", bytes);
  abort();
}

void *_Znaj(size_t bytes) { return _Znwj(bytes); }
/* new (std::nothrow) */
void *_ZnwjRKSt9nothrow_t(size_t bytes, const void *nothrow) { return (void)nothrow, program_malloc(bytes); }
void *_ZnajRKSt9nothrow_t(size_t bytes, const void *nothrow) { return (void)nothrow, program_malloc(bytes); }

void _ZdlPv(void *p) { program_free(p); }
void _ZdaPv(void *p) { _ZdlPv(p); }
void _ZdlPvj(void *p, size_t bytes) { (void)bytes, _ZdlPv(p); }
void _ZdaPvj(void *p, size_t bytes) { (void)bytes, _ZdaPv(p); }

_Noreturn void __cxa_pure_virtual(void) {
  fputs("a pure virtual function was called\n", stderr);
  abort();
}
