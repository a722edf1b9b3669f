/* crash_stack.c - the stack is full: which function has filled it? The one that is there again and again, or else the
 * one with the most local variables; of equals the program's own, before the C library's. */
#include <string.h>

#include "crash_scene.h"

#define FUNCTIONS 32 /* different ones that are looked at */
#define RECURSION 8  /* frames of one function that are no recursion yet */

struct user { /* of the stack: a function */
  const char *name;
  bool own;
  unsigned frames;
  uint32_t largest; /* bytes of its largest frame */
};

static struct user *user_of(struct user *users, unsigned *n, const struct source_function *f) {
  for (unsigned i = 0; i < *n; i++)
    if (strcmp(users[i].name, f->name) == 0) return &users[i];
  if (*n == FUNCTIONS) return NULL;
  users[*n] = (struct user){.name = f->name, .own = crash_is_own(f)};
  return &users[(*n)++];
}

/* The functions of the frames, from the innermost on. *more: there are frames beyond those. */
static unsigned find_users(struct scene *s, struct user *users, bool *more) {
  struct stack_frame f = frame_innermost(s->d);
  unsigned n = 0;
  *more = true;
  for (unsigned frames = 0; *more && frames < CRASH_CALLS; frames++) {
    const struct source_function function = frame_function(s->d, &f);
    const uint32_t sp = f.regs.x[2];
    *more = frame_outer(s->d, &f);
    struct user *u = function.name ? user_of(users, &n, &function) : NULL;
    if (!u) continue;
    u->frames++;
    if (*more && f.regs.x[2] - sp > u->largest) u->largest = f.regs.x[2] - sp;
  }
  return n;
}

/* A recursion through the library has a frame more or less of the library's function. */
static bool is_worse(const struct user *a, const struct user *b, bool recursion) {
  if (recursion) return a->frames + 2 * a->own > b->frames + 2 * b->own;
  return a->largest != b->largest ? a->largest > b->largest : a->own && !b->own;
}

void crash_say_stack_overflow(struct scene *s) {
  struct user users[FUNCTIONS], *most = users, *largest = users;
  bool more;
  const unsigned n = find_users(s, users, &more);
  for (unsigned i = 1; i < n; i++) {
    if (is_worse(&users[i], most, true)) most = &users[i];
    if (is_worse(&users[i], largest, false)) largest = &users[i];
  }
  if (n && most->frames > RECURSION)
    fprintf(s->out, "the stack is full: `%s` has called itself %s%u times; when does that end?", most->name,
            more ? "more than " : "", most->frames - 1);
  else if (n)
    fprintf(s->out, "the stack is full: are the local variables of `%s` too large?", largest->name);
  else
    fprintf(s->out, "the stack is full: no page at 0x%08x, to which the stack pointer points", s->address);
}
