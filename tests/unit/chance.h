/* chance.h - random choices: from a seed, or from bytes that a fuzzer makes up as long as they last.
 *
 * The same seed and bytes give the same choices on every host. */
#ifndef CHANCE_H
#define CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
  uint64_t state;
  const uint8_t *bytes; /* taken first, two for each choice */
  size_t size;
};

static inline struct random random_of(uint64_t seed) {
  return (struct random){.state = seed * 0x9E3779B97F4A7C15u + 1};
}

static inline uint32_t rnd(struct random *g) {
  g->state = g->state * 6364136223846793005u + 1442695040888963407u;
  const uint64_t z = (g->state ^ g->state >> 29) * 0xBF58476D1CE4E5B9u;
  if (g->size < 2) return (uint32_t)(z >> 32);
  const uint32_t given = g->bytes[0] | (uint32_t)g->bytes[1] << 8;
  g->bytes += 2, g->size -= 2;
  return (uint32_t)(z >> 32 & 0xFFFF0000u) | given;
}
static inline uint32_t below(struct random *g, uint32_t n) { return rnd(g) % n; }
static inline bool chance(struct random *g, uint32_t percent) { return below(g, 100) < percent; }

#endif
