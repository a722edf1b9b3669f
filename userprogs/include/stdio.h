/* stdio.h - buffered input and output, formatting and scanning of integers and strings.
 *
 * Each write is a system call, and in a virtual machine a system call is several exits. So stdout
 * is written at the end of a call that printed a newline, when its buffer is full, before stdin
 * waits for input, before stderr prints and at exit; stderr is written at the end of each call. */
#ifndef _STDIO_H
#define _STDIO_H
#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 1024
#define FILENAME_MAX 256
#define FOPEN_MAX 16
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct __file FILE;
extern FILE *const stdin, *const stdout, *const stderr;

FILE *fopen(const char *restrict path, const char *restrict mode);
int fclose(FILE *f);
int fflush(FILE *f);
int fileno(FILE *f);
int feof(FILE *f);
int ferror(FILE *f);
void clearerr(FILE *f);
int fseek(FILE *f, long offset, int whence);
long ftell(FILE *f);
void rewind(FILE *f);
/* The buffer stays the stream's own; only the mode changes. */
int setvbuf(FILE *f, char *buffer, int mode, size_t bytes);
void setbuf(FILE *f, char *buffer);

int fgetc(FILE *f);
int getc(FILE *f);
int getchar(void);
int ungetc(int c, FILE *f);
char *fgets(char *restrict s, int size, FILE *restrict f);
ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict f);
size_t fread(void *restrict p, size_t bytes, size_t count, FILE *restrict f);

int fputc(int c, FILE *f);
int putc(int c, FILE *f);
int putchar(int c);
int fputs(const char *restrict s, FILE *restrict f);
int puts(const char *s);
size_t fwrite(const void *restrict p, size_t bytes, size_t count, FILE *restrict f);
void perror(const char *what);

#define __PRINTF(format, first) __attribute__((__format__(__printf__, format, first)))
#define __SCANF(format, first) __attribute__((__format__(__scanf__, format, first)))
/* No floating point, no %n, no positions. An unknown conversion prints itself. */
int printf(const char *restrict format, ...) __PRINTF(1, 2);
int fprintf(FILE *restrict f, const char *restrict format, ...) __PRINTF(2, 3);
int sprintf(char *restrict s, const char *restrict format, ...) __PRINTF(2, 3);
int snprintf(char *restrict s, size_t size, const char *restrict format, ...) __PRINTF(3, 4);
int asprintf(char **restrict s, const char *restrict format, ...) __PRINTF(2, 3);
int vprintf(const char *restrict format, va_list args) __PRINTF(1, 0);
int vfprintf(FILE *restrict f, const char *restrict format, va_list args) __PRINTF(2, 0);
int vsprintf(char *restrict s, const char *restrict format, va_list args) __PRINTF(2, 0);
int vsnprintf(char *restrict s, size_t size, const char *restrict format, va_list args) __PRINTF(3, 0);
int vasprintf(char **restrict s, const char *restrict format, va_list args) __PRINTF(2, 0);

/* %d %i %u %o %x %c %s %[set] %n %%, with *, a width, and hh h l ll z t j. */
int scanf(const char *restrict format, ...) __SCANF(1, 2);
int fscanf(FILE *restrict f, const char *restrict format, ...) __SCANF(2, 3);
int sscanf(const char *restrict s, const char *restrict format, ...) __SCANF(2, 3);
int vscanf(const char *restrict format, va_list args) __SCANF(1, 0);
int vfscanf(FILE *restrict f, const char *restrict format, va_list args) __SCANF(2, 0);
int vsscanf(const char *restrict s, const char *restrict format, va_list args) __SCANF(2, 0);

#endif
