/* stdio.h - buffered input and output, formatting and scanning.
 *
 * Each write is a system call, and in a virtual machine a system call is several exits. So stdout
 * is written at the end of a call that printed a newline, when its buffer is full, before stdin
 * waits for input, before stderr prints and at exit; stderr is written at the end of each call. */
#ifndef _STDIO_H
#define _STDIO_H
#include <sys/cdefs.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 1024
#define FILENAME_MAX 256
#define FOPEN_MAX 16
#define TMP_MAX 1000000
#define L_tmpnam 20
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct __file FILE;
typedef struct {
  long __offset;
} fpos_t;
extern FILE *const stdin, *const stdout, *const stderr;

__BEGIN_DECLS
FILE *fopen(const char *__restrict path, const char *__restrict mode);
/* Without a path the file stays, and only the mode changes. */
FILE *freopen(const char *__restrict path, const char *__restrict mode, FILE *__restrict f);
/* A file in memory, which vanishes when it is closed. */
FILE *tmpfile(void);
/* A name of no file, in `result` (L_tmpnam bytes) or in memory of the library. No file can be made by that name. */
char *tmpnam(char *result);
int remove(const char *path);
int rename(const char *from, const char *to);
int fclose(FILE *f);
int fflush(FILE *f);
#if __SHOW_POSIX
int fileno(FILE *f);
FILE *fdopen(int fd, const char *mode);
/* A command line for the shell, and a stream: what it prints ("r"), or what it reads ("w"). */
FILE *popen(const char *line, const char *mode);
/* Waits for the end of the command; its status is as waitpid's. */
int pclose(FILE *f);
/* A stream whose file is `size` bytes at `data` (NULL: memory of its own). */
FILE *fmemopen(void *__restrict data, size_t size, const char *__restrict mode);
/* A stream to write, whose text is memory that grows: *data and *size are right after fflush and fclose. The caller
 * frees *data after fclose. */
FILE *open_memstream(char **data, size_t *size);
int fseeko(FILE *f, off_t offset, int whence);
off_t ftello(FILE *f);
#endif
int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);
int fseek(FILE *f, long offset, int whence);
long ftell(FILE *f);
void rewind(FILE *f);
int fgetpos(FILE *__restrict f, fpos_t *__restrict position);
int fsetpos(FILE *f, const fpos_t *position);
/* The buffer stays the stream's own; only the mode changes. */
int setvbuf(FILE *f, char *buffer, int mode, size_t bytes);
void setbuf(FILE *f, char *buffer);
#if __SHOW_ALL
void setbuffer(FILE *f, char *buffer, size_t bytes);
void setlinebuf(FILE *f);
#endif

int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
int ungetc(int c, FILE *f);
char *fgets(char *__restrict s, int size, FILE *__restrict f);
#if __SHOW_POSIX
ssize_t getline(char **__restrict line, size_t *__restrict size, FILE *__restrict f);
/* The same up to the character `end`. */
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int end, FILE *__restrict f);
/* There are no threads: these lock nothing. */
void flockfile(FILE *f);
int ftrylockfile(FILE *f);
void funlockfile(FILE *f);
int getc_unlocked(FILE *f);
int getchar_unlocked(void);
int putc_unlocked(int c, FILE *f);
int putchar_unlocked(int c);
#endif
size_t fread(void *__restrict p, size_t bytes, size_t count, FILE *__restrict f);

int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int fputs(const char *__restrict s, FILE *__restrict f);
int puts(const char *s);
size_t fwrite(const void *__restrict p, size_t bytes, size_t count, FILE *__restrict f);
void perror(const char *what);

#define __PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))
#define __SCANF(format, first) __attribute__((__format__(__scanf__, format, first)))
/* No %n, no positions. Every digit of a double and of a long double is right. An unknown conversion prints itself. */
int printf(const char *__restrict format, ...) __PRINTF(1, 2);
int fprintf(FILE *__restrict f, const char *__restrict format, ...) __PRINTF(2, 3);
int sprintf(char *__restrict s, const char *__restrict format, ...) __PRINTF(2, 3);
#if __SHOW_C99
int snprintf(char *__restrict s, size_t size, const char *__restrict format, ...) __PRINTF(3, 4);
#endif
#if __SHOW_ALL
int asprintf(char **__restrict s, const char *__restrict format, ...) __PRINTF(2, 3);
#endif
#if __SHOW_POSIX
int dprintf(int fd, const char *__restrict format, ...) __PRINTF(2, 3);
int vdprintf(int fd, const char *__restrict format, va_list args) __PRINTF(2, 0);
#endif
int vprintf(const char *__restrict format, va_list args) __PRINTF(1, 0);
int vfprintf(FILE *__restrict f, const char *__restrict format, va_list args) __PRINTF(2, 0);
int vsprintf(char *__restrict s, const char *__restrict format, va_list args) __PRINTF(2, 0);
#if __SHOW_C99
int vsnprintf(char *__restrict s, size_t size, const char *__restrict format, va_list args) __PRINTF(3, 0);
#endif
#if __SHOW_ALL
int vasprintf(char **__restrict s, const char *__restrict format, va_list args) __PRINTF(2, 0);
#endif

/* %d %i %u %o %x %c %s %[set] %n %%, with *, a width, and hh h l ll z t j. */
int scanf(const char *__restrict format, ...) __SCANF(1, 2);
int fscanf(FILE *__restrict f, const char *__restrict format, ...) __SCANF(2, 3);
int sscanf(const char *__restrict s, const char *__restrict format, ...) __SCANF(2, 3);
#if __SHOW_C99
int vscanf(const char *__restrict format, va_list args) __SCANF(1, 0);
int vfscanf(FILE *__restrict f, const char *__restrict format, va_list args) __SCANF(2, 0);
int vsscanf(const char *__restrict s, const char *__restrict format, va_list args) __SCANF(2, 0);
#endif
__END_DECLS

#endif
