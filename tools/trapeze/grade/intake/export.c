/* export.c - walks through what a site has exported: the same for a folder and for an archive. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/build/packed.h"

/* A site's archive of a whole class. What students have packed stays packed in it. */
static const struct packed_limits limits = {200000, UINT64_C(8) << 30};

struct walk {
  export_visit *visit;
  void *arg;
};

/* Where the content of a file is. */
struct from {
  const struct packed_entry *entry; /* in an archive */
  const char *path;                 /* or in a folder */
  uint64_t bytes;
};

/* ---- folders ---- */

static void walk_folder(const struct walk *w, const char *path, const char *below);

static void walk_one(const struct walk *w, const char *path, const char *name) {
  struct stat st;
  if (lstat(path, &st) != 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  if (S_ISDIR(st.st_mode)) {
    walk_folder(w, path, name);
    return;
  }
  struct from from = {.path = path, .bytes = (uint64_t)st.st_size};
  w->visit(w->arg, &(struct export_file){name, S_ISREG(st.st_mode), &from});
}

static void walk_folder(const struct walk *w, const char *path, const char *below) {
  size_t n;
  char **names = folder_names(path, &n);
  for (size_t i = 0; i < n; i++) {
    char *inner = path_join(path, names[i]),
         *name = *below ? path_join(below, names[i]) : must(strdup(names[i]));
    if (!packed_noise(names[i])) walk_one(w, inner, name);
    free(inner), free(name);
  }
  folder_names_free(names);
}

/* ---- archives ---- */

static char *show_entry(void *arg, const struct packed_entry *entry) {
  const struct walk *w = arg;
  if (entry->kind == PACKED_FOLDER || packed_noise(entry->name)) return NULL;
  struct from from = {.entry = entry, .bytes = entry->bytes};
  w->visit(w->arg, &(struct export_file){entry->name, entry->kind == PACKED_FILE, &from});
  return NULL;
}

static void walk_archive(const struct walk *w, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  char *wrong = packed_walk_file(fd, &limits, show_entry, (void *)w);
  close(fd);
  if (wrong) die(STATUS_USAGE, "%s: %s", path, wrong);
}

void export_walk(const char *path, export_visit *visit, void *arg) {
  struct walk w = {visit, arg};
  struct stat st;
  if (stat(path, &st) != 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  if (S_ISDIR(st.st_mode))
    walk_folder(&w, path, "");
  else
    walk_archive(&w, path);
}

/* ---- content ---- */

static char *too_many(uint64_t most) {
  char *text = must(malloc(64));
  snprintf(text, 64, "more than %llu bytes", (unsigned long long)most);
  return text;
}

bool export_content(const struct export_file *file, uint64_t most, struct bytes *content, char **why) {
  const struct from *from = file->from;
  *content = (struct bytes){0};
  *why = NULL;
  if (from->entry) {
    if (packed_content(from->entry, most, content, why)) return true;
  } else if (from->bytes > most) {
    *why = too_many(most);
  } else if (file_try_read(from->path, content)) {
    return true;
  } else {
    *why = must(strdup(strerror(errno)));
    *content = (struct bytes){0};
  }
  free(content->data);
  return false;
}
