/* qsort_r.c - qsort with an argument for the comparison: a heap sort, which needs no memory. It is not stable. */
#include <stdlib.h>
#include "userprogs/lib/internal.h"

struct heap {
  char *base;
  size_t bytes;
  int (*compare)(const void *, const void *, void *);
  void *argument;
};

static void swap(char *a, char *b, size_t n) {
  while (n-- > 0) {
    char byte = *a;
    *a++ = *b, *b++ = byte;
  }
}

/* Element i goes down to its place among its children. */
static void sift(const struct heap *h, size_t i, size_t count) {
  for (size_t child; (child = 2 * i + 1) < count; i = child) {
    char *p = h->base + child * h->bytes, *parent = h->base + i * h->bytes;
    if (child + 1 < count && h->compare(p, p + h->bytes, h->argument) < 0) child++, p += h->bytes;
    if (h->compare(parent, p, h->argument) >= 0) return;
    swap(parent, p, h->bytes);
  }
}

void qsort_r(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *, void *),
             void *argument) {
  struct heap h = {base, bytes, compare, argument};
  for (size_t i = count / 2; i-- > 0;) sift(&h, i, count);
  for (size_t n = count; n-- > 1;) {
    swap(h.base, h.base + n * bytes, bytes);
    sift(&h, 0, n);
  }
}
