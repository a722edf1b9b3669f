/* regex - a small backtracking matcher of patterns with . * + ? and classes, over lines of text. */
#include "bench.h"

#define LINES 400
#define WIDTH 48
#define ROUNDS 18

static char lines[LINES][WIDTH + 1];

static int one(const char *pattern, char c) {
  switch (*pattern) {
  case '.': return c != 0;
  case 'D': return c >= '0' && c <= '9';
  case 'V': return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
  default: return *pattern == c;
  }
}

static int match_here(const char *pattern, const char *text);

static int match_many(const char *pattern, const char *text, int least) {
  const char *rest = pattern + 2, *end = text;
  while (one(pattern, *end)) end++;
  for (; end - text >= least; end--)
    if (match_here(rest, end)) return 1;
  return 0;
}

static int match_here(const char *pattern, const char *text) {
  for (; *pattern; pattern++, text++) {
    if (pattern[1] == '*') return match_many(pattern, text, 0);
    if (pattern[1] == '+') return match_many(pattern, text, 1);
    if (pattern[0] == '$') return *text == 0;
    if (!one(pattern, *text)) return 0;
  }
  return 1;
}

static int match(const char *pattern, const char *text) {
  do
    if (match_here(pattern, text)) return 1;
  while (*text++);
  return 0;
}

uint32_t bench(void) {
  static const char letters[] = "abcdefghinorstu 0123456789eeaaio";
  static const char *const patterns[] = {"VVV",     "D+ D+", "a.*e.*i.*o", "tr.*D$", "V+D+V+",
                                         "s*t*u*5", "e.e.e", "D*V*DD",     "(none)", ".+ .+ .+ .+"};
  uint32_t seed = 8, sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < LINES; i++)
      for (int j = 0; j < WIDTH; j++) lines[i][j] = letters[bench_random(&seed) & 31];
    for (uint32_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
      for (int i = 0; i < LINES; i++) sum = bench_mix(sum, (uint32_t)match(patterns[p], lines[i]) + p);
  }
  return sum;
}
