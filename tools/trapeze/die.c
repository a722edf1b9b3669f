/* die.c - how a subcommand ends when it cannot continue. */
#include <stdarg.h>
#include <stdlib.h>

#include "trapeze.h"

void die(int status, const char *format, ...) {
  va_list ap;
  terminal_restore();
  fflush(stdout);
  fputs("trapeze: ", stderr);
  va_start(ap, format);
  vfprintf(stderr, format, ap);
  va_end(ap);
  fputc('\n', stderr);
  has_failed = true;
  exit(status);
}
