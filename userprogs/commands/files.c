/* files.c - commands that change files: cp mv rm mkdir rmdir touch find. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "commands.h"

enum { PATH_BYTES = 256 };

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* "folder/name"; ends the command if the path gets too long. */
static void join(char *to, const char *folder, const char *name) {
  size_t n = strlen(folder);
  const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";
  if (snprintf(to, PATH_BYTES, "%s%s%s", folder, slash, name) < PATH_BYTES) return;
  errno = ENAMETOOLONG;
  fail(name);
  exit(1);
}

static const char *last_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash != NULL ? slash + 1 : path;
}

/* Calls `act` for all that is in a folder. The names are read before the first call, because it may remove some. */
static int each_entry(const char *folder, int (*act)(const char *path, void *arg), void *arg) {
  char **names = NULL, path[PATH_BYTES];
  size_t n = 0;
  int status = 0;
  DIR *dir = opendir(folder);
  if (dir == NULL) return fail(folder);
  for (struct dirent *e; (e = readdir(dir)) != NULL; n++) {
    names = realloc(names, (n + 1) * sizeof *names);
    if (names == NULL || (names[n] = strdup(e->d_name)) == NULL) return fail(folder);
  }
  closedir(dir);
  for (size_t i = 0; i < n; i++) {
    join(path, folder, names[i]);
    status |= act(path, arg);
    free(names[i]);
  }
  free(names);
  return status;
}

/* ---- cp, mv ---- */

static int copy_bytes(int from, int to, const char *name) {
  static char piece[4096];
  ssize_t n;
  while ((n = read(from, piece, sizeof piece)) > 0)
    if (write(to, piece, (size_t)n) != n) return fail(name);
  return n < 0 ? fail(name) : 0;
}

static bool same_file(const char *a, const char *b) {
  struct stat x, y;
  return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_ino == y.st_ino;
}

static int copy_file(const char *from, const char *to) {
  if (same_file(from, to)) {
    fprintf(stderr, "%s: %s and %s are the same file\n", command, from, to);
    return 1;
  }
  int in = open(from, O_RDONLY), out, status;
  if (in < 0) return fail(from);
  out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  status = out < 0 ? fail(to) : copy_bytes(in, out, to);
  close(in);
  if (out >= 0) close(out);
  return status;
}

static int copy(const char *from, const char *to, bool folders);

static int copy_into(const char *path, void *folder) {
  char to[PATH_BYTES];
  join(to, folder, last_name(path));
  return copy(path, to, true);
}

static int copy(const char *from, const char *to, bool folders) {
  if (!is_folder(from)) return copy_file(from, to);
  if (!folders) {
    errno = EISDIR;
    return fail(from);
  }
  size_t n = strlen(from);
  if (strncmp(to, from, n) == 0 && to[n] == '/') {
    errno = EINVAL;
    return fail(to);
  }
  if (!is_folder(to) && mkdir(to, 0777) < 0) return fail(to);
  return each_entry(from, copy_into, (void *)to);
}

/* Calls `act` with each file and its new name. */
static int each_target(int argc, char **argv, int first, int (*act)(const char *, const char *, bool),
                       bool flag) {
  char path[PATH_BYTES];
  if (argc - first < 2) usage();
  const char *to = argv[argc - 1];
  bool folder = is_folder(to);
  int status = 0;
  if (argc - first > 2 && !folder) {
    errno = ENOTDIR;
    return fail(to);
  }
  for (int i = first; i < argc - 1; i++) {
    if (folder) join(path, to, last_name(argv[i]));
    status |= act(argv[i], folder ? path : to, flag);
  }
  return status;
}

int cp_main(int argc, char **argv) {
  bool folders = false;
  int first = take_options(argc, argv, "r", &folders);
  return each_target(argc, argv, first, copy, folders);
}

static int move(const char *from, const char *to, bool flag) {
  (void)flag;
  return rename(from, to) < 0 ? fail(from) : 0;
}

int mv_main(int argc, char **argv) {
  bool none = false;
  return each_target(argc, argv, take_options(argc, argv, "", &none), move, false);
}

static int give_name(const char *from, const char *to, bool folders) {
  (void)folders;
  return link(from, to) < 0 ? fail(errno == EEXIST ? to : from) : 0;
}

int ln_main(int argc, char **argv) {
  bool none = false;
  return each_target(argc, argv, take_options(argc, argv, "", &none), give_name, false);
}

/* ---- rm, rmdir, mkdir, touch ---- */

static int remove_one(const char *path, void *arg) {
  const bool *flags = arg; /* -r, -f */
  int status = 0;
  if (is_folder(path) && flags[0]) {
    status = each_entry(path, remove_one, arg);
    if (status == 0 && rmdir(path) < 0) status = fail(path);
    return status;
  }
  if (unlink(path) == 0 || (flags[1] && errno == ENOENT)) return 0;
  return fail(path);
}

int rm_main(int argc, char **argv) {
  bool flags[2] = {false};
  int first = take_options(argc, argv, "rf", flags), status = 0;
  if (first == argc && !flags[1]) usage();
  for (int i = first; i < argc; i++) status |= remove_one(argv[i], flags);
  return status;
}

int rmdir_main(int argc, char **argv) {
  int status = 0;
  if (argc < 2) usage();
  for (int i = 1; i < argc; i++)
    if (rmdir(argv[i]) < 0) status = fail(argv[i]);
  return status;
}

static int make_all(char *path) {
  for (char *s = path + 1; *s != '\0'; s++) {
    if (*s != '/') continue;
    *s = '\0';
    if (mkdir(path, 0777) < 0 && errno != EEXIST) return fail(path);
    *s = '/';
  }
  return mkdir(path, 0777) < 0 && !(errno == EEXIST && is_folder(path)) ? fail(path) : 0;
}

int mkdir_main(int argc, char **argv) {
  bool all = false;
  int first = take_options(argc, argv, "p", &all), status = 0;
  if (first == argc) usage();
  for (int i = first; i < argc; i++) {
    if (all)
      status |= make_all(argv[i]);
    else if (mkdir(argv[i], 0777) < 0)
      status = fail(argv[i]);
  }
  return status;
}

/* A file gets the size that it has, which is a change. */
static int touch(const char *path) {
  struct stat st;
  int fd = open(path, O_WRONLY | O_CREAT, 0666);
  if (fd < 0) return fail(path);
  int status =
      fstat(fd, &st) == 0 && (!S_ISREG(st.st_mode) || ftruncate(fd, st.st_size) == 0) ? 0 : fail(path);
  close(fd);
  return status;
}

int touch_main(int argc, char **argv) {
  int status = 0;
  if (argc < 2) usage();
  for (int i = 1; i < argc; i++) status |= touch(argv[i]);
  return status;
}

/* ---- find ---- */

struct wanted {
  const char *name; /* NULL: any */
  char type;        /* f, d, or 0: any */
};

static int find(const char *path, void *arg) {
  const struct wanted *w = arg;
  struct stat st;
  if (stat(path, &st) < 0) return fail(path);
  bool folder = S_ISDIR(st.st_mode);
  bool type = w->type == '\0' || (w->type == 'd' ? folder : S_ISREG(st.st_mode));
  if (type && (w->name == NULL || fnmatch(w->name, last_name(path), 0) == 0)) puts(path);
  return folder ? each_entry(path, find, arg) : 0;
}

int find_main(int argc, char **argv) {
  struct wanted w = {NULL, '\0'};
  int paths = 1, status = 0;
  while (paths < argc && argv[paths][0] != '-') paths++;
  for (int i = paths; i < argc; i += 2) {
    if (i + 1 == argc) usage();
    if (strcmp(argv[i], "-name") == 0)
      w.name = argv[i + 1];
    else if (strcmp(argv[i], "-type") == 0 && (argv[i + 1][0] == 'f' || argv[i + 1][0] == 'd'))
      w.type = argv[i + 1][0];
    else
      usage();
  }
  if (paths == 1) return find(".", &w);
  for (int i = 1; i < paths; i++) status |= find(argv[i], &w);
  return status;
}
