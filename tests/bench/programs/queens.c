/* queens - all ways to place 11 queens, by recursion. */
#include "bench.h"

#define N 11
#define ROUNDS 9

static uint8_t column[N];

static int safe(int row, int at) {
  for (int i = 0; i < row; i++) {
    const int distance = column[i] - at;
    if (distance == 0 || distance == row - i || distance == i - row) return 0;
  }
  return 1;
}

static uint32_t place(int row) {
  uint32_t ways = 0;
  if (row == N) return 1;
  for (int at = 0; at < N; at++) {
    if (!safe(row, at)) continue;
    column[row] = (uint8_t)at;
    ways += place(row + 1);
  }
  return ways;
}

uint32_t bench(void) {
  uint32_t sum = 0;
  for (int round = 0; round < ROUNDS; round++) sum = bench_mix(sum, place(0));
  return sum;
}
