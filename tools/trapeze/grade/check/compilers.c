/* compilers.c - the part of `trapeze lab check --cc` that grades with another compiler: solutions in C then have other
 * counts. */
#define _GNU_SOURCE /* asprintf */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/untrusted.h"

/* What the compiler calls itself, in one line; "" when it does not say. */
static void version_of(const char *clang, char *line, size_t size) {
  char *command = NULL;
  *line = 0;
  setenv("TRAPEZE_CC", clang, 1); /* so that the shell takes it for one word */
  if (asprintf(&command, "\"$TRAPEZE_CC\" --version 2>/dev/null </dev/null") < 0) must(NULL);
  FILE *f = popen(command, "r");
  if (f && !fgets(line, (int)size, f)) *line = 0;
  if (f) pclose(f);
  free(command);
  unsetenv("TRAPEZE_CC");
  line[strcspn(line, "\n")] = 0;
}

void check_compiler(struct check *c, const char *clang) {
  char version[100], called[200];
  if (!toolchain_use(clang)) die(STATUS_USAGE, "--cc %s: there is no such program", clang);
  version_of(clang, version, sizeof version);
  char *safe = printable_name(version);
  snprintf(called, sizeof called, ", with %s%s%s%s", clang, *safe ? " (" : "", safe, *safe ? ")" : "");
  free(safe);
  c->compiler = called;
  check_reference(c);
  check_wrongs(c);
  c->compiler = NULL;
}
