/* linear.c - search from the first element to the last, and lists. */
#include <search.h>
#include <string.h>
#include "userprogs/lib/internal.h"

void *lfind(const void *key, const void *base, size_t *count, size_t bytes,
            int (*compare)(const void *, const void *)) {
  const char *p = base;
  for (size_t i = 0; i < *count; i++, p += bytes)
    if (compare(key, p) == 0) return (void *)p;
  return NULL;
}

void *lsearch(const void *key, void *base, size_t *count, size_t bytes,
              int (*compare)(const void *, const void *)) {
  void *found = lfind(key, base, count, bytes, compare);
  if (found != NULL) return found;
  return memcpy((char *)base + (*count)++ * bytes, key, bytes);
}

struct element {
  struct element *next, *previous;
};

void insque(void *element, void *before) {
  struct element *e = element, *b = before;
  e->previous = b, e->next = b != NULL ? b->next : NULL;
  if (e->next != NULL) e->next->previous = e;
  if (b != NULL) b->next = e;
}

void remque(void *element) {
  struct element *e = element;
  if (e->next != NULL) e->next->previous = e->previous;
  if (e->previous != NULL) e->previous->next = e->next;
}
