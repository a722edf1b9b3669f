/* atexit.c - functions that are called at exit, the latest first. */
#include <stdlib.h>
#include "internal.h"

/* Functions to be called at exit, in lists of ROOM; a new list comes before the older ones. */
#define ROOM 32

struct at_exit {
  struct at_exit *older;
  int count;
  struct {
    void (*function)(void *argument);
    void *argument;
  } entry[ROOM];
};

static struct at_exit first_list, *newest = &first_list;
void *__dso_handle; /* C++ names with it the library that a function belongs to; there is but the program */

int __cxa_atexit(void (*function)(void *argument), void *argument, void *library) {
  (void)library;
  if (newest->count == ROOM) {
    struct at_exit *list = __zeroed(sizeof *list);
    if (list == NULL) return -1;
    list->older = newest, newest = list;
  }
  newest->entry[newest->count].function = function;
  newest->entry[newest->count++].argument = argument;
  return 0;
}

/* The argument is one too many for the function, which does not look. */
int atexit(void (*function)(void)) { return __cxa_atexit((void (*)(void *))function, NULL, NULL); }

void __call_at_exit(void) {
  for (;; newest = newest->older) {
    while (newest->count > 0) {
      newest->count--;
      newest->entry[newest->count].function(newest->entry[newest->count].argument);
    }
    if (newest->older == NULL) return;
  }
}
