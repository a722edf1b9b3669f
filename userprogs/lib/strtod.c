/* strtod.c - floating-point numbers from strings, exactly: the number nearest to the decimal one, however many digits
 * that has. It is a fraction of two whole numbers, whose quotient is computed to more bits than the type has; the lowest one
 * stands for the rest. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "real.h"

struct big { /* lowest word first; `count` words are in use */
  int count;
  uint32_t *word;
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

/* above / below as 63 bits and, if a long double needs them, 64 more; the lowest one stands for the rest. */
static void divide(struct big *above, struct big *below, bool is_long, struct scanned *to) {
  int shift = bits_of(below) - bits_of(above);
  shift_left(shift > 0 ? above : below, shift > 0 ? shift : -shift);
  if (is_less(above, below)) shift_left(above, 1), shift++;
  for (int i = 0; i < (is_long ? 127 : 63); i++) {
    uint64_t *part = i < 63 ? &to->m : &to->low;
    *part <<= 1;
    if (!is_less(above, below)) subtract(above, below), *part |= 1;
    shift_left(above, 1);
  }
  to->exponent = -shift;
  to->low |= above->count != 0;
}

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

/* `most` digits count; what follows is only zero or not zero. */
static const char *read_decimal(const char *s, const struct real_type *type, struct scanned *to) {
  uint32_t words[2 * type->words];
  struct big above = {0, words}, below = {1, words + type->words};
  int power = 0, digits = 0;
  bool any = false, point = false, more = false;
  below.word[0] = 1;
  for (; isdigit((unsigned char)*s) || (*s == '.' && !point); s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    any = true;
    if (digits < type->digits) {
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
  if (digits + power > type->exponents || digits + power < -type->exponents) { /* beyond all numbers */
    to->m = UINT64_C(1) << 62, to->exponent = power > 0 ? 50000 : -50000;
    return s;
  }
  if (power >= 0)
    times_ten(&above, power);
  else
    times_ten(&below, -power);
  divide(&above, &below, type->is_long, to);
  return s;
}

static const char *read_hexadecimal(const char *s, struct scanned *to) {
  int exponent = 126;
  bool any = false, point = false;
  for (; __digit((unsigned char)*s) < 16 || (*s == '.' && !point); s++) {
    if (*s == '.') {
      point = true;
      continue;
    }
    unsigned digit = (unsigned)__digit((unsigned char)*s);
    any = true;
    if (to->m >> 58 == 0)
      to->m = to->m << 4 | to->low >> 60, to->low = to->low << 4 | digit, exponent -= 4 * point;
    else
      to->low |= digit != 0, exponent += 4 * !point;
  }
  if (!any) return NULL;
  for (; to->m >> 62 == 0 && (to->m | to->low) != 0; exponent--)
    to->m = to->m << 1 | to->low >> 63, to->low <<= 1;
  to->exponent = exponent + read_exponent(&s, 'p');
  return s;
}

static bool begins(const char *s, const char *word) { return strncasecmp(s, word, strlen(word)) == 0; }

const char *__scan_real(const char *s, const struct real_type *type, struct scanned *to) {
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
  end = read_decimal(p, type, to);
  return end != NULL ? end : s;
}

/* More than 1100 digits cannot lie between two doubles. */
static const struct real_type of_double = {170, 1100, 400, false};

static void scan(const char *s, char **end, struct scanned *n) {
  const char *stop = __scan_real(s, &of_double, n);
  if (end != NULL) *end = (char *)stop;
  n->m |= n->low != 0;
  if (n->exponent > 5000) n->exponent = 5000;
  if (n->exponent < -5000) n->exponent = -5000;
}

double strtod(const char *restrict s, char **restrict end) {
  struct scanned n;
  scan(s, end, &n);
  if (n.kind == INFINITE) return n.sign ? -__builtin_inf() : __builtin_inf();
  if (n.kind == NAN_) return __builtin_nan("");
  double d = __round_double(n.sign, n.exponent, n.m);
  uint64_t bits = __bits(d) << 1;
  if (n.m != 0 && (bits >> 53 == 2047 || bits >> 53 == 0)) errno = ERANGE;
  return d;
}

float strtof(const char *restrict s, char **restrict end) {
  struct scanned n;
  scan(s, end, &n);
  if (n.kind == INFINITE) return n.sign ? -__builtin_inff() : __builtin_inff();
  if (n.kind == NAN_) return __builtin_nanf("");
  if (n.m == 0) return n.sign ? -0.0f : 0.0f;
  float f = __round_float(n.sign, n.exponent, n.m);
  if (f == 0 || __builtin_isinf(f)) errno = ERANGE;
  return f;
}

double atof(const char *s) { return strtod(s, NULL); }
