/* bignum - numbers of 2048 bits: products by the school's method, and their remainders. */
#include "bench.h"

#define WORDS 64
#define ROUNDS 12000

static uint32_t a[WORDS], b[WORDS], product[2 * WORDS], modulus[WORDS];

static void multiply(void) {
  for (int i = 0; i < 2 * WORDS; i++) product[i] = 0;
  for (int i = 0; i < WORDS; i++) {
    uint32_t carry = 0;
    for (int j = 0; j < WORDS; j++) {
      const uint64_t t = (uint64_t)a[i] * b[j] + product[i + j] + carry;
      product[i + j] = (uint32_t)t;
      carry = (uint32_t)(t >> 32);
    }
    product[i + WORDS] = carry;
  }
}

/* Montgomery's reduction: adds what makes the low half zero; the high half is the result. */
static void reduce(uint32_t inverse) {
  for (int i = 0; i < WORDS; i++) {
    const uint32_t factor = product[i] * inverse;
    uint32_t carry = 0;
    for (int j = 0; j < WORDS; j++) {
      const uint64_t t = (uint64_t)factor * modulus[j] + product[i + j] + carry;
      product[i + j] = (uint32_t)t;
      carry = (uint32_t)(t >> 32);
    }
    for (int j = i + WORDS; carry && j < 2 * WORDS; j++) {
      product[j] += carry;
      carry = product[j] < carry;
    }
  }
}

/* -1 / n modulo 2^32: each round doubles the bits that are right. */
static uint32_t negative_inverse(uint32_t n) {
  uint32_t x = n;
  for (int i = 0; i < 5; i++) x *= 2 - n * x;
  return 0 - x;
}

uint32_t bench(void) {
  uint32_t seed = 3, sum = 0;
  for (int i = 0; i < WORDS; i++) {
    a[i] = bench_random(&seed) * 257;
    b[i] = bench_random(&seed) * 65537;
    modulus[i] = bench_random(&seed) * 131 | 1;
  }
  const uint32_t inverse = negative_inverse(modulus[0]);
  for (int round = 0; round < ROUNDS; round++) {
    multiply();
    reduce(inverse);
    for (int i = 0; i < WORDS; i++) a[i] = product[WORDS + i];
    sum = bench_mix(sum, a[round % WORDS]);
  }
  return sum;
}
