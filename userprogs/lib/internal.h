/* internal.h - what the files of the library share and programs do not see. */
#ifndef LIBC_INTERNAL_H
#define LIBC_INTERNAL_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For a function that the compiler might otherwise recognize and turn into a call of itself. */
#define NO_BUILTIN __attribute__((no_builtin))

/* The malloc and the free that the program calls, which may be its own (names.h). What the program will free, as
 * the result of strdup, comes from program_malloc. */
extern void *program_malloc(size_t bytes) __asm__("malloc") __attribute__((weak));
extern void program_free(void *p) __asm__("free") __attribute__((weak));
/* So many bytes of zeros from the library's own malloc, for its own use; NULL: no memory. */
void *__zeroed(size_t bytes);

/* Where formatted text goes: `put` takes the next n characters. */
struct sink {
  void (*put)(struct sink *sink, const char *s, size_t n);
  int total;   /* characters so far, kept by format(); -1 at the end: a wide character that does not exist */
  bool wide;   /* widths, precisions and `total` count characters, not the bytes of UTF-8 */
  bool failed; /* for format() */
};
void __format(struct sink *sink, const char *format, va_list args);

/* printf and scanf for both kinds of formats, which are UTF-8 here. `f` NULL: the string `s`. */
int __print(void *f, const char *format, va_list args, bool wide);
int __scan(void *f, const char *s, const char *format, va_list args, bool wide);
/* A wide character as UTF-8, at most 4 bytes: how many; 0: there is no such character. */
size_t __encode(char *to, unsigned c);
/* A new UTF-8 text, which free() frees; NULL and errno: no memory, or EILSEQ. */
char *__narrow(const wchar_t *s);

/* Digits of a base: the value of character c, or 99. */
int __digit(int c);

/* The functions of the program that come before main; and those that come after it, in `exit`. */
void __run_constructors(int argc, char **argv, char **environment);
void __run_destructors(void);
/* Calls what atexit has registered. */
void __call_at_exit(void);
/* The part of `exit` that belongs to stdio. */
void __stdio_exit(void);

/* Ticks a second, and the tick now. */
uint32_t __hz(void);
uint64_t __ticks(void);
/* Sleeps any number of ticks, which may not fit the kernel's 32 bits; 0 or -1. */
int __sleep_long(uint64_t ticks);

#endif
