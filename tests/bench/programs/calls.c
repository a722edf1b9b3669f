/* calls - little but calls: recursion, functions by pointer, a visitor of a tree. */
#include "bench.h"

#define DEPTH 14
#define ROUNDS 60

struct tree {
  struct tree *left, *right;
  uint32_t (*visit)(const struct tree *tree, uint32_t sum);
  uint32_t value;
};
static struct tree trees[1 << DEPTH];
static uint32_t grown;

static uint32_t add(const struct tree *t, uint32_t sum) { return sum + t->value; }
static uint32_t flip(const struct tree *t, uint32_t sum) { return sum ^ t->value; }
static uint32_t turn(const struct tree *t, uint32_t sum) { return sum << (t->value & 7) | sum >> 25; }

static struct tree *grow(int depth, uint32_t *seed) {
  static uint32_t (*const visits[])(const struct tree *, uint32_t) = {add, flip, turn};
  if (depth == 0) return NULL;
  struct tree *t = &trees[grown++];
  t->value = bench_random(seed);
  t->visit = visits[t->value % 3];
  t->left = grow(depth - 1, seed);
  t->right = grow(depth - 1, seed);
  return t;
}

static uint32_t walk(const struct tree *t, uint32_t sum) {
  if (!t) return sum;
  sum = walk(t->left, sum);
  sum = t->visit(t, sum);
  return walk(t->right, sum);
}

static uint32_t fibonacci(uint32_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

uint32_t bench(void) {
  uint32_t seed = 13, sum = 0;
  const struct tree *root = grow(DEPTH, &seed);
  for (uint32_t round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < 10; i++) sum = walk(root, sum);
    sum = bench_mix(sum, fibonacci(20 + round % 4));
  }
  return sum;
}
