/* sieve - primes below a million, by Eratosthenes. */
#include "bench.h"

#define N 1000000
#define ROUNDS 44

static uint8_t composite[N];

static uint32_t count_primes(uint32_t first) {
  uint32_t primes = 0;
  for (uint32_t i = 0; i < N; i++) composite[i] = 0;
  for (uint32_t i = 2; i * i < N; i++)
    if (!composite[i])
      for (uint32_t j = i * i; j < N; j += i) composite[j] = 1;
  for (uint32_t i = first; i < N; i++) primes += !composite[i];
  return primes;
}

uint32_t bench(void) {
  uint32_t sum = 0;
  for (uint32_t round = 0; round < ROUNDS; round++) sum = bench_mix(sum, count_primes(2 + round));
  return sum;
}
