/* strtod.c - floating-point numbers from strings, exactly: the number nearest to the decimal one, however many digits
 * that has. It is a fraction of two whole numbers, whose quotient is computed to 63 bits and one that stands for the
 * rest. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "softfloat.h"

#define WORDS 170       /* 32-bit words of a whole number */
#define DIGITS_MAX 1100 /* more cannot lie between two doubles; what follows is only zero or not zero */

struct big { /* lowest word first; `count` words are in use */
  int count;
  uint32_t word[WORDS];
};

static void multiply_add(struct big *b, uint32_t factor, uint32_t term) {
  uint64_t carry = term;
  for (int i = 0; i < b->count; i++) {
    carry += (uint64_t)b->word[i] * factor;
    b->word[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry != 0) b->word[b->count++] = (uint32_t)carry;
}

static void times_ten(struct big *b, int power) {
  for (; power >= 9; power -= 9) multiply_add(b, 1000000000, 0);
  for (; power > 0; power--) multiply_add(b, 10, 0);
}

static int bits_of(const struct big *b) {
  return b->count == 0 ? 0 : 32 * b->count - __builtin_clz(b->word[b->count - 1]);
}

static void shift_left(struct big *b, int by) {
  int words = by / 32, bits = by % 32;
  b->word[b->count] = 0;
  for (int i = b->count; i >= 0; i--) {
    uint64_t pair = (uint64_t)b->word[i] << 32 | (i > 0 ? b->word[i - 1] : 0);
    b->word[i + words] = (uint32_t)(pair << bits >> 32);
  }
  memset(b->word, 0, (size_t)words * sizeof b->word[0]);
  b->count += words + 1;
  while (b->count > 0 && b->word[b->count - 1] == 0) b->count--;
}

static bool is_less(const struct big *a, const struct big *b) {
  if (a->count != b->count) return a->count < b->count;
  for (int i = a->count - 1; i >= 0; i--)
    if (a->word[i] != b->word[i]) return a->word[i] < b->word[i];
  return false;
}

static void subtract(struct big *a, const struct big *b) {
  int64_t borrow = 0;
  for (int i = 0; i < a->count; i++) {
    borrow += (int64_t)a->word[i] - (i < b->count ? b->word[i] : 0);
    a->word[i] = (uint32_t)borrow;
    borrow >>= 32;
  }
  while (a->count > 0 && a->word[a->count - 1] == 0) a->count--;
}

/* above / below, as m / 2^62 * 2^exponent. */
static uint64_t quotient(struct big *above, struct big *below, int *exponent) {
  int shift = bits_of(below) - bits_of(above);
  shift_left(shift > 0 ? above : below, shift > 0 ? shift : -shift);
  if (is_less(above, below)) shift_left(above, 1), shift++;
  uint64_t m = 0;
  for (int i = 0; i < 63; i++) {
    m <<= 1;
    if (!is_less(above, below)) subtract(above, below), m |= 1;
    shift_left(above, 1);
  }
  *exponent = -shift;
  return m | (above->count != 0);
}

struct scanned { /* a number as the text has it: m / 2^62 * 2^exponent; m is 0 for 0 */
  enum kind kind;
  bool sign;
  int exponent;
  uint64_t m;
};

/* "e-12": moves *s past it if there are digits. */
static int read_exponent(const char **s, char letter) {
  const char *p = *s;
  if (tolower((unsigned char)*p) != letter) return 0;
  bool minus = *++p == '-';
  if (*p == '-' || *p == '+') p++;
  if (!isdigit((unsigned char)*p)) return 0;
  int n = 0;
  for (; isdigit((unsigned char)*p); p++)
    if (n < 100000) n = 10 * n + *p - '0';
  *s = p;
  return minus ? -n : n;
}

static const char *read_decimal(const char *s, struct scanned *to) {
  struct big above = {0}, below = {.count = 1, .word = {1}};
  int power = 0, digits = 0;
  bool any = false, point = false, more = false;
  for (; isdigit((unsigned char)*s) || (*s == '.' && !point); s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    any = true;
    if (digits < DIGITS_MAX) {
      if (digits > 0 || *s != '0') multiply_add(&above, 10, (uint32_t)(*s - '0')), digits++;
      power -= point;
    } else {
      more |= *s != '0';
      power += !point;
    }
  }
  if (!any) return NULL;
  power += read_exponent(&s, 'e');
  if (above.count == 0) return s;
  if (more) multiply_add(&above, 10, 1), power--;
  if (digits + power > 400 || digits + power < -400) { /* beyond all doubles */
    to->m = 1, to->exponent = power > 0 ? 5000 : -5000;
    return s;
  }
  if (power >= 0)
    times_ten(&above, power);
  else
    times_ten(&below, -power);
  to->m = quotient(&above, &below, &to->exponent);
  return s;
}

static const char *read_hexadecimal(const char *s, struct scanned *to) {
  bool any = false, point = false;
  int exponent = 62;
  for (; __digit((unsigned char)*s) < 16 || (*s == '.' && !point); s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    unsigned digit = (unsigned)__digit((unsigned char)*s);
    any = true;
    if (to->m >> 58 == 0)
      to->m = to->m << 4 | digit, exponent -= 4 * point;
    else
      to->m |= digit != 0, exponent += 4 * !point;
  }
  if (!any) return NULL;
  to->exponent = exponent + read_exponent(&s, 'p');
  return s;
}

static bool begins(const char *s, const char *word) { return strncasecmp(s, word, strlen(word)) == 0; }

/* Reads a number; returns where it ends, or s if there is none. */
static const char *scan(const char *s, struct scanned *to) {
  const char *p = s, *end;
  *to = (struct scanned){.kind = FINITE};
  while (isspace((unsigned char)*p)) p++;
  to->sign = *p == '-';
  if (*p == '-' || *p == '+') p++;
  if (begins(p, "inf")) {
    to->kind = INFINITE;
    return p + (begins(p, "infinity") ? 8 : 3);
  }
  if (begins(p, "nan")) {
    to->kind = NAN_;
    return p + 3;
  }
  if (p[0] == '0' && (p[1] | 32) == 'x' && (end = read_hexadecimal(p + 2, to)) != NULL) return end;
  end = read_decimal(p, to);
  return end != NULL ? end : s;
}

double strtod(const char *restrict s, char **restrict end) {
  struct scanned n;
  const char *stop = scan(s, &n);
  if (end != NULL) *end = (char *)stop;
  if (n.kind == INFINITE) return n.sign ? -__builtin_inf() : __builtin_inf();
  if (n.kind == NAN_) return __builtin_nan("");
  double d = __round_double(n.sign, n.exponent, n.m);
  uint64_t bits = __bits(d) << 1;
  if (n.m != 0 && (bits >> 53 == 2047 || bits >> 53 == 0)) errno = ERANGE;
  return d;
}

float strtof(const char *restrict s, char **restrict end) {
  struct scanned n;
  const char *stop = scan(s, &n);
  if (end != NULL) *end = (char *)stop;
  if (n.kind == INFINITE) return n.sign ? -__builtin_inff() : __builtin_inff();
  if (n.kind == NAN_) return __builtin_nanf("");
  if (n.m == 0) return n.sign ? -0.0f : 0.0f;
  int shift = __builtin_clzll(n.m) - 1; /* of a hexadecimal number */
  if (shift > 0) n.m <<= shift, n.exponent -= shift;
  float f = __round_float(n.sign, n.exponent, n.m);
  if (f == 0 || __builtin_isinf(f)) errno = ERANGE;
  return f;
}

double atof(const char *s) { return strtod(s, NULL); }
