/* bits.c - <strings.h>: the names of old for functions of <string.h>, and the lowest bit of a number. */
#include <string.h>
#include <strings.h>
#include "userprogs/lib/internal.h"

NO_BUILTIN void bzero(void *to, size_t n) { memset(to, 0, n); }
NO_BUILTIN void bcopy(const void *from, void *to, size_t n) { memmove(to, from, n); }
NO_BUILTIN int bcmp(const void *a, const void *b, size_t n) { return memcmp(a, b, n); }
NO_BUILTIN char *index(const char *s, int c) { return strchr(s, c); }
NO_BUILTIN char *rindex(const char *s, int c) { return strrchr(s, c); }

/* For secrets: the compiler must not leave it out because nobody reads the memory again. */
void explicit_bzero(void *to, size_t n) {
  memset(to, 0, n);
  __asm__ volatile("" : : "r"(to) : "memory");
}

NO_BUILTIN int ffs(int n) { return n != 0 ? __builtin_ctz((unsigned)n) + 1 : 0; }
NO_BUILTIN int ffsl(long n) { return n != 0 ? __builtin_ctzl((unsigned long)n) + 1 : 0; }
NO_BUILTIN int ffsll(long long n) { return n != 0 ? __builtin_ctzll((unsigned long long)n) + 1 : 0; }
