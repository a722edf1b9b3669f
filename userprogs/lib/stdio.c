/* stdio.c - streams: a descriptor and a buffer that is either being read or being written.
 * Output goes through append(), which only fills the buffer, between begin() and finish(), which
 * decide when it is written: see stdio.h. A stream that is opened for both goes over from one to the
 * other by itself. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"
#include "stream.h"

static FILE in = {.fd = 0, .readable = true, .mode = _IOLBF};
static FILE out = {.fd = 1, .writable = true, .writing = true, .mode = _IOLBF};
static FILE err = {.fd = 2, .writable = true, .writing = true, .mode = _IONBF};
FILE *const stdin = &in, *const stdout = &out, *const stderr = &err;
static FILE *opened;

/* ---- output ---- */

static int write_all(FILE *f, const char *s, size_t n) {
  while (n > 0) {
    ssize_t done = f->device == NULL ? write(f->fd, s, n) : f->device->write(f->memory, s, n);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      f->failed = true;
      return EOF;
    }
    s += done, n -= (size_t)done;
  }
  return 0;
}

/* 0, or EOF if what was buffered is lost. */
static int flush(FILE *f) {
  size_t n = f->end;
  if (!f->writing) return 0;
  f->end = 0, f->line_ended = false;
  return write_all(f, f->buffer, n);
}

int fflush(FILE *f) {
  if (f != NULL) return flush(f);
  int result = flush(&out) | flush(&err);
  for (f = opened; f != NULL; f = f->others) result |= flush(f);
  return result;
}

void __stdio_exit(void) { fflush(NULL); }

static long seek(FILE *f, long offset, int whence) {
  return f->device == NULL ? lseek(f->fd, offset, whence) : f->device->seek(f->memory, offset, whence);
}

/* Forgets what has been read ahead, so that the descriptor stands where the program does. */
static void drop_input(FILE *f) {
  long unread = (long)(f->end - f->next) + f->pushed;
  if (unread > 0) seek(f, -unread, SEEK_CUR);
  f->next = f->end = 0, f->pushed = 0;
}

static bool begin(FILE *f) {
  if (f == &err) flush(&out);
  if (!f->writable) errno = EBADF, f->failed = true;
  if (f->writable && !f->writing) drop_input(f), f->writing = true, f->at_end = false;
  return f->writable;
}

/* 0, or EOF if something is lost: these characters, or others that were buffered. */
NO_BUILTIN static int append(FILE *f, const char *s, size_t n) {
  int result = n > BUFSIZ - f->end ? flush(f) : 0;
  if (n > BUFSIZ) return result | write_all(f, s, n);
  memcpy(f->buffer + f->end, s, n);
  f->end += n;
  if (!f->line_ended && memchr(s, '\n', n) != NULL) f->line_ended = true;
  return result;
}

static int finish(FILE *f) {
  bool now = f->mode == _IONBF || (f->mode == _IOLBF && f->line_ended);
  return now ? flush(f) : 0;
}

NO_BUILTIN size_t fwrite(const void *restrict p, size_t bytes, size_t count, FILE *restrict f) {
  size_t total;
  if (__builtin_mul_overflow(bytes, count, &total)) errno = EINVAL, f->failed = true, total = 0;
  if (total == 0 || !begin(f)) return 0;
  return (append(f, p, total) | finish(f)) == 0 ? count : 0;
}

NO_BUILTIN int fputs(const char *restrict s, FILE *restrict f) {
  if (!begin(f)) return EOF;
  return append(f, s, strlen(s)) | finish(f);
}

NO_BUILTIN int puts(const char *s) {
  if (!begin(&out)) return EOF;
  return append(&out, s, strlen(s)) | append(&out, "\n", 1) | finish(&out);
}

NO_BUILTIN int fputc(int c, FILE *f) {
  char byte = (char)c;
  if (!begin(f)) return EOF;
  return (append(f, &byte, 1) | finish(f)) == 0 ? (unsigned char)c : EOF;
}

int putc(int c, FILE *f) { return fputc(c, f); }
NO_BUILTIN int putchar(int c) { return fputc(c, &out); }

struct file_sink {
  struct sink sink;
  FILE *f;
  int result; /* EOF after an error */
};

static void put_file(struct sink *sink, const char *s, size_t n) {
  struct file_sink *to = (struct file_sink *)sink;
  to->result |= append(to->f, s, n);
}

int __print(void *stream, const char *format, va_list args, bool wide) {
  FILE *f = stream;
  struct file_sink to = {{.put = put_file, .wide = wide}, f, 0};
  if (!begin(f)) return EOF;
  __format(&to.sink, format, args);
  return (to.result | finish(f)) == 0 ? to.sink.total : EOF;
}

NO_BUILTIN int vfprintf(FILE *restrict f, const char *restrict format, va_list args) {
  return __print(f, format, args, false);
}
NO_BUILTIN int vprintf(const char *restrict format, va_list args) { return vfprintf(&out, format, args); }

NO_BUILTIN int fprintf(FILE *restrict f, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfprintf(f, format, args);
  va_end(args);
  return n;
}

NO_BUILTIN int printf(const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfprintf(&out, format, args);
  va_end(args);
  return n;
}

/* ---- input ---- */

/* Refills an empty buffer; false at the end of the file or on an error. */
static bool fill(FILE *f) {
  if (!f->readable) errno = EBADF, f->failed = true;
  if (!f->readable || f->at_end) return false;
  if (f->writing && flush(f) != 0) return false;
  f->writing = false;
  if (f == &in) flush(&out);
  ssize_t n;
  do n = f->device == NULL ? read(f->fd, f->buffer, BUFSIZ) : f->device->read(f->memory, f->buffer, BUFSIZ);
  while (n < 0 && errno == EINTR);
  f->next = 0, f->end = n > 0 ? (size_t)n : 0;
  if (n == 0) f->at_end = true;
  if (n < 0) f->failed = true;
  return n > 0;
}

int fgetc(FILE *f) {
  if (f->pushed > 0) return f->push[--f->pushed];
  if ((f->writing || f->next == f->end) && !fill(f)) return EOF;
  return (unsigned char)f->buffer[f->next++];
}

int getc(FILE *f) { return fgetc(f); }
int getchar(void) { return fgetc(&in); }

int ungetc(int c, FILE *f) {
  if (c == EOF || f->pushed == PUSH_MAX || !f->readable || (f->writing && flush(f) != 0)) return EOF;
  if (f->writing) f->writing = false, f->next = f->end = 0;
  f->push[f->pushed++] = (unsigned char)c, f->at_end = false;
  return (unsigned char)c;
}

NO_BUILTIN char *fgets(char *restrict s, int size, FILE *restrict f) {
  int n = 0, c = 0;
  if (size <= 0) return NULL;
  while (n < size - 1 && c != '\n' && (c = fgetc(f)) != EOF) s[n++] = (char)c;
  if (c == EOF && (n == 0 || f->failed)) return NULL;
  s[n] = '\0';
  return s;
}

size_t fread(void *restrict p, size_t bytes, size_t count, FILE *restrict f) {
  char *to = p;
  size_t wanted;
  if (__builtin_mul_overflow(bytes, count, &wanted)) wanted = SIZE_MAX;
  size_t left = wanted;
  while (left > 0 && f->pushed > 0) *to++ = (char)fgetc(f), left--;
  while (left > 0 && ((!f->writing && f->next < f->end) || fill(f))) {
    size_t n = f->end - f->next < left ? f->end - f->next : left;
    memcpy(to, f->buffer + f->next, n);
    to += n, left -= n, f->next += n;
  }
  return bytes > 0 ? (wanted - left) / bytes : 0;
}

/* ---- streams ---- */

static bool is_update(const char *mode) { return strchr(mode, '+') != NULL; }

int __open_flags(const char *mode) {
  int access = is_update(mode) ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  if (mode[0] == '\0' || strchr("rwa", mode[0]) == NULL) {
    errno = EINVAL;
    return -1;
  }
  if (mode[0] == 'r') return access;
  int only_new = strchr(mode, 'x') != NULL ? O_EXCL : 0;
  return access | O_CREAT | only_new | (mode[0] == 'a' ? O_APPEND : O_TRUNC);
}

FILE *__new_stream(const char *mode) {
  FILE *f = __zeroed(sizeof *f);
  if (f == NULL) return NULL;
  f->fd = -1, f->mode = _IOFBF;
  f->readable = mode[0] == 'r' || is_update(mode), f->writable = mode[0] != 'r' || is_update(mode);
  f->others = opened, opened = f;
  return f;
}

FILE *fopen(const char *restrict path, const char *restrict mode) {
  int flags = __open_flags(mode), fd = flags >= 0 ? open(path, flags) : -1;
  if (fd < 0) return NULL;
  FILE *f = __new_stream(mode);
  if (f == NULL)
    close(fd);
  else
    f->fd = fd;
  return f;
}

void __forget_stream(FILE *f) {
  FILE **p = &opened;
  while (*p != NULL && *p != f) p = &(*p)->others;
  if (*p == NULL) return;
  *p = f->others;
  free(f);
}

int fclose(FILE *f) {
  int result = flush(f);
  result |= f->device == NULL ? close(f->fd) : f->device->close(f->memory);
  __forget_stream(f);
  return result == 0 ? 0 : EOF;
}

int fileno(FILE *f) { return f->fd; }
int feof(FILE *f) { return f->at_end; }
int ferror(FILE *f) { return f->failed; }
void clearerr(FILE *f) { f->at_end = f->failed = false; }

/* Where the program is, given where the kernel is. */
static long position(const FILE *f, long kernel) {
  if (f->writing) return kernel + (long)f->end;
  return kernel - (long)(f->end - f->next) - f->pushed;
}

long ftell(FILE *f) {
  long kernel = seek(f, 0, SEEK_CUR);
  return kernel < 0 ? kernel : position(f, kernel);
}

int fseek(FILE *f, long offset, int whence) {
  if (whence == SEEK_CUR) {
    long now = ftell(f);
    if (now < 0) return -1;
    offset += now, whence = SEEK_SET;
  }
  if (flush(f) != 0 || seek(f, offset, whence) < 0) return -1;
  f->next = f->end = 0, f->pushed = 0;
  f->at_end = false, f->writing = !f->readable;
  return 0;
}

void rewind(FILE *f) {
  fseek(f, 0, SEEK_SET);
  clearerr(f);
}

int setvbuf(FILE *f, char *buffer, int mode, size_t bytes) {
  (void)buffer, (void)bytes;
  if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) return -1;
  f->mode = mode;
  return 0;
}

void setbuf(FILE *f, char *buffer) { setvbuf(f, buffer, buffer != NULL ? _IOFBF : _IONBF, BUFSIZ); }
