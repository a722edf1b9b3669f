/* debug_kit.h - what the tests of the debugger share: cmocka, the end of all errors, a session, drawn text. */
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

/* Begins a session on a program, argv[0] with n - 1 arguments. */
static inline void open_debug(struct debug *d, unsigned depth, int n, char **argv) {
  memset(d, 0, sizeof *d);
  options_defaults(&d->options);
  d->options.depth = depth;
  d->options.argc = n;
  d->options.argv = argv;
  d->memory_physical = true;
  struct boot boot = boot_assemble(&d->options);
  struct machine *m = boot_machine(&d->options, &boot);
  boot_free(&boot);
  model_open(d, m, false);
}

/* What the cells show, as text for free. */
static inline char *text_of(const struct cells *c) {
  char *text = NULL;
  size_t size;
  FILE *f = open_memstream(&text, &size);
  cells_print(c, f);
  fclose(f);
  return text;
}
