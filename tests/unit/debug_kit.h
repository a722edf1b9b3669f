/* debug_kit.h - what the tests of the debugger share: cmocka, and the end of all errors. */
#include "tools/trapeze/debug/view.h" /* ahead of cmocka, which has a macro `fail` */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

_Noreturn void die(int status, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vfprintf(stderr, format, ap);
  va_end(ap);
  exit(status);
}
