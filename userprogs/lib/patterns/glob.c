/* glob.c - the names of files that match a pattern: part by part, each against the entries of the folders so far. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "userprogs/lib/internal.h"

#define PATH_BYTES 256

struct search {
  int flags;
  int (*on_error)(const char *, int);
  glob_t *result;
  int failure;
};

static bool is_pattern(const char *part, size_t n) {
  for (; n > 0; n--, part++)
    if (*part == '*' || *part == '?' || *part == '[' || *part == '\\') return true;
  return false;
}

/* Room for one more in a list of `used` names and a NULL; a list grows when `used` is a power of two. */
static char **enlarge(char **list, size_t used) {
  if (used > 0 && (used & (used - 1)) != 0) return list;
  char **new = malloc((2 * used + 2) * sizeof *new);
  if (new == NULL) return NULL;
  if (used > 0) memcpy(new, list, used * sizeof *new);
  free(list);
  return new;
}

static bool add(struct search *g, const char *path, bool mark) {
  glob_t *r = g->result;
  size_t used = r->gl_offs + r->gl_pathc, n = strlen(path);
  char **list = enlarge(r->gl_pathv, used), *copy = list != NULL ? malloc(n + 2) : NULL;
  if (list != NULL) r->gl_pathv = list;
  if (copy == NULL) {
    g->failure = GLOB_NOSPACE;
    return false;
  }
  memcpy(copy, path, n + 1);
  if (mark && (n == 0 || copy[n - 1] != '/')) copy[n] = '/', copy[n + 1] = '\0';
  list[used] = copy, list[used + 1] = NULL;
  r->gl_pathc++;
  return true;
}

static void complain(struct search *g, const char *path) {
  if ((g->on_error != NULL && g->on_error(path, errno) != 0) || (g->flags & GLOB_ERR))
    g->failure = GLOB_ABORTED;
}

static void look(struct search *g, char *path, size_t length, const char *rest);

/* `path` is complete up to `length` with a name of that part: goes on with the rest. */
static void enter(struct search *g, char *path, size_t length, const char *name, size_t n, const char *rest) {
  struct stat st;
  if (length + n + 2 > PATH_BYTES) return;
  memcpy(path + length, name, n);
  length += n, path[length] = '\0';
  if (*rest == '\0') {
    if (stat(path, &st) == 0) add(g, path, (g->flags & GLOB_MARK) && S_ISDIR(st.st_mode));
    return;
  }
  while (*rest == '/' && length + 2 < PATH_BYTES) path[length++] = *rest++;
  path[length] = '\0';
  if (*rest != '\0')
    look(g, path, length, rest);
  else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
    add(g, path, false);
}

static void look(struct search *g, char *path, size_t length, const char *rest) {
  size_t n = strcspn(rest, "/");
  char part[64];
  if (!is_pattern(rest, n) || n >= sizeof part) {
    enter(g, path, length, rest, n, rest + n);
    return;
  }
  memcpy(part, rest, n), part[n] = '\0';
  DIR *dir = opendir(length > 0 ? path : ".");
  if (dir == NULL) {
    if (errno != ENOENT && errno != ENOTDIR) complain(g, path);
    return;
  }
  int flags = FNM_PERIOD | (g->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0);
  for (struct dirent *entry; g->failure == 0 && (entry = readdir(dir)) != NULL;)
    if (fnmatch(part, entry->d_name, flags) == 0)
      enter(g, path, length, entry->d_name, strlen(entry->d_name), rest + n);
  closedir(dir);
}

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int glob(const char *restrict pattern, int flags, int (*on_error)(const char *, int),
         glob_t *restrict result) {
  struct search g = {flags, on_error, result, 0};
  char path[PATH_BYTES] = "";
  if (!(flags & GLOB_DOOFFS)) result->gl_offs = 0;
  if (!(flags & GLOB_APPEND)) {
    result->gl_pathc = 0;
    result->gl_pathv = __zeroed((4 * result->gl_offs + 4) * sizeof(char *));
    if (result->gl_pathv == NULL) return GLOB_NOSPACE;
  }
  size_t before = result->gl_pathc, slashes = strspn(pattern, "/");
  if (slashes > 0) strcpy(path, "/");
  if (pattern[slashes] == '\0' && slashes > 0)
    add(&g, "/", false);
  else
    look(&g, path, slashes > 0, pattern + slashes);
  if (g.failure != 0) return g.failure;
  if (result->gl_pathc == before) {
    if (!(flags & GLOB_NOCHECK)) return GLOB_NOMATCH;
    if (!add(&g, pattern, false)) return GLOB_NOSPACE;
  }
  if (!(flags & GLOB_NOSORT))
    qsort(result->gl_pathv + result->gl_offs + before, result->gl_pathc - before, sizeof(char *), compare);
  return 0;
}

void globfree(glob_t *result) {
  for (size_t i = 0; i < result->gl_pathc; i++) free(result->gl_pathv[result->gl_offs + i]);
  free(result->gl_pathv);
  result->gl_pathv = NULL, result->gl_pathc = 0;
}
