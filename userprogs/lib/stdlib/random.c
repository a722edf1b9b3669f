/* random.c - random and its kin: sums of two earlier numbers, r[i] = r[i-3] + r[i-31] for a state of 32 words, of which
 * the lowest bit is not used. States of 16, 8, 4 and 2 words sum r[i-n] and r[i-d] for the n and d in the table; one of 2
 * is a linear congruential generator. The constants are Knuth's primitive trinomials (The Art of Computer Programming,
 * volume 2, 3.2.2), and the seeds are the minimal standard generator's (Park and Miller, 1988), as in other libraries:
 * programs get the numbers that they get there. */
#include <errno.h>
#include <stdlib.h>
#include "userprogs/lib/internal.h"

struct kind {
  int words, separation; /* of the state, without the word for the kind itself */
};
static const struct kind kinds[] = {{0, 0}, {7, 3}, {15, 1}, {31, 3}, {63, 1}};
#define KINDS 5

static int32_t standard[32];          /* word 0 holds the kind and where it stands */
static int32_t *state = standard + 1; /* the words */
static int kind = 3, front = 3, back = 0;
static bool seeded;

static int32_t step(int32_t x) {
  int32_t next = (int32_t)(16807 * (int64_t)(x % 127773) - 2836 * (int64_t)(x / 127773));
  return next < 0 ? next + INT32_MAX : next;
}

static long next(void) {
  if (kind == 0) return state[0] = (int32_t)(((uint32_t)state[0] * 1103515245u + 12345u) & INT32_MAX);
  uint32_t sum = (uint32_t)state[front] + (uint32_t)state[back];
  state[front] = (int32_t)sum;
  front = (front + 1) % kinds[kind].words, back = (back + 1) % kinds[kind].words;
  return (long)(sum >> 1);
}

void srandom(unsigned seed) {
  int words = kinds[kind].words;
  seeded = true;
  state[0] = seed != 0 ? (int32_t)seed : 1;
  if (kind == 0) return;
  for (int i = 1; i < words; i++) state[i] = step(state[i - 1]);
  front = kinds[kind].separation, back = 0;
  for (int i = 0; i < 10 * words; i++) next();
}

long random(void) {
  if (!seeded) srandom(1);
  return next();
}

/* What the state's word 0 remembers, so that the state can be set again. */
static void remember(void) { state[-1] = kind == 0 ? 0 : KINDS * back + kind; }

char *initstate(unsigned seed, char *memory, size_t bytes) {
  if (!seeded) srandom(1);
  remember();
  char *before = (char *)(state - 1);
  if (bytes < 8) {
    errno = EINVAL;
    return NULL;
  }
  kind = bytes < 32 ? 0 : bytes < 64 ? 1 : bytes < 128 ? 2 : bytes < 256 ? 3 : 4;
  state = (int32_t *)(void *)memory + 1;
  srandom(seed);
  remember();
  return before;
}

char *setstate(char *memory) {
  if (!seeded) srandom(1);
  remember();
  char *before = (char *)(state - 1);
  int32_t word = *(int32_t *)(void *)memory;
  if (word < 0 || word % KINDS >= KINDS) {
    errno = EINVAL;
    return NULL;
  }
  kind = word % KINDS, state = (int32_t *)(void *)memory + 1;
  if (kind != 0) back = word / KINDS, front = (back + kinds[kind].separation) % kinds[kind].words;
  return before;
}
