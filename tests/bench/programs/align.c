/* align - the distance of two strings, by a table of all their prefixes; and the table traced back. */
#include "bench.h"

#define LENGTH 500
#define ROUNDS 130

static uint8_t first[LENGTH], second[LENGTH];
static uint16_t distance[LENGTH + 1][LENGTH + 1];

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

static void fill(void) {
  for (int i = 0; i <= LENGTH; i++) distance[i][0] = distance[0][i] = (uint16_t)i;
  for (int i = 1; i <= LENGTH; i++)
    for (int j = 1; j <= LENGTH; j++) {
      const uint32_t replaced = distance[i - 1][j - 1] + (first[i - 1] != second[j - 1]);
      distance[i][j] = (uint16_t)least(replaced, least(distance[i - 1][j], distance[i][j - 1]) + 1u);
    }
}

static uint32_t trace_back(void) {
  uint32_t sum = 0;
  int i = LENGTH, j = LENGTH;
  while (i > 0 && j > 0) {
    const uint32_t here = distance[i][j];
    const int up = distance[i - 1][j] + 1u == here, left = distance[i][j - 1] + 1u == here;
    sum = bench_mix(sum, (uint32_t)(2 * up + left));
    if (!left || up) i--;
    if (!up) j--;
  }
  return sum;
}

uint32_t bench(void) {
  uint32_t seed = 5, sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < LENGTH; i++) {
      first[i] = bench_random(&seed) & 3;
      second[i] = bench_random(&seed) % 3 ? first[i] : bench_random(&seed) & 3;
    }
    fill();
    sum = bench_mix(sum, distance[LENGTH][LENGTH] ^ trace_back());
  }
  return sum;
}
