/* table.c - hsearch: a hash table with open addressing, which is at most half full. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/internal.h"

static ENTRY *table;
static size_t size, used; /* size: a power of two */

/* FNV-1a, by Fowler, Noll and Vo. */
static size_t hash(const char *key) {
  uint32_t h = 2166136261u;
  for (; *key != '\0'; key++) h = (h ^ (unsigned char)*key) * 16777619u;
  return h;
}

static ENTRY *place_of(ENTRY *in, size_t room, const char *key) {
  size_t i = hash(key) & (room - 1);
  while (in[i].key != NULL && strcmp(in[i].key, key) != 0) i = (i + 1) & (room - 1);
  return in + i;
}

static bool resize(size_t to) {
  ENTRY *new = __zeroed(to * sizeof *new);
  if (new == NULL) return false;
  for (size_t i = 0; i < size; i++)
    if (table[i].key != NULL) *place_of(new, to, table[i].key) = table[i];
  free(table);
  table = new, size = to;
  return true;
}

int hcreate(size_t count) {
  size_t room = 16;
  if (table != NULL || count > SIZE_MAX / 64) return 0;
  while (room < 2 * count) room *= 2;
  return resize(room);
}

void hdestroy(void) {
  free(table);
  table = NULL, size = used = 0;
}

ENTRY *hsearch(ENTRY item, ACTION action) {
  ENTRY *e = size > 0 ? place_of(table, size, item.key) : NULL;
  if (e != NULL && e->key != NULL) return e;
  if (action == FIND) {
    errno = ESRCH;
    return NULL;
  }
  if (2 * (used + 1) > size) {
    if (!resize(size > 0 ? 2 * size : 16)) return NULL;
    e = place_of(table, size, item.key);
  }
  used++;
  *e = item;
  return e;
}
