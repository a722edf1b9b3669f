/* sort - quicksort of random words, insertion sort for what is short. */
#include "bench.h"

#define N 50000
#define ROUNDS 50

static uint32_t words[N];

static void insertion(uint32_t *a, int n) {
  for (int i = 1; i < n; i++) {
    const uint32_t value = a[i];
    int j = i;
    for (; j > 0 && a[j - 1] > value; j--) a[j] = a[j - 1];
    a[j] = value;
  }
}

static void sort(uint32_t *a, int n) {
  while (n > 16) {
    const uint32_t pivot = a[n / 2];
    int i = 0, j = n - 1;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const uint32_t t = a[i];
        a[i++] = a[j], a[j--] = t;
      }
    }
    sort(a, j + 1);
    a += i, n -= i;
  }
  insertion(a, n);
}

uint32_t bench(void) {
  uint32_t seed = 5, sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < N; i++) words[i] = bench_random(&seed) << 8 ^ bench_random(&seed);
    sort(words, N);
    for (int i = 0; i < N; i += 97) sum = bench_mix(sum, words[i]);
  }
  return sum;
}
