/* format_float.c - %f %e %g %a: a double as text, exactly. Every double has a decimal expansion that ends, of at most 309
 * digits before the point and 1074 behind it: all of them are computed, and rounded once, half to even. */
#include <stdio.h>
#include <string.h>
#include "format.h"
#include "softfloat.h"

#define WORDS 36 /* 32-bit words of the whole part, or of the fraction */
#define NINE 1000000000u
#define WHOLE_MAX 315
#define DIGITS_MAX (WHOLE_MAX + 1090)

struct decimal { /* 0.DIGITS * 10^point */
  int point, count;
  char digit[DIGITS_MAX]; /* characters; the first is not '0' unless the number is 0 */
};

/* Nine digits, leading zeros included. */
static void put_nine(char *to, uint32_t n) {
  for (int i = 8; i >= 0; i--, n /= 10) to[i] = (char)('0' + n % 10);
}

/* Divides the words, lowest first, by 10^9; returns the rest. */
static uint32_t divide(uint32_t *words, int count) {
  uint64_t rest = 0;
  for (int i = count - 1; i >= 0; i--) {
    rest = rest << 32 | words[i];
    words[i] = (uint32_t)(rest / NINE);
    rest %= NINE;
  }
  return (uint32_t)rest;
}

/* Multiplies the words by 10^9; returns what goes out at the top. */
static uint32_t multiply(uint32_t *words, int count) {
  uint64_t carry = 0;
  for (int i = 0; i < count; i++) {
    carry += (uint64_t)words[i] * NINE;
    words[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return (uint32_t)carry;
}

/* Sets the words to m shifted left by `by` bits. */
static void place(uint32_t *words, uint64_t m, int by) {
  int word = by / 32, bit = by % 32;
  uint64_t low = m << bit;
  words[word] = (uint32_t)low, words[word + 1] = (uint32_t)(low >> 32);
  if (bit > 0) words[word + 2] = (uint32_t)(m >> (64 - bit));
}

static bool is_zero(const uint32_t *words, int count) {
  while (count > 0 && words[count - 1] == 0) count--;
  return count == 0;
}

/* The digits before the point, at the end of `to`; returns how many. */
static int whole_digits(char *to, uint64_t m, int shift) {
  uint32_t words[WORDS] = {0};
  int n = 0;
  place(words, m, shift);
  while (!is_zero(words, WORDS)) n += 9, put_nine(to + WHOLE_MAX - n, divide(words, WORDS));
  while (n > 0 && to[WHOLE_MAX - n] == '0') n--;
  return n;
}

/* m * 2^exponent, where m has 53 bits at most. */
static void to_decimal(struct decimal *d, uint64_t m, int exponent) {
  static const uint64_t all = ~UINT64_C(0);
  char whole[WHOLE_MAX];
  uint32_t fraction[WORDS] = {0};
  bool has_whole = exponent > -53, has_fraction = exponent < 0;
  int n = !has_whole      ? 0
          : exponent >= 0 ? whole_digits(whole, m, exponent)
                          : whole_digits(whole, m >> -exponent, 0);
  memcpy(d->digit, whole + WHOLE_MAX - n, (size_t)n);
  d->count = d->point = n;
  if (!has_fraction) return;
  if (has_whole) m &= ~(all << -exponent);
  place(fraction, m, exponent + 1088 > 0 ? exponent + 1088 : 0); /* the point is before bit 1088 = 34 words */
  while (!is_zero(fraction, 34)) put_nine(d->digit + d->count, multiply(fraction, 34)), d->count += 9;
  if (n > 0) return;
  int zeros = 0;
  while (zeros < d->count && d->digit[zeros] == '0') zeros++;
  d->point = -zeros, d->count -= zeros;
  memmove(d->digit, d->digit + zeros, (size_t)d->count);
}

/* Rounds to `count` digits, half to even. */
static void round_to(struct decimal *d, int count) {
  if (count >= d->count) return;
  if (count < 0) {
    d->count = 0;
    return;
  }
  bool more = false;
  for (int i = count + 1; i < d->count; i++) more |= d->digit[i] != '0';
  bool odd = count > 0 && (d->digit[count - 1] - '0') % 2 != 0;
  bool up = d->digit[count] > '5' || (d->digit[count] == '5' && (more || odd));
  d->count = count;
  if (!up) return;
  int i = count;
  while (i > 0 && d->digit[i - 1] == '9') d->digit[--i] = '0';
  if (i > 0) {
    d->digit[i - 1]++;
  } else { /* 99.9 has become 100 */
    if (d->count == 0) d->count = 1;
    d->digit[0] = '1', d->point++;
  }
}

/* ---- output ---- */

struct text {
  struct sink *sink;
  int count; /* characters; nothing is put out while `sink` is NULL */
};

static void put(struct text *t, const char *s, int n) {
  if (n <= 0) return;
  t->count += n;
  if (t->sink != NULL) __emit(t->sink, s, (size_t)n);
}

static void put_zeros(struct text *t, int n) {
  static const char zeros[] = "0000000000000000";
  for (; n > 0; n -= 16) put(t, zeros, n < 16 ? n : 16);
}

/* `n` digits from place `from` on; those beyond the decimal's ends are zeros. */
static void put_digits(struct text *t, const struct decimal *d, int from, int n) {
  int before = from < 0 ? (-from < n ? -from : n) : 0;
  put_zeros(t, before), from += before, n -= before;
  int there = from < d->count ? (d->count - from < n ? d->count - from : n) : 0;
  put(t, d->digit + from, there);
  put_zeros(t, n - there);
}

static void put_fixed(struct text *t, const struct decimal *d, int precision, bool point) {
  if (d->point > 0)
    put_digits(t, d, 0, d->point);
  else
    put(t, "0", 1);
  if (point || precision > 0) put(t, ".", 1);
  put_digits(t, d, d->point, precision);
}

static void put_exponent(struct text *t, int exponent, char letter, int digits) {
  char text[8];
  int n = 0;
  unsigned rest = exponent < 0 ? (unsigned)-exponent : (unsigned)exponent;
  for (; rest > 0 || n < digits; rest /= 10) text[7 - n++] = (char)('0' + rest % 10);
  text[7 - n++] = exponent < 0 ? '-' : '+';
  text[7 - n++] = letter;
  put(t, text + 8 - n, n);
}

static void put_scientific(struct text *t, const struct decimal *d, int precision, bool point, char letter) {
  put_digits(t, d, 0, 1);
  if (point || precision > 0) put(t, ".", 1);
  put_digits(t, d, 1, precision);
  put_exponent(t, d->count > 0 ? d->point - 1 : 0, letter, 2);
}

/* %a: the significand's bits in hexadecimal. */
static void put_hexadecimal(struct text *t, uint64_t m, int exponent, int precision, bool point,
                            bool capital) {
  const char *set = capital ? "0123456789ABCDEF" : "0123456789abcdef";
  char digit[13];
  int n = 13;
  if (precision >= 0 && precision < 13) {
    int drop = 4 * (13 - precision);
    uint64_t half = UINT64_C(1) << (drop - 1), rest = m & (2 * half - 1);
    m >>= drop;
    if (rest > half || (rest == half && (m & 1))) m++;
    m <<= drop, n = precision;
  }
  for (int i = 0; i < 13; i++) digit[i] = set[m >> (48 - 4 * i) & 15];
  if (precision < 0)
    while (n > 0 && digit[n - 1] == '0') n--;
  put(t, set + (m >> 52), 1);
  if (point || n > 0 || precision > 0) put(t, ".", 1);
  put(t, digit, n);
  put_zeros(t, precision - 13);
  put_exponent(t, exponent, capital ? 'P' : 'p', 1);
}

/* The number in the way of the conversion; twice, the first time to count. */
static void put_number(struct text *t, const struct spec *spec, uint64_t bits, const struct decimal *d) {
  char c = (char)(spec->conversion | 32);
  int precision = spec->precision;
  bool point = spec->alternate;
  if (c == 'a') {
    int exponent = (int)(bits >> 52 & 2047);
    uint64_t m = (bits & FRACTION) | (exponent > 0 ? UINT64_C(1) << 52 : 0);
    put_hexadecimal(t, m, m == 0 ? 0 : (exponent > 0 ? exponent : 1) - 1023, precision, point,
                    spec->conversion == 'A');
  } else if (c == 'f') {
    put_fixed(t, d, precision, point);
  } else if (c == 'e') {
    put_scientific(t, d, precision, point, spec->conversion);
  } else {
    int exponent = d->count > 0 ? d->point - 1 : 0, digits = d->count;
    while (digits > 1 && d->digit[digits - 1] == '0') digits--;
    if (exponent < -4 || exponent >= precision)
      put_scientific(t, d,
                     point        ? precision - 1
                     : digits > 0 ? digits - 1
                                  : 0,
                     point, (char)(spec->conversion - 2));
    else if (point)
      put_fixed(t, d, precision - 1 - exponent, true);
    else
      put_fixed(t, d, digits > exponent + 1 ? digits - 1 - exponent : 0, false);
  }
}

static void round_for(struct decimal *d, struct spec *spec) {
  char c = (char)(spec->conversion | 32);
  if (spec->precision < 0 && c != 'a') spec->precision = 6;
  if (c == 'g' && spec->precision == 0) spec->precision = 1;
  if (c == 'f') round_to(d, d->point + spec->precision);
  if (c == 'e') round_to(d, spec->precision + 1);
  if (c == 'g') round_to(d, spec->precision);
}

static void pad(struct sink *sink, char c, int n) {
  for (; n > 0; n--) __emit(sink, &c, 1);
}

static void emit_special(struct sink *sink, const struct spec *spec, const char *sign, const char *word) {
  int padding = spec->width - (int)strlen(sign) - 3;
  if (!spec->left) pad(sink, ' ', padding);
  __emit(sink, sign, strlen(sign));
  __emit(sink, word, 3);
  if (spec->left) pad(sink, ' ', padding);
}

void __format_double(struct sink *sink, const struct spec *given, double value) {
  struct spec spec = *given;
  struct parts p = __parts(value);
  struct decimal d = {0};
  bool capital = spec.conversion < 'a', hexadecimal = (spec.conversion | 32) == 'a';
  const char *sign = p.sign ? "-" : spec.plus ? "+" : spec.space ? " " : "";
  if (p.kind == INFINITE) return emit_special(sink, &spec, sign, capital ? "INF" : "inf");
  if (p.kind == NAN_) return emit_special(sink, &spec, sign, capital ? "NAN" : "nan");
  if (p.kind == FINITE && !hexadecimal) {
    int drop = __builtin_ctzll(p.m);
    to_decimal(&d, p.m >> drop, p.exponent - 62 + drop);
  }
  round_for(&d, &spec);
  struct text count = {NULL, 0}, out = {sink, 0};
  put_number(&count, &spec, __bits(value), &d);
  const char *prefix = !hexadecimal ? "" : capital ? "0X" : "0x";
  int padding = spec.width - count.count - (int)strlen(sign) - (int)strlen(prefix);
  if (!spec.left && !spec.zero) pad(sink, ' ', padding);
  __emit(sink, sign, strlen(sign));
  __emit(sink, prefix, strlen(prefix));
  if (!spec.left && spec.zero) pad(sink, '0', padding);
  put_number(&out, &spec, __bits(value), &d);
  if (spec.left) pad(sink, ' ', padding);
}
