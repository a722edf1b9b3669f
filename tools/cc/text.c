/* text.c - text and lists of text, which are kept until the program ends. */
#include "tools/cc/driver.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct block {
  struct block *next;
  max_align_t bytes[];
};

static void *allocate(struct driver *driver, size_t size) {
  struct block *block = malloc(sizeof *block + size);
  if (!block) {
    fputs("pg32-cc: out of memory\n", stderr);
    exit(EXIT_FAILURE);
  }
  block->next = driver->memory;
  driver->memory = block;
  return block->bytes;
}

void free_all(struct driver *driver) {
  while (driver->memory) {
    struct block *block = driver->memory;
    driver->memory = block->next;
    free(block);
  }
}

char *format(struct driver *driver, const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  size_t size = (size_t)vsnprintf(NULL, 0, pattern, again) + 1;
  va_end(again);
  char *text = allocate(driver, size);
  vsnprintf(text, size, pattern, arguments);
  va_end(arguments);
  return text;
}

void add(struct driver *driver, struct list *list, const char *text) {
  if (list->count + 1 >= list->room) {
    size_t used = list->count * sizeof *list->text;
    list->room = list->room ? 2 * list->room : 32;
    const char **larger = allocate(driver, list->room * sizeof *list->text);
    list->text = used ? memcpy(larger, list->text, used) : larger;
  }
  list->text[list->count++] = text;
  list->text[list->count] = NULL;
}

void add_all(struct driver *driver, struct list *list, const struct list *more) {
  for (size_t i = 0; i < more->count; i++) add(driver, list, more->text[i]);
}
