/* folder.c - whole folders of the host: made, copied, removed; texts. */
#define _GNU_SOURCE /* vasprintf */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"
#include "tools/trapeze/grade/lab/lab.h"

char *text_of(const char *format, ...) {
  char *made;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&made, format, arguments) < 0) must(NULL);
  va_end(arguments);
  return made;
}

char *path_join(const char *a, const char *b) { return text_of("%s/%s", a, b); }

/* A folder is there now, or errno says why not. */
static bool make_one(const char *path) {
  struct stat st;
  if (mkdir(path, 0777) == 0) return true;
  if (errno != EEXIST) return false;
  if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) errno = ENOTDIR;
  return errno == EEXIST;
}

void folder_make(const char *path) {
  char *part = must(strdup(path));
  bool made = true;
  for (char *slash = strchr(part + 1, '/'); made && slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    made = make_one(part);
    *slash = '/';
  }
  made = made && make_one(part);
  free(part);
  if (!made) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
}

void file_put(const char *path, const void *data, size_t size) {
  if (!file_try_replace(path, data, size)) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
}

static int shown(const struct dirent *e) { return e->d_name[0] != '.'; }

static int any(const struct dirent *e) { return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0; }

static int by_bytes(const struct dirent **a, const struct dirent **b) { /* in every locale the same */
  return strcmp((*a)->d_name, (*b)->d_name);
}

static char **names_of(const char *path, int (*which)(const struct dirent *), size_t *n) {
  struct dirent **entry;
  int found = scandir(path, &entry, which, by_bytes);
  if (found < 0 && errno == ENOMEM) must(NULL);
  if (found < 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  char **names = must(calloc((size_t)found + 1, sizeof *names));
  for (int i = 0; i < found; i++) {
    names[i] = must(strdup(entry[i]->d_name));
    free(entry[i]);
  }
  free(entry);
  *n = (size_t)found;
  return names;
}

char **folder_names(const char *path, size_t *n) { return names_of(path, shown, n); }

void folder_names_free(char **names) {
  for (char **name = names; *name; name++) free(*name);
  free(names);
}

bool folder_free(const char *path) {
  struct stat st;
  size_t n;
  if (stat(path, &st) != 0) return errno == ENOENT;
  if (!S_ISDIR(st.st_mode)) return false;
  folder_names_free(names_of(path, any, &n));
  return n == 0;
}

/* ---- copies ---- */

static void copy_file(const char *from, const char *to, mode_t mode, const struct folder_copy *how) {
  struct bytes content = file_read(from);
  if (how->change) how->change(how->arg, from, &content);
  file_put(to, content.data, content.size);
  if (chmod(to, mode & 0111 ? 0755 : 0644) != 0) die(GRADE_TROUBLE, "%s: %s", to, strerror(errno));
  free(content.data);
}

static void copy_entry(const char *from, const char *to, const struct folder_copy *how) {
  struct stat st;
  if (lstat(from, &st) != 0) die(STATUS_USAGE, "%s: %s", from, strerror(errno));
  if (S_ISDIR(st.st_mode))
    folder_copy(from, to, &(struct folder_copy){NULL, how->change, how->arg});
  else if (S_ISREG(st.st_mode))
    copy_file(from, to, st.st_mode, how);
  else
    die(STATUS_USAGE, "%s: expected a file or a folder", from);
}

void folder_copy(const char *from, const char *to, const struct folder_copy *how) {
  size_t n;
  char **names = folder_names(from, &n);
  folder_make(to);
  for (size_t i = 0; i < n; i++) {
    if (how->skip && strcmp(how->skip, names[i]) == 0) continue;
    char *source = path_join(from, names[i]), *target = path_join(to, names[i]);
    copy_entry(source, target, how);
    free(source), free(target);
  }
  folder_names_free(names);
}

/* ---- the end ---- */

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *at) {
  (void)st, (void)kind, (void)at;
  return remove(path);
}

void folder_remove(const char *path) {
  if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
    die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
}
