/* err.c - messages about errors, with the program's name. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/internal.h"

static const char *name = "?";

__attribute__((constructor)) static void note_name(int argc, char **argv) {
  if (argc == 0) return;
  const char *slash = strrchr(argv[0], '/');
  name = slash != NULL ? slash + 1 : argv[0];
}

static void print(bool with_error, const char *format, va_list args) {
  int error = errno;
  fprintf(stderr, "%s: ", name);
  if (format != NULL) vfprintf(stderr, format, args);
  if (with_error) fprintf(stderr, "%s%s", format != NULL ? ": " : "", strerror(error));
  fputc('\n', stderr);
}

void vwarn(const char *format, va_list args) { print(true, format, args); }
void vwarnx(const char *format, va_list args) { print(false, format, args); }

_Noreturn void verr(int status, const char *format, va_list args) {
  print(true, format, args);
  exit(status);
}

_Noreturn void verrx(int status, const char *format, va_list args) {
  print(false, format, args);
  exit(status);
}

#define WITH_ARGUMENTS(call) \
  va_list args;              \
  va_start(args, format);    \
  call;                      \
  va_end(args)

void warn(const char *format, ...) { WITH_ARGUMENTS(print(true, format, args)); }
void warnx(const char *format, ...) { WITH_ARGUMENTS(print(false, format, args)); }

_Noreturn void err(int status, const char *format, ...) {
  WITH_ARGUMENTS(print(true, format, args));
  exit(status);
}

_Noreturn void errx(int status, const char *format, ...) {
  WITH_ARGUMENTS(print(false, format, args));
  exit(status);
}
