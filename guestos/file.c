/* file.c - file descriptors, and the files of the initrd, which are read in place.
 *
 * The initrd is a ustar archive in RAM (isa/ustar.h). A path is found by going through the archive's headers
 * from the start. There are three files more, which the archive does not have: /boot/initrd, which is the
 * archive itself, /dev/console and /dev/disk. */
#include "isa/ustar.h"
#include "kernel.h"

enum { OPEN_FILES = 64, SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2, O_ACCMODE = 3 };

static struct file files[OPEN_FILES];
static const uint8_t *initrd;
static uint32_t initrd_size;

void files_init(void) {
  initrd = (const uint8_t *)dev_load(DEV_FACTS + FACTS_INITRD);
  initrd_size = dev_load(DEV_FACTS + FACTS_INITRD_SIZE);
}

/* ---- the archive ---- */

static uint32_t octal(const char *s, int n) {
  uint32_t v = 0;
  for (; n && *s >= '0' && *s <= '7'; n--, s++) v = v * 8 + (*s - '0');
  return v;
}

static uint32_t header_size(const struct ustar_header *h) { return octal(h->size, sizeof h->size); }

/* The padded size of so many bytes. */
static uint32_t blocks(uint32_t bytes) { return (bytes + USTAR_BLOCK - 1) & ~(USTAR_BLOCK - 1u); }

/* The header after h (the first for NULL), or NULL at the end. */
static const struct ustar_header *next_header(const struct ustar_header *h) {
  uint32_t at = h ? (uint32_t)((const uint8_t *)h - initrd) + USTAR_BLOCK + blocks(header_size(h)) : 0;
  if (at > initrd_size || initrd_size - at < USTAR_BLOCK) return NULL;
  const struct ustar_header *next = (const struct ustar_header *)(initrd + at);
  if (memcmp(next->magic, USTAR_MAGIC, 5) != 0 || header_size(next) > initrd_size - at - USTAR_BLOCK)
    return NULL;
  return next;
}

static bool is_dir(const struct ustar_header *h) { return h->type == USTAR_DIRECTORY; }

static uint32_t trimmed(const char *s, uint32_t max) { /* length without trailing slashes */
  uint32_t n = 0;
  while (n < max && s[n]) n++;
  while (n && s[n - 1] == '/') n--;
  return n;
}

static const struct ustar_header *find(const char *path, uint32_t n) {
  for (const struct ustar_header *h = next_header(NULL); h; h = next_header(h))
    if (trimmed(h->name, 100) == n && memcmp(h->name, path, n) == 0) return h;
  return NULL;
}

/* The path without "/" and "./" at its beginning, as the archive has names. */
static const char *relative(const char *path) {
  while (*path == '/' || (path[0] == '.' && (path[1] == '/' || path[1] == 0))) path++;
  return path;
}

/* Sets f's kind, data and size for the file of that path. False: there is none. */
static bool lookup(const char *path, struct file *f) {
  path = relative(path);
  uint32_t n = trimmed(path, 128);
  *f = (struct file){.kind = FILE_DIR};
  if (n == 0) return true;
  if (strcmp(path, "boot/initrd") == 0) {
    *f = (struct file){.kind = FILE_DATA, .data = initrd, .size = initrd_size};
    return true;
  }
  if (strcmp(path, "dev/console") == 0) return f->kind = FILE_CONSOLE, true;
  if (strcmp(path, "dev/disk") == 0) return f->kind = FILE_DISK, f->size = disk_bytes(), true;
  const struct ustar_header *h = find(path, n);
  if (!h) return false;
  f->data = (const uint8_t *)h;
  if (is_dir(h)) return true;
  *f = (struct file){.kind = FILE_DATA, .data = (const uint8_t *)(h + 1), .size = header_size(h)};
  return true;
}

bool initrd_find(const char *path, const uint8_t **data, uint32_t *size) {
  struct file f;
  if (!lookup(path, &f)) return false;
  *data = f.kind == FILE_DATA ? f.data : NULL;
  *size = f.size;
  return true;
}

/* ---- directories: a read gives a struct pg32_dirent for each entry ---- */

/* If h lies directly in the directory dir (NULL: the root): its name there, *n characters. Else NULL. */
static const char *name_in(const struct ustar_header *h, const struct ustar_header *dir, uint32_t *n) {
  uint32_t skip = dir ? trimmed(dir->name, 100) : 0, length = trimmed(h->name, 100);
  if (dir && (length <= skip + 1 || memcmp(h->name, dir->name, skip) != 0 || h->name[skip] != '/'))
    return NULL;
  const char *name = h->name + (dir ? skip + 1 : 0);
  *n = length - (name - h->name);
  for (uint32_t i = 0; i < *n; i++)
    if (name[i] == '/') return NULL;
  return *n ? name : NULL;
}

/* Sets d to entry number `index` of the directory; false: it has no more. */
static bool entry_at(const struct ustar_header *dir, uint32_t index, struct pg32_dirent *d) {
  for (const struct ustar_header *h = next_header(NULL); h; h = next_header(h)) {
    uint32_t n;
    const char *name = name_in(h, dir, &n);
    if (!name || index--) continue;
    memset(d, 0, sizeof *d);
    memcpy(d->name, name, n < sizeof d->name - 1 ? n : sizeof d->name - 1);
    d->mode = is_dir(h) ? MODE_DIR : 0;
    d->size = header_size(h);
    return true;
  }
  return false;
}

static int dir_read(struct proc *p, struct file *f, uint32_t buf, uint32_t n) {
  struct pg32_dirent d;
  uint32_t done = 0;
  for (; n - done >= sizeof d; done += sizeof d, f->offset++) {
    if (!entry_at((const struct ustar_header *)f->data, f->offset, &d)) break;
    if (!copy_out(p, buf + done, &d, sizeof d)) return -EFAULT;
  }
  return done;
}

/* ---- descriptors ---- */

/* NULL: not an open descriptor. */
static struct file *file_of(struct proc *p, uint32_t fd) { return fd < NFILE ? p->file[fd] : NULL; }

/* A free struct file; NULL: all are open. */
static struct file *file_new(void) {
  for (struct file *f = files; f < files + OPEN_FILES; f++)
    if (f->refs == 0) return f;
  return NULL;
}

void files_standard(struct proc *p) {
  struct file *f = file_new();
  *f = (struct file){.kind = FILE_CONSOLE, .refs = 3};
  p->file[0] = p->file[1] = p->file[2] = f;
}

void files_copy(struct proc *child, struct proc *parent) {
  for (int i = 0; i < NFILE; i++)
    if ((child->file[i] = parent->file[i])) child->file[i]->refs++;
}

void files_close(struct proc *p) {
  for (int i = 0; i < NFILE; i++) file_close(p, i);
}

int file_open(struct proc *p, uint32_t path, uint32_t flags) {
  char name[128];
  struct file found;
  int n = copy_in_string(p, name, path, sizeof name);
  if (n < 0) return n;
  if (!lookup(name, &found)) return flags & O_ACCMODE ? -EROFS : -ENOENT;
  if ((flags & O_ACCMODE) && found.kind == FILE_DIR) return -EISDIR;
  if ((flags & O_ACCMODE) && found.kind == FILE_DATA) return -EROFS;
  for (int fd = 0; fd < NFILE; fd++) {
    if (p->file[fd]) continue;
    struct file *f = file_new();
    if (!f) break;
    *f = found;
    f->refs = 1;
    p->file[fd] = f;
    return fd;
  }
  return -EMFILE;
}

int file_close(struct proc *p, uint32_t fd) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  f->refs--;
  p->file[fd] = NULL;
  return 0;
}

static int data_read(struct proc *p, struct file *f, uint32_t buf, uint32_t n) {
  if (f->offset >= f->size) return 0;
  if (n > f->size - f->offset) n = f->size - f->offset;
  if (!copy_out(p, buf, f->data + f->offset, n)) return -EFAULT;
  f->offset += n;
  return n;
}

int file_read(struct proc *p, uint32_t fd, uint32_t buf, uint32_t n) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (n > INT32_MAX) return -EINVAL;
  int done = 0;
  switch (f->kind) {
  case FILE_CONSOLE: return console_read(p, buf, n);
  case FILE_DATA: return data_read(p, f, buf, n);
  case FILE_DIR: return dir_read(p, f, buf, n);
  case FILE_DISK: done = disk_read(p, f->offset, buf, n); break;
  case FILE_NONE: return -EBADF;
  }
  if (done > 0) f->offset += done;
  return done;
}

int file_write(struct proc *p, uint32_t fd, uint32_t buf, uint32_t n) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (n > INT32_MAX) return -EINVAL;
  if (f->kind == FILE_CONSOLE) return console_write(p, buf, n);
  if (f->kind != FILE_DISK) return -EBADF; /* nothing else can be opened for writing */
  int done = disk_write(p, f->offset, buf, n);
  if (done > 0) f->offset += done;
  return done;
}

int file_seek(struct proc *p, uint32_t fd, int32_t offset, uint32_t whence) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (f->kind == FILE_CONSOLE) return -ESPIPE;
  if (whence > SEEK_END || (f->kind == FILE_DIR && (whence != SEEK_SET || offset < 0))) return -EINVAL;
  int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->offset : f->size;
  if (base + offset < 0 || base + offset > INT32_MAX) return -EINVAL;
  return f->offset = base + offset;
}

int file_stat(struct proc *p, uint32_t fd, uint32_t to) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  bool character = f->kind == FILE_CONSOLE || f->kind == FILE_DISK;
  struct pg32_stat st = {f->kind == FILE_DIR ? MODE_DIR : character ? MODE_CHAR : 0, f->size};
  return copy_out(p, to, &st, sizeof st) ? 0 : -EFAULT;
}
