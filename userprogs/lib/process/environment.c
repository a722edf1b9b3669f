/* environment.c - the environment: strings NAME=VALUE that a program gets from the one that has started it, and passes
 * on to what it executes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

static char *none[1];

static bool is_name(const char *name) {
  if (name != NULL && *name != '\0' && strchr(name, '=') == NULL) return true;
  errno = EINVAL;
  return false;
}

/* Where the variable is, or the NULL at the end. */
static char **find(const char *name, size_t n) {
  char **p = environ;
  while (*p != NULL && !(strncmp(*p, name, n) == 0 && (*p)[n] == '=')) p++;
  return p;
}

char *getenv(const char *name) {
  size_t n = strlen(name);
  if (environ == NULL) return NULL;
  char **p = find(name, n);
  return *p != NULL ? *p + n + 1 : NULL;
}

/* Lists grow; the old ones and old strings stay, since a program may hold them. */
static int put(char *string, size_t name_length) {
  if (environ == NULL) environ = none;
  char **p = find(string, name_length);
  if (*p != NULL) {
    *p = string;
    return 0;
  }
  size_t count = (size_t)(p - environ);
  char **list = malloc((count + 2) * sizeof *list);
  if (list == NULL) return -1;
  memcpy(list, environ, count * sizeof *list);
  list[count] = string, list[count + 1] = NULL;
  environ = list;
  return 0;
}

int setenv(const char *name, const char *value, int replace) {
  if (!is_name(name)) return -1;
  if (!replace && getenv(name) != NULL) return 0;
  size_t n = strlen(name), m = strlen(value) + 1;
  char *string = malloc(n + 1 + m);
  if (string == NULL) return -1;
  memcpy(string, name, n), string[n] = '=', memcpy(string + n + 1, value, m);
  return put(string, n);
}

int unsetenv(const char *name) {
  if (!is_name(name)) return -1;
  if (environ == NULL) return 0;
  for (char **p; *(p = find(name, strlen(name))) != NULL;)
    for (; *p != NULL; p++) p[0] = p[1];
  return 0;
}

/* The string itself becomes part of the environment; without an = it is a name to remove. */
int putenv(char *string) {
  const char *equals = strchr(string, '=');
  return equals != NULL ? put(string, (size_t)(equals - string)) : unsetenv(string);
}

int clearenv(void) {
  environ = none;
  return 0;
}
