/* strings.h - comparison without regard to case, and functions of old. */
#ifndef _STRINGS_H
#define _STRINGS_H
#include <sys/cdefs.h>
#include <stddef.h>

__BEGIN_DECLS
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
int bcmp(const void *a, const void *b, size_t n);
void bcopy(const void *from, void *to, size_t n);
void bzero(void *to, size_t n);
char *index(const char *s, int c);
char *rindex(const char *s, int c);
/* The place of the lowest bit that is 1, from 1 on; 0: there is none. */
int ffs(int n);
int ffsl(long n);
int ffsll(long long n);
__END_DECLS

#endif
