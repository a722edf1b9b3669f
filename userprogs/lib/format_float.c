/* format_float.c - %f %e %g %a: a number as text, exactly. Every double and every long double has a decimal expansion that
 * ends: all of its digits are computed, and rounded once, half to even. */
#include <stdio.h>
#include <string.h>
#include "real.h"

#define NINE 1000000000u

struct decimal { /* 0.DIGITS * 10^point */
  int point, count;
  char *digit; /* characters; the first is not '0' unless the number is 0 */
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

/* Bits from..from+31 of m; beyond its ends there are zeros. */
static uint32_t word_at(const uint32_t m[4], int from) {
  int i = from >= 0 ? from / 32 : -((31 - from) / 32), by = from - 32 * i;
  uint32_t low = i >= 0 && i < 4 ? m[i] : 0, high = i + 1 >= 0 && i + 1 < 4 ? m[i + 1] : 0;
  return by > 0 ? low >> by | high << (32 - by) : low;
}

static int significant(const uint32_t *words, int count) {
  while (count > 0 && words[count - 1] == 0) count--;
  return count;
}

/* The digits of m * 2^shift before the point, in front of `end`; returns how many. */
static int whole_digits(char *end, const uint32_t m[4], int shift) {
  int count = (shift > 0 ? shift : 0) / 32 + 5, n = 0;
  uint32_t words[count];
  for (int i = 0; i < count; i++) words[i] = word_at(m, 32 * i - shift);
  while ((count = significant(words, count)) > 0) n += 9, put_nine(end - n, divide(words, count));
  while (n > 0 && end[-n] == '0') n--;
  return n;
}

/* The digits of m / 2^point behind the point; returns how many. */
static int fraction_digits(char *to, const uint32_t m[4], int point) {
  int count = (point + 31) / 32, n = 0, first = 0;
  uint32_t words[count + 1];
  for (int i = 0; i < count; i++) words[i] = word_at(m, 32 * i + point - 32 * count);
  while (first < count) {
    put_nine(to + n, multiply(words + first, count - first)), n += 9;
    while (first < count && words[first] == 0) first++;
  }
  return n;
}

/* How many characters to_decimal may write: the digits before the point, and those behind it, one for each bit. */
static int room_for(const struct printed *number) {
  int exponent = number->exponent;
  return (exponent > 0 ? exponent / 3 : 0) + (exponent < 112 ? 112 - exponent : 0) + 40;
}

static void to_decimal(struct decimal *d, const struct printed *number) {
  int zeros = 0, exponent = number->exponent - 112; /* m * 2^exponent */
  while ((number->m[zeros / 32] >> zeros % 32 & 1) == 0) zeros++;
  bool has_whole = exponent > -113, has_fraction = exponent + zeros < 0;
  if (has_whole) {
    int room = (exponent > 0 ? exponent / 3 : 0) + 60;
    char whole[room];
    d->count = whole_digits(whole + room, number->m, exponent);
    memcpy(d->digit, whole + room - d->count, (size_t)d->count);
  }
  d->point = d->count;
  if (!has_fraction) return;
  d->count += fraction_digits(d->digit + d->count, number->m, -exponent);
  if (d->point > 0) return;
  int leading = 0;
  while (leading < d->count && d->digit[leading] == '0') leading++;
  d->point = -leading, d->count -= leading;
  memmove(d->digit, d->digit + leading, (size_t)d->count);
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

/* %a: the bits in hexadecimal. digit[0] is before the point. */
static void put_hexadecimal(struct text *t, const struct printed *number, int precision, bool point,
                            bool capital) {
  const char *set = capital ? "0123456789ABCDEF" : "0123456789abcdef";
  char digit[29];
  int all = number->nibbles, n = all;
  for (int i = 0; i <= 28; i++) digit[i] = (char)(word_at(number->m, 112 - 4 * i) & 15);
  if (precision >= 0 && precision < all) {
    bool more = false;
    for (int i = precision + 2; i <= all; i++) more |= digit[i] != 0;
    bool up = digit[precision + 1] > 8 || (digit[precision + 1] == 8 && (more || digit[precision] & 1));
    n = precision;
    for (int i = n; up; i--) up = i > 0 && ++digit[i] == 16, digit[i] = (char)(up ? 0 : digit[i] + (i == 0));
  }
  if (precision < 0)
    while (n > 0 && digit[n] == 0) n--;
  for (int i = 0; i <= 28; i++) digit[i] = set[(int)digit[i]];
  put(t, digit, 1);
  if (point || n > 0 || precision > 0) put(t, ".", 1);
  put(t, digit + 1, n);
  put_zeros(t, precision - all);
  put_exponent(t, number->kind == ZERO ? 0 : number->exponent, capital ? 'P' : 'p', 1);
}

/* The number in the way of the conversion; twice, the first time to count. */
static void put_number(struct text *t, const struct spec *spec, const struct printed *number,
                       const struct decimal *d) {
  char c = (char)(spec->conversion | 32);
  int precision = spec->precision;
  bool point = spec->alternate;
  if (c == 'a') {
    put_hexadecimal(t, number, precision, point, spec->conversion == 'A');
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

void __format_real(struct sink *sink, const struct spec *given, const struct printed *number) {
  struct spec spec = *given;
  bool capital = spec.conversion < 'a', hexadecimal = (spec.conversion | 32) == 'a';
  const char *sign = number->sign ? "-" : spec.plus ? "+" : spec.space ? " " : "";
  if (number->kind == INFINITE) return emit_special(sink, &spec, sign, capital ? "INF" : "inf");
  if (number->kind == NAN_) return emit_special(sink, &spec, sign, capital ? "NAN" : "nan");
  char digits[room_for(number)];
  struct decimal d = {.digit = digits};
  if (number->kind == FINITE && !hexadecimal) to_decimal(&d, number);
  round_for(&d, &spec);
  struct text count = {NULL, 0}, out = {sink, 0};
  put_number(&count, &spec, number, &d);
  const char *prefix = !hexadecimal ? "" : capital ? "0X" : "0x";
  int padding = spec.width - count.count - (int)strlen(sign) - (int)strlen(prefix);
  if (!spec.left && !spec.zero) pad(sink, ' ', padding);
  __emit(sink, sign, strlen(sign));
  __emit(sink, prefix, strlen(prefix));
  if (!spec.left && spec.zero) pad(sink, '0', padding);
  put_number(&out, &spec, number, &d);
  if (spec.left) pad(sink, ' ', padding);
}
