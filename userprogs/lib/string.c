/* string.c - strings: length, copy, compare, search, split. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "internal.h"

NO_BUILTIN size_t strlen(const char *s) {
  const char *end = s;
  while (*end != '\0') end++;
  return (size_t)(end - s);
}

NO_BUILTIN size_t strnlen(const char *s, size_t n) {
  size_t length = 0;
  while (length < n && s[length] != '\0') length++;
  return length;
}

NO_BUILTIN char *stpcpy(char *restrict to, const char *restrict from) {
  while ((*to = *from) != '\0') to++, from++;
  return to;
}

NO_BUILTIN char *strcpy(char *restrict to, const char *restrict from) {
  stpcpy(to, from);
  return to;
}

NO_BUILTIN char *strncpy(char *restrict to, const char *restrict from, size_t n) {
  size_t length = strnlen(from, n);
  memcpy(to, from, length);
  memset(to + length, 0, n - length);
  return to;
}

NO_BUILTIN char *strcat(char *restrict to, const char *restrict from) {
  stpcpy(to + strlen(to), from);
  return to;
}

NO_BUILTIN char *strncat(char *restrict to, const char *restrict from, size_t n) {
  size_t length = strnlen(from, n);
  char *end = to + strlen(to);
  memcpy(end, from, length);
  end[length] = '\0';
  return to;
}

NO_BUILTIN int strcmp(const char *a, const char *b) {
  while (*a != '\0' && *a == *b) a++, b++;
  return (unsigned char)*a - (unsigned char)*b;
}

NO_BUILTIN int strncmp(const char *a, const char *b, size_t n) {
  if (n == 0) return 0;
  while (--n > 0 && *a != '\0' && *a == *b) a++, b++;
  return (unsigned char)*a - (unsigned char)*b;
}

int strcoll(const char *a, const char *b) { return strcmp(a, b); }

int strncasecmp(const char *a, const char *b, size_t n) {
  if (n == 0) return 0;
  while (--n > 0 && *a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b)) a++, b++;
  return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, SIZE_MAX); }

NO_BUILTIN char *strchr(const char *s, int c) {
  while (*s != (char)c)
    if (*s++ == '\0') return NULL;
  return (char *)s;
}

NO_BUILTIN char *strrchr(const char *s, int c) { return memrchr(s, c, strlen(s) + 1); }

NO_BUILTIN size_t strspn(const char *s, const char *accept) {
  size_t n = 0;
  while (s[n] != '\0' && strchr(accept, s[n]) != NULL) n++;
  return n;
}

NO_BUILTIN size_t strcspn(const char *s, const char *reject) {
  size_t n = 0;
  while (s[n] != '\0' && strchr(reject, s[n]) == NULL) n++;
  return n;
}

NO_BUILTIN char *strpbrk(const char *s, const char *accept) {
  s += strcspn(s, accept);
  return *s != '\0' ? (char *)s : NULL;
}

NO_BUILTIN char *strstr(const char *hay, const char *needle) {
  size_t n = strlen(needle);
  for (;; hay++) {
    if (strncmp(hay, needle, n) == 0) return (char *)hay;
    if (*hay == '\0') return NULL;
  }
}

char *strtok_r(char *restrict s, const char *restrict separators, char **restrict rest) {
  if (s == NULL) s = *rest;
  s += strspn(s, separators);
  char *end = s + strcspn(s, separators);
  *rest = *end != '\0' ? end + 1 : end;
  if (end == s) return NULL;
  *end = '\0';
  return s;
}

char *strtok(char *restrict s, const char *restrict separators) {
  static char *rest;
  return strtok_r(s, separators, &rest);
}

char *strsep(char **rest, const char *separators) {
  char *token = *rest;
  if (token == NULL) return NULL;
  char *end = token + strcspn(token, separators);
  *rest = *end != '\0' ? end + 1 : NULL;
  *end = '\0';
  return token;
}

char *strndup(const char *s, size_t n) {
  size_t length = strnlen(s, n);
  char *copy = program_malloc(length + 1);
  if (copy == NULL) return NULL;
  memcpy(copy, s, length);
  copy[length] = '\0';
  return copy;
}

char *strdup(const char *s) { return strndup(s, SIZE_MAX); }
