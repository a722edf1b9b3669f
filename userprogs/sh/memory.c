/* memory.c - the arena: memory that is given back as a whole, last first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sh.h"

struct piece {
  struct piece *before;
  char bytes[];
};

static struct piece *newest;

void *arena_alloc(size_t bytes) {
  struct piece *p = calloc(1, sizeof *p + bytes);
  if (p == NULL) {
    fprintf(stderr, "sh: no memory is left (try a larger --ram)\n");
    _exit(BAD_LINE);
  }
  p->before = newest, newest = p;
  return p->bytes;
}

char *arena_text(const char *s, size_t n) { return memcpy(arena_alloc(n + 1), s, n); }

void *arena_mark(void) { return newest; }

void arena_release(void *mark) {
  while (newest != mark) {
    struct piece *p = newest;
    newest = p->before;
    free(p);
  }
}

void text_add(struct text *t, const char *s, size_t n) {
  if (t->n + n + 1 > t->room) {
    t->room = 2 * (t->n + n + 16);
    char *bigger = arena_alloc(t->room);
    if (t->n > 0) memcpy(bigger, t->s, t->n);
    t->s = bigger;
  }
  memcpy(t->s + t->n, s, n);
  t->n += n;
  t->s[t->n] = '\0';
}

void text_put(struct text *t, char c) { text_add(t, &c, 1); }
