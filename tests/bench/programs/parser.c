/* parser - reads a program text with one big `switch` over characters, by hand, as compilers' front ends do,
 * and evaluates its expressions. */
#include "bench.h"

#define BYTES 32768
#define ROUNDS 500

static char source[BYTES + 8];
static uint32_t value[26], kinds[16];

static void make_source(uint32_t *seed) {
  static const char *const pieces[] = {
      "x = y + 12;\n",      "while (a < 100) b = c;\n",    "/* a comment */ ", "\"a string\" ",
      "z = (q + 7) * 3;\n", "if (k == 0x1F) n = n - 1;\n", "// to the end\n",  "m = m ^ 5;\n"};
  uint32_t at = 0;
  while (at < BYTES - 32)
    for (const char *p = pieces[bench_random(seed) & 7]; *p; p++)
      source[at++] =
          *p >= 'a' && *p <= 'z' && bench_random(seed) % 5 == 0 ? (char)('a' + bench_random(seed) % 26) : *p;
  source[at] = 0;
}

enum kind { END, NAME, KEYWORD, NUMBER, STRING, COMMENT, OPERATOR, OPEN, CLOSE, SEMICOLON, OTHER };

static const char *at;
static uint32_t token_value;

static enum kind number(void) {
  uint32_t base = 10, n = 0;
  if (at[0] == '0' && at[1] == 'x') base = 16, at += 2;
  for (;; at++) {
    if (*at >= '0' && *at <= '9')
      n = n * base + (uint32_t)(*at - '0');
    else if (base == 16 && *at >= 'A' && *at <= 'F')
      n = n * 16 + (uint32_t)(*at - 'A' + 10);
    else
      break;
  }
  token_value = n;
  return NUMBER;
}

static enum kind name(void) {
  const char *start = at;
  while (*at >= 'a' && *at <= 'z') at++;
  token_value = (uint32_t)(*start - 'a');
  return at - start > 1 ? KEYWORD : NAME;
}

static enum kind comment(void) {
  if (at[1] == '/') {
    while (*at && *at != '\n') at++;
  } else {
    for (at += 2; *at && !(at[0] == '*' && at[1] == '/'); at++) {
    }
    if (*at) at += 2;
  }
  return COMMENT;
}

static enum kind next_token(void) {
  for (;;) {
    switch (*at) {
    case ' ':
    case '\t':
    case '\n': at++; continue;
    case 0: return END;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return number();
    case '"':
      for (at++; *at && *at != '"'; at++) token_value += (uint8_t)*at;
      if (*at) at++;
      return STRING;
    case '/':
      if (at[1] == '/' || at[1] == '*') return comment();
      at++;
      return OPERATOR;
    case '(': at++; return OPEN;
    case ')': at++; return CLOSE;
    case ';': at++; return SEMICOLON;
    case '=':
    case '<':
      token_value = (uint8_t)*at++;
      if (*at == '=') token_value += 256, at++;
      return OPERATOR;
    case '+':
    case '-':
    case '*':
    case '^': token_value = (uint8_t)*at++; return OPERATOR;
    default:
      if (*at >= 'a' && *at <= 'z') return name();
      at++;
      return OTHER;
    }
  }
}

static uint32_t apply(uint32_t a, uint32_t operator, uint32_t b) {
  switch (operator) {
  case '+': return a + b;
  case '-': return a - b;
  case '*': return a * b;
  case '^': return a ^ b;
  case '<': return a < b;
  case '=': return b;
  default: return a == b;
  }
}

/* Statements from left to right, without precedence; the first name of each is assigned to. */
static uint32_t evaluate(void) {
  uint32_t target = 26, accumulator = 0, operator= '=', sum = 0;
  for (enum kind kind; (kind = next_token()) != END;) {
    kinds[kind]++;
    switch (kind) {
    case NAME:
      if (target == 26) target = token_value;
      accumulator = apply(accumulator, operator, value[token_value]);
      break;
    case NUMBER: accumulator = apply(accumulator, operator, token_value); break;
    case OPERATOR: operator= token_value; break;
    case SEMICOLON:
      if (target < 26) value[target] = accumulator;
      sum = bench_mix(sum, accumulator);
      target = 26, accumulator = 0, operator= '=';
      break;
    default: break;
    }
  }
  return sum;
}

uint32_t bench(void) {
  uint32_t seed = 10, sum = 0;
  make_source(&seed);
  for (int round = 0; round < ROUNDS; round++) {
    at = source;
    sum = bench_mix(sum, evaluate());
  }
  return bench_mix(sum, kinds[NAME] + kinds[OTHER]);
}
