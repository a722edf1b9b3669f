/* archive.c - layers: reads and writes ustar archives. What a layer removes it has as whiteouts: an empty file .wh.NAME
 * says that NAME, of the layers below, is not there; .wh..wh..opq, that nothing of the layers below is in that folder. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "container.h"

uint32_t archive_size(const struct ustar_header *h) {
  uint32_t v = 0;
  for (int i = 0; i < 12 && h->size[i] >= '0' && h->size[i] <= '7'; i++)
    v = v * 8 + (uint32_t)(h->size[i] - '0');
  return v;
}

static unsigned sum_of(const struct ustar_header *h) {
  const unsigned char *byte = (const unsigned char *)h;
  unsigned sum = sizeof h->checksum * ' '; /* as if the checksum were blanks */
  for (size_t i = 0; i < sizeof *h; i++) sum += byte[i];
  for (size_t i = 0; i < sizeof h->checksum; i++) sum -= (unsigned char)h->checksum[i];
  return sum;
}

/* The path without slashes at its ends. One that would lead out of the folder that the layer is laid over is refused. */
static void path_of(const struct ustar_header *h, const char *archive, char path[PATH_BYTES + 8]) {
  int n = snprintf(path, PATH_BYTES + 8, "%.155s%s%.100s", h->prefix, h->prefix[0] ? "/" : "", h->name);
  while (n > 0 && path[n - 1] == '/') path[--n] = 0;
  for (const char *s = path; *s; s++) {
    bool begins = s == path || s[-1] == '/';
    if (begins && (*s == '/' || (s[0] == '.' && s[1] == '.' && (s[2] == '/' || !s[2]))))
      refuse("%s: the name %s leads out of the layer", archive, path);
  }
  if (n >= PATH_BYTES) refuse("%s: the name %s is too long", archive, path);
}

void archive_each(const char *archive,
                  void (*act)(const struct ustar_header *h, const char *path, uint32_t at, void *arg),
                  void *arg) {
  struct ustar_header h;
  char path[PATH_BYTES + 8];
  uint32_t at = 0;
  int fd = open(archive, O_RDONLY);
  if (fd < 0) die(archive);
  while (lseek(fd, (off_t)at, SEEK_SET) >= 0 && read(fd, &h, sizeof h) == sizeof h && h.magic[0]) {
    if (memcmp(h.magic, USTAR_MAGIC, 5) != 0 || (unsigned)strtol(h.checksum, NULL, 8) != sum_of(&h))
      refuse("%s: no header of a ustar archive at byte %u", archive, (unsigned)at);
    path_of(&h, archive, path);
    act(&h, path, at + USTAR_BLOCK, arg);
    uint32_t size = h.type == USTAR_LINK ? 0 : archive_size(&h);
    at += USTAR_BLOCK + ((size + USTAR_BLOCK - 1) & ~(USTAR_BLOCK - 1u));
  }
  close(fd);
}

/* ---- writing ---- */

struct seen { /* a file that has other names */
  struct seen *next;
  uint32_t number;
  char path[];
};
struct writer {
  int fd;
  const char *archive;
  struct seen *seen;
};

static void put(struct writer *w, const void *bytes, size_t n) {
  if (write(w->fd, bytes, n) != (ssize_t)n) die(w->archive);
}

struct writer *archive_new(const char *archive) {
  struct writer *w = must(calloc(1, sizeof *w));
  w->archive = archive;
  w->fd = open(archive, O_WRONLY | O_CREAT | O_TRUNC);
  if (w->fd < 0) die(archive);
  return w;
}

/* A path of more than 100 bytes is cut in two at a slash. */
static void set_path(struct ustar_header *h, const char *path, const char *end) {
  const char *cut = path;
  char whole[PATH_BYTES + 8];
  snprintf(whole, sizeof whole, "%s%s", path, end);
  if (strlen(whole) > sizeof h->name) cut = strchr(path + strlen(whole) - sizeof h->name - 1, '/');
  if (cut == NULL || cut - path > (long)sizeof h->prefix)
    refuse("%s: the name is too long for an archive", path);
  memcpy(h->prefix, path, (size_t)(cut - path));
  const char *name = whole + (cut - path) + (cut > path);
  memcpy(h->name, name, strlen(name));
}

/* Time and owner are always the same, so that equal files make equal archives. */
static void put_header(struct writer *w, const char *path, char type, uint32_t size, const char *link) {
  struct ustar_header h = {.mode = "0000755", .uid = "0000000", .gid = "0000000", .mtime = "00000000000"};
  set_path(&h, path, type == USTAR_DIRECTORY ? "/" : "");
  snprintf(h.size, sizeof h.size, "%011o", (unsigned)size);
  h.type = type;
  if (link) strncpy(h.link, link, sizeof h.link);
  memcpy(h.magic, USTAR_MAGIC, 6);
  memcpy(h.version, "00", 2);
  snprintf(h.checksum, sizeof h.checksum, "%06o", sum_of(&h));
  h.checksum[7] = ' ';
  put(w, &h, sizeof h);
}

void archive_folder(struct writer *w, const char *path) { put_header(w, path, USTAR_DIRECTORY, 0, NULL); }

void archive_whiteout(struct writer *w, const char *path) {
  char name[PATH_BYTES + 8];
  const char *slash = strrchr(path, '/');
  int folder = slash ? (int)(slash + 1 - path) : 0;
  snprintf(name, sizeof name, "%.*s.wh.%s", folder, path, path + folder);
  put_header(w, name, USTAR_FILE, 0, NULL);
}

/* Has the file been written under another name? Else it is remembered. */
static const char *other_name(struct writer *w, const struct stat *st, const char *path) {
  for (struct seen *s = w->seen; s; s = s->next)
    if (s->number == (uint32_t)st->st_ino) return s->path;
  if (st->st_nlink < 2) return NULL;
  struct seen *s = must(malloc(sizeof *s + strlen(path) + 1));
  *s = (struct seen){.next = w->seen, .number = (uint32_t)st->st_ino};
  strcpy(s->path, path);
  w->seen = s;
  return NULL;
}

void archive_file(struct writer *w, const char *path, const char *from) {
  static char piece[4096];
  struct stat st;
  int fd = open(from, O_RDONLY);
  if (fd < 0 || fstat(fd, &st) < 0) die(from);
  const char *other = other_name(w, &st, path);
  if (other && strlen(other) <= sizeof((struct ustar_header *)0)->link) {
    put_header(w, path, USTAR_LINK, 0, other);
    close(fd);
    return;
  }
  put_header(w, path, USTAR_FILE, (uint32_t)st.st_size, NULL);
  for (uint32_t left = (uint32_t)st.st_size, k; left; left -= k) {
    k = left < sizeof piece ? left : sizeof piece;
    if (read(fd, piece, k) != (ssize_t)k) die(from);
    put(w, piece, k);
  }
  memset(piece, 0, USTAR_BLOCK);
  put(w, piece, (USTAR_BLOCK - (uint32_t)st.st_size % USTAR_BLOCK) % USTAR_BLOCK);
  close(fd);
}

void archive_end(struct writer *w) {
  static const char zeros[2 * USTAR_BLOCK];
  put(w, zeros, sizeof zeros);
  close(w->fd);
  for (struct seen *s = w->seen, *next; s; s = next) next = s->next, free(s);
  free(w);
}
