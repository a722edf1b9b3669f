/* sort.c - qsort and bsearch.
 * qsort merges, so equal elements keep their order; without memory to merge in, it inserts. */
#include <stdlib.h>
#include <string.h>
#include "internal.h"

struct order {
  size_t bytes; /* of one element */
  int (*compare)(const void *, const void *);
};

static void swap_bytes(char *a, char *b, size_t n) {
  while (n-- > 0) {
    char byte = *a;
    *a++ = *b, *b++ = byte;
  }
}

static void insertion_sort(char *base, size_t count, const struct order *o) {
  for (size_t i = 1; i < count; i++)
    for (char *p = base + i * o->bytes; p > base && o->compare(p - o->bytes, p) > 0; p -= o->bytes)
      swap_bytes(p - o->bytes, p, o->bytes);
}

/* Merges the sorted halves [0, middle) and [middle, end) of base, with room for the first in spare. */
static void merge(char *base, char *middle, char *end, char *spare, const struct order *o) {
  char *left = spare, *left_end = spare + (middle - base);
  memcpy(spare, base, (size_t)(middle - base));
  while (left < left_end) {
    bool take_right = middle < end && o->compare(left, middle) > 0;
    char **from = take_right ? &middle : &left;
    memcpy(base, *from, o->bytes);
    base += o->bytes, *from += o->bytes;
  }
}

static void merge_sort(char *base, size_t count, char *spare, const struct order *o) {
  if (count <= 8) {
    insertion_sort(base, count, o);
    return;
  }
  size_t half = count / 2;
  char *middle = base + half * o->bytes;
  merge_sort(base, half, spare, o);
  merge_sort(middle, count - half, spare, o);
  merge(base, middle, base + count * o->bytes, spare, o);
}

void qsort(void *base, size_t count, size_t bytes, int (*compare)(const void *, const void *)) {
  struct order order = {bytes, compare};
  char *spare = count > 8 ? malloc(count / 2 * bytes) : NULL;
  if (spare != NULL)
    merge_sort(base, count, spare, &order);
  else
    insertion_sort(base, count, &order);
  free(spare);
}

void *bsearch(const void *key, const void *base, size_t count, size_t bytes,
              int (*compare)(const void *, const void *)) {
  while (count > 0) {
    const char *middle = (const char *)base + count / 2 * bytes;
    int c = compare(key, middle);
    if (c == 0) return (void *)middle;
    if (c > 0) base = middle + bytes, count--;
    count /= 2;
  }
  return NULL;
}
