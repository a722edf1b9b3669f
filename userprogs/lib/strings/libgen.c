/* libgen.c - the parts of a path. */
#include <libgen.h>
#include <string.h>
#include "userprogs/lib/internal.h"

/* Where the path ends, without slashes behind. */
static char *end_of(char *path, char *end) {
  while (end > path && end[-1] == '/') end--;
  return end;
}

static char *name_of(char *path, char *end) {
  while (end > path && end[-1] != '/') end--;
  return end;
}

char *basename(char *path) {
  if (path == NULL || *path == '\0') return (char *)".";
  char *end = end_of(path, path + strlen(path));
  if (end == path) return (char *)"/";
  *end = '\0';
  return name_of(path, end);
}

char *dirname(char *path) {
  if (path == NULL || *path == '\0') return (char *)".";
  char *end = end_of(path, path + strlen(path));
  if (end == path) return (char *)"/";
  char *name = name_of(path, end);
  if (name == path) return (char *)".";
  end = end_of(path, name);
  if (end == path) return (char *)"/";
  *end = '\0';
  return path;
}
