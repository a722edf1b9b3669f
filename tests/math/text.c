/* text.c - long doubles as text and from text, in the formats of printf: on PG32 by the library, on the host by libquadmath,
 * whose __float128 is the same type. The output must be the same (tests/math.t). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __pg32__
typedef long double quad;
#define TEXT(s, size, format, value) snprintf(s, size, "%" format, value)
#define LETTER(c) "L" c
#define FROM_TEXT strtold
#else
#include <quadmath.h>
typedef __float128 quad;
#define TEXT(s, size, format, value) quadmath_snprintf(s, size, "%" format, value)
#define LETTER(c) "Q" c
#define FROM_TEXT strtoflt128
#endif

static uint64_t state = 88172645463325252u;
static uint64_t chance(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

static quad number(int i) {
  static const int exponents[] = {0, 1, 16383, 16382, 16384, 16400, 16300, 16495, 15000, 18000, 32766, 12000};
  uint64_t word[2] = {chance(), chance() & 0xFFFFFFFFFFFF};
  if (i % 3 == 0) word[0] = 0, word[1] &= ~UINT64_C(0) << 40;
  word[1] |= (uint64_t)exponents[i % 12] << 48 | (uint64_t)(i & 1) << 63;
  quad q;
  memcpy(&q, word, sizeof q);
  return q;
}

static void bits(quad q) {
  uint32_t word[4];
  memcpy(word, &q, sizeof q);
  printf(" %08x%08x%08x%08x", (unsigned)word[3], (unsigned)word[2], (unsigned)word[1], (unsigned)word[0]);
}

int main(void) {
  static const char *const texts[] = {"1",
                                      "0.1",
                                      "-3.14159265358979323846264338327950288419716939937510",
                                      "1e4932",
                                      "1e-4940",
                                      "6.5e-4966",
                                      "1e5000",
                                      "0x1.8p3",
                                      "0x1.ffffffffffffffffffffffffffffp0",
                                      "0x1.00000000000000000000000000008p0",
                                      "12345678901234567890123456789012345678901"};
  static char s[12000];
  for (int i = 0; i < 60; i++) {
    quad q = number(i);
    TEXT(s, sizeof s, ".36" LETTER("e"), q), printf("%s ", s), bits(FROM_TEXT(s, NULL));
    TEXT(s, sizeof s, LETTER("f"), q), printf(" %s", s);
    TEXT(s, sizeof s, ".20" LETTER("g"), q), printf(" %s", s);
    TEXT(s, sizeof s, LETTER("a"), q), printf(" %s", s), bits(FROM_TEXT(s, NULL));
    putchar('\n');
  }
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) bits(FROM_TEXT(texts[i], NULL));
  putchar('\n');
  return 0;
}
