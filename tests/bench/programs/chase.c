/* chase - follows pointers all over 4 MiB, in a random order that visits each cell once a round. */
#include "bench.h"

#define CELLS (4 << 20 >> 4)
#define ROUNDS 8

struct cell {
  struct cell *next;
  uint32_t value, unused[2];
};
static struct cell cells[CELLS];
static uint32_t order[CELLS];

uint32_t bench(void) {
  uint32_t seed = 11, sum = 0;
  for (uint32_t i = 0; i < CELLS; i++) order[i] = i;
  for (uint32_t i = CELLS - 1; i > 0; i--) {
    const uint32_t j = bench_random(&seed) % (i + 1), t = order[i];
    order[i] = order[j], order[j] = t;
  }
  for (uint32_t i = 0; i < CELLS; i++) {
    cells[order[i]].next = &cells[order[(i + 1) % CELLS]];
    cells[order[i]].value = bench_random(&seed);
  }
  const struct cell *at = cells;
  for (uint32_t i = 0; i < ROUNDS * CELLS; i++, at = at->next) sum = (sum << 1 | sum >> 31) + at->value;
  return sum;
}
