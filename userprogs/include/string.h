/* string.h - bytes and strings. */
#ifndef _STRING_H
#define _STRING_H
#include <sys/cdefs.h>
#include <stddef.h>

__BEGIN_DECLS
void *memcpy(void *__restrict to, const void *__restrict from, size_t n);
#if __SHOW_ALL
void *mempcpy(void *__restrict to, const void *__restrict from, size_t n);
#endif
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);
#if __SHOW_ALL
void *memrchr(const void *s, int byte, size_t n);
void *memmem(const void *hay, size_t hay_bytes, const void *needle, size_t needle_bytes);
#endif

#if __SHOW_POSIX
void *memccpy(void *__restrict to, const void *__restrict from, int byte, size_t n);
#endif
#if __SHOW_ALL
void *rawmemchr(const void *s, int byte);
void explicit_bzero(void *to, size_t n);
#endif

size_t strlen(const char *s);
#if __SHOW_POSIX
size_t strnlen(const char *s, size_t n);
#endif
char *strcpy(char *__restrict to, const char *__restrict from);
#if __SHOW_POSIX
char *stpcpy(char *__restrict to, const char *__restrict from);
char *stpncpy(char *__restrict to, const char *__restrict from, size_t n);
#endif
#if __SHOW_ALL
/* At most size - 1 characters and a NUL; they return the length that the whole would have. */
size_t strlcpy(char *__restrict to, const char *__restrict from, size_t size);
size_t strlcat(char *__restrict to, const char *__restrict from, size_t size);
#endif
char *strncpy(char *__restrict to, const char *__restrict from, size_t n);
char *strcat(char *__restrict to, const char *__restrict from);
char *strncat(char *__restrict to, const char *__restrict from, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *__restrict to, const char *__restrict from, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
char *strstr(const char *hay, const char *needle);
#if __SHOW_ALL
char *strcasestr(const char *hay, const char *needle);
char *strchrnul(const char *s, int c);
int strverscmp(const char *a, const char *b);
#endif
char *strtok(char *__restrict s, const char *__restrict separators);
#if __SHOW_POSIX
char *strtok_r(char *__restrict s, const char *__restrict separators, char **__restrict rest);
#endif
#if __SHOW_ALL
char *strsep(char **rest, const char *separators);
#endif
#if __SHOW_POSIX
char *strdup(const char *s);
char *strndup(const char *s, size_t n);
#endif
char *strerror(int error);
#if __SHOW_POSIX
/* 0, or ERANGE if the text does not fit. */
int strerror_r(int error, char *text, size_t size);
char *strsignal(int signal);
#endif
__END_DECLS

#if __SHOW_ALL
#include <strings.h>
#endif

#endif
