/* file.c - file descriptors: what the calls on them do with nodes, pipes and devices. */
#include "kernel.h"

enum { OPEN_FILES = 512 };

static struct file files[OPEN_FILES];

/* ---- descriptors ---- */

/* NULL: not an open descriptor. */
static struct file *file_of(struct proc *p, uint32_t fd) { return fd < NFILE ? p->file[fd] : NULL; }

/* A free struct file; NULL: all are open. */
static struct file *file_new(void) {
  for (struct file *f = files; f < files + OPEN_FILES; f++)
    if (f->refs == 0) return f;
  return NULL;
}

/* The lowest free descriptor from `from` on; NFILE: there is none. */
static uint32_t free_descriptor(struct proc *p, uint32_t from) {
  while (from < NFILE && p->file[from]) from++;
  return from;
}

/* The caller's descriptor fd leads to f from now on. */
static int put(struct proc *p, uint32_t fd, struct file *f, uint32_t flags) {
  p->file[fd] = f;
  f->refs++;
  p->close_on_exec[fd / 32] &= ~(1u << fd % 32);
  if (flags & O_CLOEXEC) p->close_on_exec[fd / 32] |= 1u << fd % 32;
  return fd;
}

static bool closes_on_exec(struct proc *p, uint32_t fd) { return p->close_on_exec[fd / 32] >> fd % 32 & 1; }

static bool readable(struct file *f) { return (f->flags & O_ACCMODE) != O_WRONLY; }
static bool writable(struct file *f) { return (f->flags & O_ACCMODE) != O_RDONLY; }

static void file_drop(struct file *f) {
  if (--f->refs) return;
  if (f->pipe) pipe_close(f->pipe, writable(f));
  if (f->node) node_drop(f->node);
}

CALL1(close, fd) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  p->file[fd] = NULL;
  p->close_on_exec[fd / 32] &= ~(1u << fd % 32);
  file_drop(f);
  return 0;
}

void files_standard(struct proc *p) {
  struct file *f = file_new();
  struct place console;
  path_find(NULL, "/dev/console", &console);
  *f = (struct file){.node = console.node, .flags = O_RDWR};
  console.node->refs++;
  for (uint32_t fd = 0; fd < 3; fd++) put(p, fd, f, 0);
}

void file_directory(struct proc *p, struct node *directory) {
  if (directory) directory->refs++;
  if (p->directory) node_drop(p->directory);
  p->directory = directory;
}

void files_copy(struct proc *child, struct proc *parent) {
  for (int i = 0; i < NFILE; i++)
    if ((child->file[i] = parent->file[i])) child->file[i]->refs++;
  memcpy(child->close_on_exec, parent->close_on_exec, sizeof child->close_on_exec);
  file_directory(child, parent->directory);
}

void files_close(struct proc *p) {
  for (int i = 0; i < NFILE; i++) sys_close(p, i, 0, 0);
  file_directory(p, NULL);
}

void files_exec(struct proc *p) {
  for (int i = 0; i < NFILE; i++)
    if (closes_on_exec(p, i)) sys_close(p, i, 0, 0);
}

/* ---- opening and closing ---- */

/* The node that the flags ask for, made if they say so. */
static int node_to_open(struct place *to, uint32_t flags) {
  if (to->node && (flags & O_CREAT) && (flags & O_EXCL)) return -EEXIST;
  if (!to->node && !(flags & O_CREAT)) return -ENOENT;
  if (!to->node && to->slash) return -EISDIR;
  if (!to->node) return path_make(to, NODE_FILE);
  bool directory = to->node->kind == NODE_DIR;
  if (directory && (flags & (O_ACCMODE | O_CREAT | O_TRUNC))) return -EISDIR;
  if (to->node->laid && (flags & (O_ACCMODE | O_TRUNC))) return -EROFS;
  return !directory && (flags & O_DIRECTORY) ? -ENOTDIR : 0;
}

CALL2(open, path, flags) {
  struct place to;
  if ((flags & O_ACCMODE) == O_ACCMODE) return -EINVAL;
  TRY(path_in_call(p, path, &to));
  uint32_t fd = free_descriptor(p, 0);
  struct file *f = file_new();
  if (fd == NFILE || !f) return fd == NFILE ? -EMFILE : -ENFILE;
  TRY(node_to_open(&to, flags));
  *f = (struct file){.node = to.node, .flags = flags};
  to.node->refs++;
  if ((flags & O_TRUNC) && writable(f) && to.node->kind == NODE_FILE) node_resize(to.node, 0);
  return put(p, fd, f, flags);
}

CALL1(pipe, fds) {
  uint32_t fd[2] = {free_descriptor(p, 0)};
  fd[1] = free_descriptor(p, fd[0] + 1);
  if (fd[1] >= NFILE) return -EMFILE;
  TRY(copy_out(p, fds, fd, sizeof fd));
  struct file *reader = file_new();
  if (reader) reader->refs = 1; /* so that the next one is another */
  struct file *writer = file_new();
  struct pipe *pipe = writer ? pipe_new() : NULL;
  if (reader) reader->refs = 0;
  if (!pipe) return writer ? -ENOMEM : -ENFILE;
  *reader = (struct file){.pipe = pipe, .flags = O_RDONLY};
  *writer = (struct file){.pipe = pipe, .flags = O_WRONLY};
  put(p, fd[0], reader, 0);
  put(p, fd[1], writer, 0);
  return 0;
}

CALL2(dup2, fd, to) {
  struct file *f = file_of(p, fd);
  if (!f || to >= NFILE) return -EBADF;
  if (fd == to) return to;
  sys_close(p, to, 0, 0);
  return put(p, to, f, 0);
}

CALL3(fcntl, fd, command, argument) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  switch (command) {
  case F_DUPFD:
    if (argument >= NFILE) return -EINVAL;
    argument = free_descriptor(p, argument);
    return argument < NFILE ? put(p, argument, f, 0) : -EMFILE;
  case F_GETFD: return closes_on_exec(p, fd);
  case F_SETFD:
    f->refs--; /* put counts this descriptor anew */
    put(p, fd, f, argument & FD_CLOEXEC ? O_CLOEXEC : 0);
    return 0;
  case F_GETFL: return f->flags & (O_ACCMODE | O_APPEND);
  case F_SETFL: f->flags = (f->flags & ~O_APPEND) | (argument & O_APPEND); return 0;
  default: return -EINVAL;
  }
}

/* ---- reading and writing ---- */

static int bytes_read(struct proc *p, struct node *node, uint32_t offset, uint32_t buf, uint32_t n) {
  uint32_t done = 0;
  for (uint32_t k; done < n; done += k) {
    k = n - done;
    const uint8_t *bytes = node_bytes(node, offset + done, &k);
    int error = copy_out(p, buf + done, bytes, k);
    if (error) return done ? (int)done : error;
  }
  return done;
}

/* Each record of a directory counts as one of the offset. */
static int dir_read(struct proc *p, struct file *f, uint32_t buf, uint32_t n) {
  struct pg32_dirent d;
  uint32_t done = 0;
  for (; n - done >= sizeof d; done += sizeof d, f->offset++) {
    if (!path_entry(f->node, f->offset, &d)) break;
    TRY(copy_out(p, buf + done, &d, sizeof d));
  }
  return done;
}

CALL3(read, fd, buf, n) {
  struct file *f = file_of(p, fd);
  if (!f || !readable(f)) return -EBADF;
  if (n > INT32_MAX) return -EINVAL;
  if (f->pipe) return pipe_read(p, f->pipe, buf, n);
  uint32_t left = f->node->size > f->offset ? f->node->size - f->offset : 0;
  int done = 0;
  switch (f->node->kind) {
  case NODE_CONSOLE: return console_read(p, buf, n);
  case NODE_DIR: return dir_read(p, f, buf, n);
  case NODE_ZERO: return bytes_read(p, f->node, 0, buf, n); /* a hole without an end */
  case NODE_FILE: done = bytes_read(p, f->node, f->offset, buf, n < left ? n : left); break;
  case NODE_DISK: done = disk_move(p, BLOCK_READ, f->offset, buf, n); break;
  }
  if (done > 0) f->offset += done;
  return done;
}

/* The time of the change is taken at the first write alone, because to look at the clock is dear in a VM. */
static int bytes_write(struct proc *p, struct file *f, uint32_t buf, uint32_t n) {
  struct node *node = f->node;
  if (node->laid) return -EROFS;
  if (f->flags & O_APPEND) f->offset = node->size;
  if (f->offset >= INT32_MAX) return n ? -EFBIG : 0;
  if (n > INT32_MAX - f->offset) n = INT32_MAX - f->offset;
  if (!f->written) node->changed = now();
  f->written = true;
  return node_write(p, node, f->offset, buf, n);
}

CALL3(write, fd, buf, n) {
  struct file *f = file_of(p, fd);
  if (!f || !writable(f)) return -EBADF;
  if (n > INT32_MAX) return -EINVAL;
  if (f->pipe) return pipe_write(p, f->pipe, buf, n);
  int done = n;
  switch (f->node->kind) {
  case NODE_CONSOLE: return console_write(p, buf, n);
  case NODE_FILE: done = bytes_write(p, f, buf, n); break;
  case NODE_DISK: done = disk_move(p, BLOCK_WRITE, f->offset, buf, n); break;
  }
  if (done > 0) f->offset += done;
  return done;
}

static uint32_t size_of(struct node *n) { return n->kind == NODE_DISK ? disk_bytes() : n->size; }

CALL3(lseek, fd, distance, whence) {
  int32_t offset = distance;
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (f->pipe || f->node->kind == NODE_CONSOLE) return -ESPIPE;
  bool directory = f->node->kind == NODE_DIR;
  if (whence > SEEK_END || (directory && (whence != SEEK_SET || offset < 0))) return -EINVAL;
  int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->offset : size_of(f->node);
  if (base + offset < 0 || base + offset > INT32_MAX) return -EINVAL;
  return f->offset = base + offset;
}

CALL2(ftruncate, fd, size) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (!writable(f) || f->pipe || f->node->kind != NODE_FILE || size > INT32_MAX) return -EINVAL;
  if (f->node->laid) return -EROFS;
  node_resize(f->node, size);
  return 0;
}

/* ---- stat ---- */

uint32_t node_mode(struct node *n) {
  return n->kind == NODE_DIR ? MODE_DIR : n->kind == NODE_FILE ? 0 : MODE_CHAR;
}

static int node_stat(struct proc *p, struct node *n, uint32_t to) {
  struct pg32_stat st = {node_mode(n), size_of(n), n->number, n->links, n->kind, 0, n->changed};
  return copy_out(p, to, &st, sizeof st);
}

CALL2(fstat, fd, to) {
  struct file *f = file_of(p, fd);
  if (!f) return -EBADF;
  if (f->node) return node_stat(p, f->node, to);
  struct pg32_stat st = {.mode = MODE_FIFO};
  return copy_out(p, to, &st, sizeof st);
}

CALL2(stat, path, to) {
  struct place at;
  TRY(path_in_call(p, path, &at));
  return at.node ? node_stat(p, at.node, to) : -ENOENT;
}
