/* sha256 - the hash of FIPS 180-4 over a buffer, again and again. Its constants are computed: the fractions
 * of roots of the first primes, found by squaring and cubing. */
#include "bench.h"

#define BLOCKS 64
#define ROUNDS 3200

static uint32_t k[64], first[8], message[BLOCKS * 16];

/* base to the power, 2 or 3, in 32-bit limbs, least first; true if it is at most n. base: 2 limbs, the upper
 * one small */
static int power_at_most(const uint32_t *base, int power, uint32_t n) {
  uint32_t p[8] = {1};
  for (int i = 0; i < power; i++) {
    uint32_t q[8] = {0};
    for (int a = 0; a < 5; a++)
      for (int b = 0; b < 2; b++) {
        uint64_t sum = (uint64_t)p[a] * base[b];
        for (int at = a + b; sum && at < 8; at++) sum += q[at], q[at] = (uint32_t)sum, sum >>= 32;
      }
    for (int a = 0; a < 8; a++) p[a] = q[a];
  }
  for (int a = 7; a > power; a--)
    if (p[a]) return 0;
  return p[power] < n;
}

/* The first 32 bits of the fraction of a root. */
static uint32_t root_fraction(uint32_t n, int power) {
  uint32_t root[2] = {0, 0};
  for (uint32_t bit = 16; bit > 0; bit >>= 1) {
    root[1] += bit;
    if (!power_at_most(root, power, n)) root[1] -= bit;
  }
  for (uint32_t bit = 0x80000000u; bit > 0; bit >>= 1) {
    root[0] += bit;
    if (!power_at_most(root, power, n)) root[0] -= bit;
  }
  return root[0];
}

static void make_constants(void) {
  uint32_t found = 0;
  for (uint32_t n = 2; found < 64; n++) {
    uint32_t divisor = 2;
    while (divisor * divisor <= n && n % divisor) divisor++;
    if (divisor * divisor <= n) continue;
    if (found < 8) first[found] = root_fraction(n, 2);
    k[found++] = root_fraction(n, 3);
  }
}

static uint32_t right(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t *h, const uint32_t *m) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++) w[i] = m[i];
  for (int i = 16; i < 64; i++) {
    const uint32_t s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ w[i - 15] >> 3;
    const uint32_t s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  for (int i = 0; i < 8; i++) v[i] = h[i];
  for (int i = 0; i < 64; i++) {
    const uint32_t s1 = right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25);
    const uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
    const uint32_t s0 = right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22);
    const uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t1;
    v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) h[i] += v[i];
}

uint32_t bench(void) {
  uint32_t seed = 9, h[8];
  make_constants();
  for (int i = 0; i < BLOCKS * 16; i++) message[i] = bench_random(&seed);
  for (int i = 0; i < 8; i++) h[i] = first[i];
  for (int round = 0; round < ROUNDS; round++)
    for (int b = 0; b < BLOCKS; b++) block(h, message + 16 * b);
  return h[0] ^ h[7];
}
