/* tree.c - folders: lays layers over each other, and finds what has changed in a folder since. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "container.h"

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The names in a folder, ended by NULL. */
static char **names_in(const char *folder) {
  size_t n = 0;
  char **names = must(calloc(1, sizeof *names));
  DIR *dir = opendir(folder);
  if (dir == NULL) die(folder);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    names = must(realloc(names, (n + 2) * sizeof *names));
    names[n++] = must(strdup(e->d_name));
    names[n] = NULL;
  }
  closedir(dir);
  return names;
}

static void free_names(char **names) {
  for (char **n = names; *n; n++) free(*n);
  free(names);
}

static void empty(const char *folder) {
  char path[PATH_BYTES];
  char **names = names_in(folder);
  for (char **n = names; *n; n++) {
    path_in(path, folder, *n);
    tree_remove(path);
  }
  free_names(names);
}

void tree_remove(const char *path) {
  if (unlink(path) == 0 || errno == ENOENT) return;
  if (errno != EISDIR) die(path);
  empty(path);
  if (rmdir(path) < 0) die(path);
}

/* ---- laying ---- */

struct laying {
  int fd;
  bool whiteouts; /* this is the round of the whiteouts, which hide the layers below alone */
};

static const char *base_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Makes the folders that lead to a path. */
static void lead_to(const char *path) {
  char part[PATH_BYTES];
  for (const char *s = strchr(path, '/'); s; s = strchr(s + 1, '/')) {
    snprintf(part, sizeof part, "%.*s", (int)(s - path), path);
    if (mkdir(part, 0777) < 0 && errno != EEXIST) die(part);
  }
}

/* Makes the file; -1 with errno, as for its calls. */
static int make_file(const struct ustar_header *h, const char *path, uint32_t at, const struct laying *l) {
  char other[101];
  uint32_t part[2] = {at, archive_size(h)};
  if (h->type != USTAR_LINK) return keep_file(l->fd, path, part);
  snprintf(other, sizeof other, "%.100s", h->link);
  return strcmp(other, path) == 0 ? 0 : link(other, path);
}

/* Most names are new, and their folders there: only if not, more is looked at. */
static void lay_file(const struct ustar_header *h, const char *path, uint32_t at, const struct laying *l) {
  if (make_file(h, path, at, l) == 0) return;
  lead_to(path);
  tree_remove(path);
  if (make_file(h, path, at, l) < 0) die(path);
}

static void lay_folder(const char *path) {
  if (is_folder(path)) return;
  lead_to(path);
  tree_remove(path);
  if (mkdir(path, 0777) < 0) die(path);
}

static void white_out(const char *path) {
  char hidden[PATH_BYTES];
  const char *base = base_of(path);
  int folder = (int)(base - path);
  if (strcmp(base, ".wh..wh..opq") == 0)
    snprintf(hidden, sizeof hidden, "%.*s", folder ? folder - 1 : 1, folder ? path : ".");
  else
    snprintf(hidden, sizeof hidden, "%.*s%s", folder, path, base + 4);
  if (strcmp(base, ".wh..wh..opq") != 0)
    tree_remove(hidden);
  else if (is_folder(hidden))
    empty(hidden);
}

static void lay_one(const struct ustar_header *h, const char *path, uint32_t at, void *arg) {
  struct laying *l = arg;
  bool whiteout = strncmp(base_of(path), ".wh.", 4) == 0;
  if (!*path || strcmp(path, ".") == 0 || whiteout != l->whiteouts) return;
  if (whiteout) {
    white_out(path);
  } else if (h->type == USTAR_DIRECTORY) {
    lay_folder(path);
  } else if (h->type == USTAR_FILE || h->type == 0 || h->type == USTAR_LINK) {
    lay_file(h, path, at, l);
  }
}

void tree_lay(const char *archive, bool lowest) {
  struct laying l = {.fd = open(archive, O_RDONLY), .whiteouts = true};
  if (l.fd < 0) die(archive);
  if (!lowest) archive_each(archive, lay_one, &l);
  l.whiteouts = false;
  archive_each(archive, lay_one, &l);
  close(l.fd);
}

void tree_devices(const char *console) {
  static const char *const devices[] = {"dev/null", "dev/zero"};
  char from[PATH_BYTES];
  if ((mkdir("dev", 0777) < 0 || mkdir("tmp", 0777) < 0) && errno != EEXIST) die("dev");
  if (mkdir("tmp", 0777) < 0 && errno != EEXIST) die("tmp");
  if (mkdir("boot", 0777) < 0 && errno != EEXIST) die("boot");
  for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
    path_in(from, "", devices[i]);
    tree_remove(devices[i]);
    if (link(from, devices[i]) < 0) die(devices[i]);
  }
  tree_remove("dev/console");
  tree_remove("boot/initrd");
  if (link(console, "dev/console") < 0) die("dev/console");
  if (link(INITRD, "boot/initrd") < 0) die("boot/initrd");
}

/* ---- what has changed ---- */

static bool same_bytes(const char *a, const char *b) {
  static char x[2048], y[2048];
  int f = open(a, O_RDONLY), g = open(b, O_RDONLY);
  ssize_t n, m;
  if (f < 0 || g < 0) die(f < 0 ? a : b);
  do {
    n = read(f, x, sizeof x);
    m = read(g, y, sizeof y);
  } while (n > 0 && n == m && memcmp(x, y, (size_t)n) == 0);
  close(f), close(g);
  return n == 0 && m == 0;
}

/* Is the file the same as the one of that name below? */
static bool unchanged(const char *path, const char *below, uint64_t since) {
  struct stat a, b;
  if (stat(path, &a) < 0 || stat(below, &b) < 0 || a.st_size != b.st_size) return false;
  return a.st_mtime <= since || same_bytes(path, below);
}

static void differ(const char *tree, const char *below, const char *folder, uint64_t since, struct writer *w);

/* One name of the folder: `path` within the layer, `here` in the tree, `old` below. */
static void differ_at(const char *path, const char *here, const char *old, const char *tree,
                      const char *below, uint64_t since, struct writer *w) {
  struct stat st, was;
  bool had = stat(old, &was) == 0;
  if (stat(here, &st) < 0) die(here);
  if (S_ISDIR(st.st_mode)) {
    bool same = had && S_ISDIR(was.st_mode);
    if (!same) archive_folder(w, path);
    differ(tree, same ? below : NULL, path, since, w);
  } else if (S_ISREG(st.st_mode) && !(had && S_ISREG(was.st_mode) && unchanged(here, old, since))) {
    archive_file(w, path, here);
  }
}

/* Whiteouts come first, as they are about the layers below. below NULL: nothing is there. */
static void differ(const char *tree, const char *below, const char *folder, uint64_t since,
                   struct writer *w) {
  char here[PATH_BYTES], old[PATH_BYTES], path[PATH_BYTES];
  struct stat st;
  path_in(old, below ? below : "", folder);
  char **names = below ? names_in(old) : NULL;
  for (char **n = names; n && *n; n++) {
    if (*folder)
      path_in(path, folder, *n);
    else
      snprintf(path, sizeof path, "%s", *n);
    path_in(here, tree, path);
    if (stat(here, &st) < 0) archive_whiteout(w, path);
  }
  if (names) free_names(names);
  path_in(here, tree, folder);
  names = names_in(here);
  for (char **n = names; *n; n++) {
    if (*folder)
      path_in(path, folder, *n);
    else
      snprintf(path, sizeof path, "%s", *n);
    path_in(here, tree, path);
    path_in(old, below ? below : "/nothing", path);
    differ_at(path, here, old, tree, below, since, w);
  }
  free_names(names);
}

void tree_difference(const char *tree, const char *below, uint64_t since, struct writer *w) {
  differ(tree, below, "", since, w);
}
