/* matmul [N] - multiplies two N by N matrices of integers, and prints a checksum of the product. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void fill(uint32_t *matrix, unsigned n, uint32_t seed) {
  for (unsigned i = 0; i < n * n; i++) matrix[i] = seed = seed * 1664525 + 1013904223;
}

static uint32_t cell(const uint32_t *row, const uint32_t *column, unsigned n) {
  uint32_t sum = 0;
  for (unsigned k = 0; k < n; k++) sum += row[k] * column[k * n];
  return sum;
}

static uint32_t checksum(const uint32_t *a, const uint32_t *b, unsigned n) {
  uint32_t sum = 0;
  for (unsigned i = 0; i < n; i++)
    for (unsigned j = 0; j < n; j++) sum = (sum << 1 | sum >> 31) ^ cell(a + i * n, b + j, n);
  return sum;
}

int main(int argc, char **argv) {
  unsigned n = argc > 1 ? (unsigned)atoi(argv[1]) : 64;
  uint32_t *a = reallocarray(NULL, n * n, sizeof *a), *b = reallocarray(NULL, n * n, sizeof *b);
  if (a == NULL || b == NULL) {
    perror("matmul");
    return 1;
  }
  fill(a, n, 1);
  fill(b, n, 2);
  printf("%u by %u: checksum %08x\n", n, n, (unsigned)checksum(a, b, n));
  return 0;
}
