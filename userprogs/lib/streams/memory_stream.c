/* memory_stream.c - streams whose file is memory: fmemopen, open_memstream and tmpfile. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/stream.h"

struct file {
  char *data;
  size_t size, room; /* of what is there; of the memory */
  size_t position;
  bool fixed, append; /* the memory is the caller's; each write goes to the end */
  bool ends;          /* a NUL follows what is written, if there is room */
  char **data_to;     /* open_memstream: where the caller learns of both */
  size_t *size_to;
  bool ours; /* `data` is freed at the end */
};

static ssize_t read_memory(void *memory, char *to, size_t n) {
  struct file *m = memory;
  size_t left = m->position < m->size ? m->size - m->position : 0;
  if (n > left) n = left;
  memcpy(to, m->data + m->position, n);
  m->position += n;
  return (ssize_t)n;
}

/* Makes room for `size` bytes and a NUL; what is new is zero. The memory is the program's. */
static bool grow(struct file *m, size_t size) {
  if (size < m->room) return true;
  if (m->fixed) return false;
  size_t room = 2 * size + 64;
  char *data = program_malloc(room);
  if (data == NULL) return false;
  memcpy(data, m->data, m->size);
  memset(data + m->size, 0, room - m->size);
  program_free(m->data);
  m->data = data, m->room = room;
  return true;
}

static void tell(struct file *m) {
  if (m->data_to == NULL) return;
  *m->data_to = m->data;
  *m->size_to = m->position < m->size ? m->position : m->size;
}

static ssize_t write_memory(void *memory, const char *from, size_t n) {
  struct file *m = memory;
  if (m->append) m->position = m->size;
  if (m->fixed && m->position + n > m->room) n = m->position < m->room ? m->room - m->position : 0;
  if (n == 0 || (!m->fixed && !grow(m, m->position + n))) {
    errno = ENOSPC;
    return -1;
  }
  memcpy(m->data + m->position, from, n);
  m->position += n;
  if (m->position > m->size) m->size = m->position;
  if (m->ends && m->size < m->room) m->data[m->size] = '\0';
  tell(m);
  return (ssize_t)n;
}

static long seek_memory(void *memory, long offset, int whence) {
  struct file *m = memory;
  long base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (long)m->position : (long)m->size;
  if (base + offset < 0 || (m->fixed && (size_t)(base + offset) > m->room)) {
    errno = EINVAL;
    return -1;
  }
  m->position = (size_t)(base + offset);
  tell(m);
  return base + offset;
}

static int close_memory(void *memory) {
  struct file *m = memory;
  if (m->ours) program_free(m->data);
  free(m);
  return 0;
}

static const struct device memory_device = {read_memory, write_memory, seek_memory, close_memory};

static FILE *new_memory(const struct file *wanted, const char *mode) {
  struct file *m = __zeroed(sizeof *m);
  FILE *f = m != NULL ? __new_stream(mode) : NULL;
  if (f == NULL) {
    free(m);
    return NULL;
  }
  *m = *wanted;
  f->device = &memory_device, f->memory = m;
  return f;
}

FILE *fmemopen(void *restrict data, size_t size, const char *restrict mode) {
  if (__open_flags(mode) < 0) return NULL;
  struct file m = {
      .data = data, .room = size, .fixed = true, .append = mode[0] == 'a', .ends = mode[0] != 'r'};
  if (data == NULL) m.data = program_malloc(size + 1), m.ours = true;
  if (m.data == NULL) return NULL;
  if (m.ours) memset(m.data, 0, size + 1);
  if (mode[0] == 'r') m.size = size;
  if (mode[0] == 'w' && size > 0) m.data[0] = '\0';
  if (mode[0] == 'a') m.position = m.size = strnlen(m.data, size);
  return new_memory(&m, mode);
}

FILE *open_memstream(char **data, size_t *size) {
  struct file m = {.data = program_malloc(64), .room = 64, .ends = true, .data_to = data, .size_to = size};
  if (m.data == NULL) return NULL;
  memset(m.data, 0, m.room);
  *data = m.data, *size = 0;
  return new_memory(&m, "w");
}

/* A file that vanishes when it is closed: memory does as well as the file system, which is in memory, too. */
FILE *tmpfile(void) {
  struct file m = {.data = program_malloc(64), .room = 64, .ours = true};
  return m.data != NULL ? new_memory(&m, "w+") : NULL;
}
