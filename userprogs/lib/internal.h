/* internal.h - what the files of the library share and programs do not see. */
#ifndef LIBC_INTERNAL_H
#define LIBC_INTERNAL_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For a function that the compiler might otherwise recognize and turn into a call of itself. */
#define NO_BUILTIN __attribute__((no_builtin))

/* Where formatted text goes: `put` takes the next n characters. */
struct sink {
  void (*put)(struct sink *sink, const char *s, size_t n);
  int total; /* characters so far, kept by format() */
};
void __format(struct sink *sink, const char *format, va_list args);

/* Digits of a base: the value of character c, or 99. */
int __digit(int c);

/* The part of `exit` that belongs to stdio. */
void __stdio_exit(void);

/* Ticks a second, and the tick now. */
uint32_t __hz(void);
uint64_t __ticks(void);

#endif
