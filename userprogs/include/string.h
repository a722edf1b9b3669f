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

size_t strlen(const char *s);
#if __SHOW_POSIX
size_t strnlen(const char *s, size_t n);
#endif
char *strcpy(char *__restrict to, const char *__restrict from);
#if __SHOW_POSIX
char *stpcpy(char *__restrict to, const char *__restrict from);
#endif
char *strncpy(char *__restrict to, const char *__restrict from, size_t n);
char *strcat(char *__restrict to, const char *__restrict from);
char *strncat(char *__restrict to, const char *__restrict from, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcoll(const char *a, const char *b);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strpbrk(const char *s, const char *accept);
char *strstr(const char *hay, const char *needle);
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
__END_DECLS

#endif
