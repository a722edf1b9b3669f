/* host_files.c - files of this computer for the innermost machine: --files, and files named behind a program. */
#define _GNU_SOURCE /* asprintf */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trapeze.h"

enum { NAME_MAX_HERE = 99 }; /* the longest path of a ustar header without a prefix */

static void put_file(struct bytes *initrd, const char *path, const char *name) {
  struct bytes file = {0};
  if (strlen(name) > NAME_MAX_HERE)
    die(STATUS_USAGE, "--files %s: /%s is a path of %zu characters in the guest; expected at most %d", path,
        name, strlen(name), NAME_MAX_HERE);
  if (!file_try_read(path, &file)) die(STATUS_USAGE, "--files %s: %s", path, strerror(errno));
  tar_put(initrd, name, file);
  free(file.data);
}

static int visible(const struct dirent *e) {
  return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* FOLDER/NAME; the caller frees the text. */
static char *inside(const char *folder, const char *name) {
  char *path;
  return must(asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path);
}

static void put_path(struct bytes *initrd, const char *path, const char *name);

/* In the order of the names, so that the guest is the same each time. */
static void put_folder(struct bytes *initrd, const char *path, const char *name) {
  struct dirent **entries;
  int n = scandir(path, &entries, visible, alphasort);
  if (n < 0) die(STATUS_USAGE, "--files %s: %s", path, strerror(errno));
  for (int i = 0; i < n; i++) {
    char *inner_path = inside(path, entries[i]->d_name), *inner_name = inside(name, entries[i]->d_name);
    put_path(initrd, inner_path, inner_name);
    free(inner_path), free(inner_name), free(entries[i]);
  }
  free(entries);
}

static void put_path(struct bytes *initrd, const char *path, const char *name) {
  struct stat st;
  if (stat(path, &st) < 0) die(STATUS_USAGE, "--files %s: %s", path, strerror(errno));
  if (S_ISDIR(st.st_mode))
    put_folder(initrd, path, name);
  else if (S_ISREG(st.st_mode))
    put_file(initrd, path, name);
  else
    die(STATUS_USAGE, "--files %s: expected a file or a folder", path);
}

/* /host/NAME for the last name of the path; for `.` and the like, what is in the folder. */
static void put_given(struct bytes *initrd, const char *path) {
  char *copy = must(strdup(path)), name[256];
  size_t n = strlen(copy);
  while (n > 1 && copy[n - 1] == '/') copy[--n] = '\0';
  const char *slash = strrchr(copy, '/'), *base = slash != NULL ? slash + 1 : copy;
  bool nameless = *base == '\0' || strcmp(base, ".") == 0 || strcmp(base, "..") == 0;
  snprintf(name, sizeof name, nameless ? "host" : "host/%s", base);
  put_path(initrd, copy, name);
  free(copy);
}

/* The name in the guest of a path behind a program of the host, which starts in the guest's root. NULL: there can be
 * none. */
static const char *name_in_guest(const char *path) {
  while (*path == '/' || strncmp(path, "./", 2) == 0) path += *path == '/' ? 1 : 2;
  return *path == '\0' || strncmp(path, "..", 2) == 0 || strstr(path, "/..") != NULL ||
                 strlen(path) > NAME_MAX_HERE
             ? NULL
             : path;
}

/* `run ./prog data.txt`: a program of the host finds the files that its arguments name. */
static void bring_along(const struct options *o, struct bytes *initrd) {
  if (o->argc == 0 || strchr(o->argv[0], '/') == NULL || o->closed) return;
  for (int i = 1; i < o->argc; i++) {
    struct stat st;
    struct bytes there;
    const char *name = name_in_guest(o->argv[i]);
    if (name == NULL || stat(o->argv[i], &st) < 0 || !S_ISREG(st.st_mode) || tar_find(*initrd, name, &there))
      continue;
    put_file(initrd, o->argv[i], name);
    fprintf(stderr, "trapeze: %s is in the guest, too, as /%s\n", o->argv[i], name);
  }
}

void host_files_put(const struct options *o, struct bytes *initrd) {
  for (size_t i = 0; i < o->hosts; i++) put_given(initrd, o->host[i]);
  bring_along(o, initrd);
}
