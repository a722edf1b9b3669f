/* chacha - the ChaCha20 block function: sixteen words at once, more than there are host registers, and
 * rotations, which the instruction set lacks. */
#include "bench.h"

#define BLOCKS 600000

static uint32_t state[16], block[16];

static inline uint32_t rotate(uint32_t x, int n) { return x << n | x >> (32 - n); }

static inline void quarter(uint32_t *x, int a, int b, int c, int d) {
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
  x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
  x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

static void next_block(void) {
  uint32_t x[16];
  for (int i = 0; i < 16; i++) x[i] = state[i];
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < 4; i++) quarter(x, i, 4 + i, 8 + i, 12 + i);
    for (int i = 0; i < 4; i++) quarter(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
  }
  for (int i = 0; i < 16; i++) block[i] = x[i] + state[i];
  state[12]++;
}

uint32_t bench(void) {
  uint32_t seed = 20, sum = 0;
  for (int i = 0; i < 16; i++) state[i] = bench_random(&seed) << 8 | (uint32_t)i;
  for (int i = 0; i < BLOCKS; i++) {
    next_block();
    sum = bench_mix(sum, block[i % 16]);
  }
  return sum;
}
