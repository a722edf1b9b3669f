/* crc32 - the CRC of a buffer, by a table of 256 words. */
#include "bench.h"

#define BYTES 65536
#define ROUNDS 1600

static uint8_t buffer[BYTES];
static uint32_t table[256];

static void make_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; bit++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
    table[i] = c;
  }
}

static uint32_t crc(uint32_t c) {
  c = ~c;
  for (uint32_t i = 0; i < BYTES; i++) c = table[(c ^ buffer[i]) & 0xFF] ^ c >> 8;
  return ~c;
}

uint32_t bench(void) {
  uint32_t seed = 2, sum = 0;
  make_table();
  for (uint32_t i = 0; i < BYTES; i++) buffer[i] = (uint8_t)bench_random(&seed);
  for (int round = 0; round < ROUNDS; round++) sum = crc(sum);
  return sum;
}
