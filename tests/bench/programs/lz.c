/* lz - compresses a text by references to what came before (a hash of three bytes finds it), and expands it
 * again. */
#include "bench.h"

#define BYTES 60000
#define ROUNDS 450

static uint8_t text[BYTES], packed[BYTES * 2], unpacked[BYTES];
static int32_t last_seen[4096];

static void make_text(uint32_t *seed) {
  static const char words[][8] = {"trap ", "page ", "fault ", "kernel ", "guest ", "host ", "the ", "of "};
  for (uint32_t at = 0; at < BYTES;)
    for (const char *w = words[bench_random(seed) & 7]; *w && at < BYTES; w++)
      text[at++] = bench_random(seed) % 60 ? (uint8_t)*w : (uint8_t)bench_random(seed);
}

static uint32_t match(uint32_t from, uint32_t at) {
  uint32_t n = 0;
  while (at + n < BYTES && n < 255 && text[from + n] == text[at + n]) n++;
  return n;
}

/* Output: 0 and a literal, or the length (3..255) and two bytes of distance. */
static uint32_t pack(void) {
  uint32_t out = 0;
  for (int i = 0; i < 4096; i++) last_seen[i] = -1;
  for (uint32_t at = 0; at < BYTES;) {
    uint32_t n = 0, from = 0;
    if (at + 3 <= BYTES) {
      const uint32_t h =
          ((text[at] | (uint32_t)text[at + 1] << 8 | (uint32_t)text[at + 2] << 16) * 2654435761u) >> 20;
      if (last_seen[h] >= 0) from = (uint32_t)last_seen[h], n = match(from, at);
      last_seen[h] = (int32_t)at;
    }
    if (n >= 3) {
      packed[out++] = (uint8_t)n, packed[out++] = (uint8_t)(at - from),
      packed[out++] = (uint8_t)((at - from) >> 8);
      at += n;
    } else {
      packed[out++] = 0, packed[out++] = text[at++];
    }
  }
  return out;
}

static uint32_t unpack(uint32_t bytes) {
  uint32_t at = 0;
  for (uint32_t in = 0; in < bytes;) {
    const uint32_t n = packed[in++];
    if (n == 0) {
      unpacked[at++] = packed[in++];
      continue;
    }
    const uint32_t from = at - (packed[in] | (uint32_t)packed[in + 1] << 8);
    in += 2;
    for (uint32_t i = 0; i < n; i++) unpacked[at++] = unpacked[from + i];
  }
  return at;
}

uint32_t bench(void) {
  uint32_t seed = 7, sum = 0;
  make_text(&seed);
  for (int round = 0; round < ROUNDS; round++) {
    const uint32_t bytes = pack(), back = unpack(bytes);
    for (uint32_t i = 0; i < back; i += 31) sum = bench_mix(sum, unpacked[i] ^ text[i] ^ i);
    sum = bench_mix(sum, bytes);
    text[bench_random(&seed) % BYTES] ^= 1;
  }
  return sum;
}
