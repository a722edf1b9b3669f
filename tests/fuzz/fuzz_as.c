/* fuzz_as.c - libFuzzer over the assembler: any bytes give an object or errors, never a crash, a leak or
 * an endless loop.
 * `make fuzz` builds and runs it. */
#include "isa/as.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Each .include gets the same few lines, one of which includes again. */
static char *load(void *user, const char *name, size_t *size) {
  (void)user;
  static const char text[] = ".include \"again\"\n1: j 1b\n.macro m a, b=2\n.word \\a, \\b, \\@\n.endm\n";
  if (!name[0]) return NULL;
  *size = sizeof text - 1;
  char *copy = malloc(*size);
  if (copy) memcpy(copy, text, *size);
  return copy;
}

/* Reads what it is given, as a tool would. */
static void report(void *user, const struct pg32_as_diagnostic *d) {
  size_t *total = user;
  *total += strlen(d->file) + strlen(d->text) + d->line + d->column;
  for (size_t i = 0; i < d->source_len; i++) *total += (unsigned char)d->source[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  size_t total = 0, object_size;
  char *object;
  struct pg32_as_options o = {.name = "fuzz.s", .user = &total, .report = report, .load = load};
  char *copy = malloc(size ? size : 1); /* exactly as large, so that reading past it is seen */
  if (!copy) return 0;
  if (size) memcpy(copy, data, size);
  bool good = pg32_assemble(copy, size, &o, &object, &object_size) == PG32_AS_OK;
  if (good != (object != NULL) || (!good && !total)) abort();
  free(object);
  free(copy);
  return 0;
}
