/* matmul - products of matrices of integers. */
#include "bench.h"

#define N 96
#define ROUNDS 140

static uint32_t a[N][N], b[N][N], c[N][N];

static void multiply(void) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      uint32_t sum = 0;
      for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
}

uint32_t bench(void) {
  uint32_t seed = 1, sum = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) a[i][j] = bench_random(&seed), b[i][j] = bench_random(&seed);
  for (int round = 0; round < ROUNDS; round++) {
    multiply();
    for (int i = 0; i < N; i++) sum = bench_mix(sum, c[i][(i + round) % N]), a[i][round % N] = c[i][i];
  }
  return sum;
}
