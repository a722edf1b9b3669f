/* malloc.c - the heap: blocks that lie side by side from sbrk's memory.
 *
 *   | prev | size+used | payload ...          |   each block knows its own size and that of the one
 *   | prev | size      | next | before | ...  |   before it, so a freed block finds both neighbours
 *
 * Free blocks hang in lists by the power of two of their size, and two of them never touch. Sizes are
 * multiples of 16, payloads lie on 16 bytes. The last block of a stretch of memory is an empty, used
 * one. Fresh memory is zero and untouched: calloc leaves it so, so that a big array costs only the
 * pages that are used. For this, all of a free block at or above `fresh` is kept zero, but for its
 * header and links. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

#define ALIGN 16u
#define HEADER offsetof(struct block, next)
#define USED 1u
#define GROW 0x10000u /* memory comes in pieces of at least this much */
#define LISTS 32

struct block {
  size_t prev;                 /* size of the block before, 0 = none */
  size_t size;                 /* header included; + USED */
  struct block *next, *before; /* only while free */
};
_Static_assert(sizeof(struct block) == ALIGN, "the smallest block holds its links");

static struct block *lists[LISTS];
static struct block *last; /* the empty block that ends the newest stretch */
static char *fresh;        /* from here on, memory has never been handed out */

static size_t size_of(const struct block *b) { return b->size & ~USED; }
static struct block *after(struct block *b) { return (struct block *)((char *)b + size_of(b)); }
static struct block *before(struct block *b) { return (struct block *)((char *)b - b->prev); }
static struct block *block_of(void *p) { return (struct block *)((char *)p - HEADER); }
static void *payload(struct block *b) { return &b->next; }
static bool is_free(const struct block *b) { return (b->size & USED) == 0; }
static int list_of(size_t size) { return 31 - __builtin_clz(size); }

static void set_size(struct block *b, size_t size, size_t used) {
  b->size = size | used;
  after(b)->prev = size;
}

static void list_add(struct block *b) {
  struct block **head = &lists[list_of(size_of(b))];
  b->next = *head, b->before = NULL;
  if (*head != NULL) (*head)->before = b;
  *head = b;
}

static void list_remove(struct block *b) {
  if (b->before != NULL)
    b->before->next = b->next;
  else
    lists[list_of(size_of(b))] = b->next;
  if (b->next != NULL) b->next->before = b->before;
  b->next = b->before = NULL;
}

/* Puts b, in no list, back among the free ones, as one with its free neighbours. */
static void release(struct block *b) {
  struct block *next = after(b), *prev = before(b);
  set_size(b, size_of(b), 0);
  if (is_free(next)) {
    list_remove(next);
    set_size(b, size_of(b) + size_of(next), 0);
    next->prev = next->size = 0;
  }
  if (b->prev != 0 && is_free(prev)) {
    list_remove(prev);
    set_size(prev, size_of(prev) + size_of(b), 0);
    b->prev = b->size = 0;
    b = prev;
  }
  list_add(b);
}

/* Cuts what is beyond `size` off a used block. */
static void trim(struct block *b, size_t size) {
  size_t rest = size_of(b) - size;
  if (rest < ALIGN) return;
  set_size(b, size, USED);
  struct block *tail = after(b);
  tail->size = rest | USED;
  after(tail)->prev = rest;
  release(tail);
}

/* Adds at least `size` bytes of sbrk's to the free blocks. */
static bool grow(size_t size) {
  size_t bytes = (size + 2 * ALIGN + GROW - 1) & ~(GROW - 1);
  if (bytes < size || bytes > INTPTR_MAX) return false;
  if (last == NULL) sbrk((intptr_t)(-(uintptr_t)sbrk(0) % ALIGN));
  char *memory = sbrk((intptr_t)bytes);
  if (memory == (void *)-1) return false;
  struct block *b = last;
  if (b == NULL || memory != (char *)b + HEADER) { /* somebody else has used sbrk: a new stretch */
    size_t skip = -((uintptr_t)memory + HEADER) % ALIGN;
    b = (struct block *)(memory + skip);
    b->prev = 0;
    bytes = (bytes - skip - HEADER) & ~(ALIGN - 1);
    if (fresh < (char *)payload(b)) fresh = payload(b);
  }
  b->size = bytes | USED;
  last = after(b);
  last->prev = bytes;
  last->size = USED;
  release(b);
  return true;
}

static struct block *find(size_t size) {
  int list = list_of(size);
  for (struct block *b = lists[list]; b != NULL; b = b->next)
    if (size_of(b) >= size) return b;
  while (++list < LISTS)
    if (lists[list] != NULL) return lists[list];
  return NULL;
}

/* The size of the block for so many bytes of payload, 0 if there can be none. */
static size_t block_size(size_t bytes) {
  if (bytes > INTPTR_MAX) return 0;
  return (bytes + HEADER + ALIGN - 1) & ~(ALIGN - 1);
}

/* A used block of at least `size` bytes, taken from the free ones. */
static struct block *take(size_t size) {
  struct block *b = size != 0 ? find(size) : NULL;
  if (b == NULL && size != 0 && grow(size)) b = find(size);
  if (b == NULL) {
    errno = ENOMEM;
    return NULL;
  }
  list_remove(b);
  set_size(b, size_of(b), USED);
  return b;
}

/* Now the caller may write to b. */
static void *hand_out(struct block *b) {
  char *end = (char *)after(b);
  if (fresh < end) fresh = end;
  return payload(b);
}

NO_BUILTIN void *malloc(size_t bytes) {
  size_t size = block_size(bytes);
  struct block *b = take(size);
  if (b == NULL) return NULL;
  trim(b, size);
  return hand_out(b);
}

void *__zeroed(size_t bytes) {
  char *dirty = fresh, *p = malloc(bytes);
  if (p != NULL && p < dirty) memset(p, 0, bytes < (size_t)(dirty - p) ? bytes : (size_t)(dirty - p));
  return p;
}

/* Has the program a malloc of its own? Then its free must get nothing but what that malloc gave. */
static bool is_replaced(void) { return program_malloc != malloc; }

/* Ends a program that replaces malloc, but not a function that would have to know the other's blocks. */
static void *need_own(const char *function) {
  static const char why[] = ": a program with a malloc of its own needs this function of its own, too\n";
  write(STDERR_FILENO, function, strlen(function));
  write(STDERR_FILENO, why, sizeof why - 1);
  abort();
}

NO_BUILTIN void *calloc(size_t count, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) total = SIZE_MAX;
  if (!is_replaced()) return __zeroed(total);
  void *p = program_malloc(total);
  return p != NULL ? memset(p, 0, total) : NULL;
}

NO_BUILTIN void free(void *p) {
  if (p != NULL) release(block_of(p));
}

/* Makes b bigger where it is, if the block after it is free and big enough. */
static bool extend(struct block *b, size_t size) {
  struct block *next = after(b);
  if (!is_free(next) || size_of(b) + size_of(next) < size) return false;
  list_remove(next);
  set_size(b, size_of(b) + size_of(next), USED);
  return true;
}

NO_BUILTIN void *realloc(void *old, size_t bytes) {
  if (old == NULL) return program_malloc(bytes);
  if (is_replaced()) return need_own("realloc");
  struct block *b = block_of(old);
  size_t size = block_size(bytes);
  if (size != 0 && (size <= size_of(b) || extend(b, size))) {
    trim(b, size);
    return hand_out(b);
  }
  void *new = malloc(bytes);
  if (new == NULL) return NULL;
  memcpy(new, old, size_of(b) - HEADER);
  free(old);
  return new;
}

void *reallocarray(void *old, size_t count, size_t bytes) {
  size_t total;
  if (__builtin_mul_overflow(count, bytes, &total)) total = SIZE_MAX;
  return realloc(old, total);
}

/* A block with room for the alignment, of which what lies before the aligned payload is cut off. */
NO_BUILTIN void *aligned_alloc(size_t alignment, size_t bytes) {
  if (is_replaced()) return need_own("aligned_alloc");
  if (alignment <= ALIGN) return malloc(bytes);
  size_t size = block_size(bytes);
  struct block *b = size != 0 && alignment < INTPTR_MAX ? take(size + alignment) : take(0);
  if (b == NULL) return NULL;
  size_t skip = -(uintptr_t)payload(b) % alignment;
  if (skip != 0) {
    struct block *front = b;
    size_t rest = size_of(b) - skip;
    b = (struct block *)((char *)front + skip);
    set_size(b, rest, USED);
    set_size(front, skip, USED);
    release(front);
  }
  trim(b, size);
  return hand_out(b);
}

int posix_memalign(void **result, size_t alignment, size_t bytes) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *p = aligned_alloc(alignment, bytes);
  if (p == NULL) return ENOMEM;
  *result = p;
  return 0;
}
