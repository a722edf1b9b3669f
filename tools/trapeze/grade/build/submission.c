/* submission.c - takes in what a student has handed in: only the files that the lab asks for, as they are at
 * one moment.
 *
 * Nothing in a submission is trusted: its files may be links, pipes or devices, may be endless, or may change
 * while they are read. Each name is opened component by component, never through a link. What was opened is
 * copied, and from then on only the copy is used. */
#define _GNU_SOURCE
#include "submission.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "below.h"
#include "folder.h"
#include "making.h"
#include "packed.h"
#include "digest.h"
#include "unpack.h"
#include "tools/base_name.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/untrusted.h"

/* ---- what is wrong, for the student ---- */

__attribute__((format(printf, 2, 3))) static void complain(struct bytes *to, const char *format, ...) {
  char *line;
  va_list arguments;
  va_start(arguments, format);
  int n = vasprintf(&line, format, arguments);
  va_end(arguments);
  if (n < 0) must(NULL);
  if (to->size) bytes_append(to, "\n", 1);
  bytes_append(to, line, (size_t)n);
  free(line);
}

static const char *kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISLNK(mode)) return "a symbolic link";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISREG(mode) ? "a file" : "a device";
}

static void complain_of(struct bytes *to, const struct lab_file *file, int error) {
  if (error == ENOENT && file->optional) return;
  if (error == ENOENT)
    complain(to, "%s: not handed in", file->name);
  else if (error == ENOTDIR)
    complain(to, "%s: what should be its folder is a file or a symbolic link", file->name);
  else
    complain(to, "%s: %s", file->name, strerror(error));
}

/* ---- taking ---- */

static void make_folders(const char *path) {
  char copy[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", path);
  for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    private_folder(copy);
    *slash = '/';
  }
}

static void put(const struct workshop *w, const char *name, struct bytes content) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/take/%s", w->path, name) >= (int)sizeof path)
    die(GRADE_BROKEN, "%s: the name is too long", name);
  make_folders(path);
  file_put(path, content.data, content.size);
}

/* Files being taken. */
struct taking {
  const struct workshop *w; /* NULL: they are looked at, and copied nowhere */
  uint64_t digest;          /* of the files so far */
  struct bytes wrong;       /* what is wrong with them, for the student */
};

static void take_content(struct taking *t, const char *name, struct bytes *content) {
  t->digest = digest_add(digest_add_text(t->digest, name), content->data, content->size);
  if (!t->w) return;
  if (t->w->fill_in) seed_fill_in(t->w->fill_in, name, content);
  put(t->w, name, *content);
}

/* Copies what was found into the workshop, or says what is wrong with it. */
static void take_found(struct taking *t, const struct lab_file *file, int found) {
  struct bytes *wrong = &t->wrong;
  struct stat st;
  struct bytes content = {0};
  if (fstat(found, &st) != 0)
    complain_of(wrong, file, errno);
  else if (!S_ISREG(st.st_mode))
    complain(wrong, "%s: %s; expected a file", file->name, kind_of(st.st_mode));
  else if ((uint64_t)st.st_size > file->bytes)
    complain(wrong, "%s: %llu bytes; at most %llu are taken", file->name, (unsigned long long)st.st_size,
             (unsigned long long)file->bytes);
  else if (!below_read(found, file->bytes, &content))
    complain_of(wrong, file, errno);
  else if (content.size > file->bytes)
    complain(wrong, "%s: more than %llu bytes", file->name, (unsigned long long)file->bytes);
  else
    take_content(t, file->name, &content);
  free(content.data);
}

static void take_file(struct taking *t, const struct lab_file *file, int folder) {
  int found = below_find(folder, file->name);
  if (found < 0) {
    complain_of(&t->wrong, file, errno);
    return;
  }
  take_found(t, file, found);
  close(found);
}

/* The one file that must be handed in; NULL when there are several. */
static const struct lab_file *only_file(const struct lab *lab) {
  const struct lab_file *only = lab->files == 1 ? lab->file : NULL;
  for (size_t i = 0, n = 0; lab->files > 1 && i < lab->files; i++)
    if (!lab->file[i].optional) only = ++n == 1 ? &lab->file[i] : NULL;
  return only;
}

static void take_single(struct taking *t, const struct lab *lab, int fd) {
  const struct lab_file *only = only_file(lab);
  if (only) {
    take_found(t, only, fd);
    return;
  }
  complain(&t->wrong, "a single file; expected a folder with these:");
  for (size_t i = 0; i < lab->files; i++)
    complain(&t->wrong, "  %s%s", lab->file[i].name, lab->file[i].optional ? " (may be left out)" : "");
}

/* ---- archives ---- */

/* The files of the lab, out of the archive that `found` names. */
static void take_packed(struct taking *t, const struct lab *lab, int found, const char *name) {
  struct unpacked_file *file = must(calloc(lab->files + 1, sizeof *file));
  struct bytes archive = {0};
  char *why = NULL, *shown = printable_name(name);
  if (!below_read(found, UNPACK_PACKED_MOST, &archive))
    complain(&t->wrong, "%s: %s", shown, strerror(errno));
  else if ((why = unpack(lab, archive, file)))
    complain(&t->wrong, "%s: %s", shown, why);
  for (size_t i = 0; !why && archive.data && i < lab->files; i++) {
    if (file[i].wrong)
      complain(&t->wrong, "%s", file[i].wrong);
    else if (file[i].there)
      take_content(t, lab->file[i].name, &file[i].content);
    else
      complain_of(&t->wrong, &lab->file[i], ENOENT);
  }
  unpacked_free(file, lab->files);
  free(archive.data), free(file), free(why), free(shown);
}

static bool has_any(const struct lab *lab, int folder) {
  for (size_t i = 0; i < lab->files; i++) {
    int found = below_find(folder, lab->file[i].name);
    if (found >= 0) return close(found) == 0;
  }
  return false;
}

static bool is_folder(int folder, const char *name) {
  struct stat st;
  return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Where the files are in a folder without any file that the lab asks for: in its one archive, or else in its one folder, as
 * sites leave what a student has packed. NULL when there is no such place, or when there are several. The caller frees the
 * name. */
static char *place_in(int folder) {
  char path[64], *archive = NULL, *inner = NULL;
  size_t n, archives = 0, folders = 0;
  snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
  if (access(path, R_OK) != 0) return NULL;
  char **names = folder_names(path, &n);
  for (size_t i = 0; i < n; i++) {
    if (packed_noise(names[i])) continue;
    if (packed_ending(names[i]) && ++archives == 1) archive = must(strdup(names[i]));
    if (is_folder(folder, names[i]) && ++folders == 1) inner = must(strdup(names[i]));
  }
  folder_names_free(names);
  char *place = archives == 1 ? archive : archives == 0 && folders == 1 ? inner : NULL;
  if (place != archive) free(archive);
  if (place != inner) free(inner);
  return place;
}

static void take_folder(struct taking *t, const struct lab *lab, int folder) {
  char *place = has_any(lab, folder) ? NULL : place_in(folder);
  int found = place ? below_find(folder, place) : -1;
  struct stat st = {0};
  bool there = found >= 0 && fstat(found, &st) == 0;
  if (there && S_ISREG(st.st_mode))
    take_packed(t, lab, found, place);
  else
    for (size_t i = 0; i < lab->files; i++)
      take_file(t, &lab->file[i], there && S_ISDIR(st.st_mode) ? found : folder);
  if (found >= 0) close(found);
  free(place);
}

/* Is a single file an archive? Not when it is the very file that the lab asks for. */
static bool is_packed(const struct lab *lab, const char *name) {
  const struct lab_file *only = only_file(lab);
  return packed_ending(name) && !(only && packed_ending(only->name));
}

/* Finds what was handed in. It must not be a link, for example to another student's work: then the result is
 * -1 and *wrong says so. A path that leads nowhere is not the student's fault: dies. */
static int find_submission(const char *path, struct stat *st, struct bytes *wrong) {
  char copy[PATH_MAX];
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') n--;
  if (n >= sizeof copy) die(STATUS_USAGE, "%s: the name is too long", path);
  snprintf(copy, sizeof copy, "%.*s", (int)n, path);
  int found = open(copy, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (found < 0 || fstat(found, st) != 0) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  if (S_ISDIR(st->st_mode) || S_ISREG(st->st_mode)) return found;
  complain(wrong, "the submission is %s; expected a folder or a file itself", kind_of(st->st_mode));
  close(found);
  return -1;
}

/* The digest is that of the files and of what is wrong. */
static struct taking take_all(const struct workshop *w, const struct lab *lab, const char *folder) {
  struct taking t = {.w = w, .digest = DIGEST_NONE};
  struct stat st;
  int fd = find_submission(folder, &st, &t.wrong);
  if (fd >= 0 && S_ISDIR(st.st_mode))
    take_folder(&t, lab, fd);
  else if (fd >= 0 && is_packed(lab, folder))
    take_packed(&t, lab, fd, base_name(folder));
  else if (fd >= 0)
    take_single(&t, lab, fd);
  if (fd >= 0) close(fd);
  t.digest = digest_add(t.digest, t.wrong.data, t.wrong.size);
  return t;
}

char *submission_take(struct workshop *w, const struct lab *lab, const char *folder) {
  workshop_forget(w);
  struct taking t = take_all(w, lab, folder);
  w->digest = t.digest;
  if (t.wrong.size == 0) return NULL;
  char *words = printable(t.wrong.data, t.wrong.size, t.wrong.size);
  free(t.wrong.data);
  return words;
}

uint64_t submission_digest(const struct lab *lab, const char *folder) {
  struct taking t = take_all(NULL, lab, folder);
  free(t.wrong.data);
  return t.digest;
}

char *submission_name(const char *path) {
  const char *end = packed_ending(path);
  return must(end ? strndup(path, (size_t)(end - path)) : strdup(path));
}

bool submission_is_solution(const struct lab *lab, const char *folder) {
  char *solutions = lab_path(lab, "solution"), *there = realpath(solutions, NULL);
  char *here = realpath(folder, NULL);
  size_t n = there ? strlen(there) : 0;
  bool is = n && here && strncmp(here, there, n) == 0 && here[n] == '/';
  free(solutions), free(there), free(here);
  return is;
}

bool submission_file(const struct workshop *w, const char *name, struct bytes *content) {
  char path[PATH_MAX];
  struct stat st;
  snprintf(path, sizeof path, "%s/take", w->path);
  int folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int found = folder < 0 ? -1 : below_find(folder, name);
  bool good = found >= 0 && fstat(found, &st) == 0 && S_ISREG(st.st_mode) &&
              below_read(found, (uint64_t)st.st_size, content);
  if (found >= 0) close(found);
  if (folder >= 0) close(folder);
  return good;
}
