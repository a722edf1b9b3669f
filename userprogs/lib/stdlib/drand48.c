/* drand48.c - the linear congruential generator of 48 bits that POSIX describes: x = a x + c mod 2^48. */
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/internal.h"

#define MASK ((UINT64_C(1) << 48) - 1)
#define MULTIPLIER UINT64_C(0x5DEECE66D)
#define ADDEND 11

static uint64_t x, multiplier = MULTIPLIER;
static uint16_t addend = ADDEND;

static uint64_t joined(const unsigned short word[3]) {
  return (uint64_t)word[2] << 32 | (uint32_t)word[1] << 16 | word[0];
}

static void split(unsigned short word[3], uint64_t from) {
  for (int i = 0; i < 3; i++, from >>= 16) word[i] = (unsigned short)from;
}

static uint64_t next(void) { return x = (x * multiplier + addend) & MASK; }

static uint64_t next_of(unsigned short word[3]) {
  uint64_t n = (joined(word) * multiplier + addend) & MASK;
  split(word, n);
  return n;
}

static double to_unit(uint64_t n) { return (double)n / (double)(UINT64_C(1) << 48); }

double drand48(void) { return to_unit(next()); }
double erand48(unsigned short state[3]) { return to_unit(next_of(state)); }
long lrand48(void) { return (long)(next() >> 17); }
long nrand48(unsigned short state[3]) { return (long)(next_of(state) >> 17); }
long mrand48(void) { return (long)(int32_t)(next() >> 16); }
long jrand48(unsigned short state[3]) { return (long)(int32_t)(next_of(state) >> 16); }

static void reset(uint64_t to) { x = to, multiplier = MULTIPLIER, addend = ADDEND; }

void srand48(long seed) { reset((uint64_t)(uint32_t)seed << 16 | 0x330E); }

unsigned short *seed48(unsigned short seed[3]) {
  static unsigned short before[3];
  uint64_t to = joined(seed);
  split(before, x);
  reset(to);
  return before;
}

void lcong48(unsigned short words[7]) {
  x = joined(words), multiplier = joined(words + 3), addend = words[6];
}
