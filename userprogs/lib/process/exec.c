/* exec.c - execv with its arguments one by one. */
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

#define WORDS_MAX 256

/* The words up to NULL; false, and errno: too many. */
static bool collect(char **words, const char *first, va_list *rest) {
  size_t n = 0;
  for (const char *word = first; word != NULL; word = va_arg(*rest, const char *)) {
    if (n == WORDS_MAX) {
      errno = E2BIG;
      return false;
    }
    words[n++] = (char *)word;
  }
  words[n] = NULL;
  return true;
}

int execl(const char *path, const char *first, ...) {
  char *words[WORDS_MAX + 1];
  va_list rest;
  va_start(rest, first);
  bool good = collect(words, first, &rest);
  va_end(rest);
  return good ? execv(path, words) : -1;
}

int execlp(const char *name, const char *first, ...) {
  char *words[WORDS_MAX + 1];
  va_list rest;
  va_start(rest, first);
  bool good = collect(words, first, &rest);
  va_end(rest);
  return good ? execvp(name, words) : -1;
}
