/* floating.c - double and float: arithmetic, comparison, conversion, text in both directions, and the functions of
 * <math.h> whose results are exact. It prints bits; the host's processor and library are the oracle (tests/libc.t). */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t state = 88172645463325252u;

static uint64_t chance(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

/* Any bits; every second time a number of moderate size. */
static double some_double(void) {
  uint64_t bits = chance();
  double d;
  if (bits & 1) bits = (bits & ~((uint64_t)2047 << 52)) | (983 + chance() % 80) << 52;
  memcpy(&d, &bits, sizeof d);
  return d;
}

static void show(double d) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof d);
  if (d != d)
    printf("nan ");
  else
    printf("%08x%08x ", (unsigned)(bits >> 32), (unsigned)bits);
}

static void show_float(float f) {
  uint32_t bits;
  memcpy(&bits, &f, sizeof f);
  if (f != f)
    printf("nan ");
  else
    printf("%08x ", (unsigned)bits);
}

static void formats(void) {
  static const double numbers[] = {
      0,     1,   0.5,       1.5,  2.5,    99.95,   1e22,    5e-324, 1.7976931348623157e308,
      1e-17, 0.1, 123456789, 1e15, 0.0001, 0.00001, 1 / 3.0, 0.375,  2.2250738585072014e-308};
  static const char *const forms[] = {"%f",  "%.0f",    "%.3f",    "%e",    "%.0e",    "%g",   "%.17g", "%a",
                                      "%#g", "%+10.2f", "%-9.1e|", "%.30f", "%012.4f", "%.1a", "%#.0f", "%G"};
  for (size_t n = 0; n < COUNT(numbers); n++)
    for (size_t f = 0; f < COUNT(forms); f++) {
      printf(forms[f], numbers[n]), putchar(' ');
      printf(forms[f], -numbers[n]), putchar('\n');
    }
  printf("%5f %-5F| %+e %05g %LG\n", INFINITY, -INFINITY, INFINITY, -INFINITY, -2.5L);
}

static void arithmetic(void) {
  for (int i = 0; i < 200; i++) {
    double a = some_double(), b = i % 7 == 0 ? a : i % 5 == 0 ? a * (1 + 1e-15) : some_double();
    float x = (float)a, y = (float)b;
    show(a + b), show(a - b), show(a * b), show(a / b);
    show_float(x + y), show_float(x - y), show_float(x * y), show_float(x / y);
    printf("%d%d%d%d%d%d ", a<b, a <= b, a> b, a >= b, a == b, a != b);
    printf("%d%d%d%d%d%d\n", x<y, x <= y, x> y, x >= y, x == y, x != y);
  }
}

static void integers(void) {
  for (int i = 0; i < 100; i++) {
    int64_t n = (int64_t)chance() >> chance() % 60;
    double d = some_double();
    show((double)n), show((double)(uint64_t)n), show((double)(int32_t)n), show((double)(uint32_t)n);
    show_float((float)n), show_float((float)(uint64_t)n), show_float((float)(int32_t)n);
    if (fabs(d) < 2e9) printf("%d %d ", (int)d, (int)(float)d);
    if (fabs(d) < 9e18) printf("%lld %lld ", (long long)d, (long long)(float)d);
    if (d >= 0 && d < 4e9) printf("%u ", (unsigned)d);
    if (d >= 0 && d < 1.8e19) printf("%llu", (unsigned long long)d);
    putchar('\n');
  }
}

static void read_one(const char *text) {
  char *end;
  show(strtod(text, &end)), printf("%d ", (int)(end - text));
  show_float(strtof(text, &end)), printf("%d %s\n", (int)(end - text), text);
}

static void texts(void) {
  static const char *const all[] = {"0",
                                    "-0",
                                    "  +12.5e3x",
                                    "1.8e308",
                                    "1e400",
                                    "1e-400",
                                    "4.9e-324",
                                    "2.4703282292062327e-324",
                                    ".5.5",
                                    "e5",
                                    ".",
                                    "2.4703282292062328e-324",
                                    "0x1.8p3",
                                    "0x.1",
                                    "0x1p-1074",
                                    "0x1.fffffffffffff8p1023",
                                    "inf",
                                    "-Infinity",
                                    "nan",
                                    "1e",
                                    "1e+",
                                    "0x",
                                    "9007199254740993",
                                    "9007199254740992.9999999999999999999999999",
                                    "7.0064923216240854e-46",
                                    "9007199254740993.0000000000000000000000000001",
                                    "1.00000005960464477539062500000000001",
                                    "3.4028235677973366e38",
                                    "1.000000059604644775390625",
                                    "0000000000000.000000000000000012",
                                    "100000000000000000000000000000000e-38"};
  for (size_t i = 0; i < COUNT(all); i++) read_one(all[i]);
  for (int i = 0; i < 60; i++) {
    char text[100];
    unsigned long long whole = chance(), fraction = chance();
    int exponent = (int)(chance() % 640) - 340;
    snprintf(text, sizeof text, "%llu.%llue%d", whole, fraction, exponent);
    read_one(text);
    snprintf(text, sizeof text, "%.*e", i % 25, some_double());
    read_one(text);
  }
}

static void scanning(void) {
  double d = -1;
  float f = -1;
  char c = '?';
  int n = -1, got = sscanf("3.25e1abc", "%lf%c%n", &d, &c, &n);
  printf("%d %f %c %d\n", got, d, c, n);
  got = sscanf("inf -.5", "%f%lf", &f, &d);
  printf("%d %f %f\n", got, f, d);
  got = sscanf("12345 0x1.8p1", "%3lf%f%lf", &d, &f, &d);
  printf("%d %f %f\n", got, d, f);
  printf("%d\n", sscanf("-.", "%lf", &d));
}

static void mathematics(void) {
  for (int i = 0; i < 120; i++) {
    double x = some_double(), y = some_double(), whole;
    int exponent;
    if (i % 3 == 0) x = (int)(chance() % 20000) / 2.0 - 5000, y = (int)(chance() % 1000) / 8.0;
    show(floor(x)), show(ceil(x)), show(trunc(x)), show(round(x)), show(rint(x)), show(fmod(x, y));
    show(sqrt(fabs(x))), show(modf(x, &whole)), show(whole), show(frexp(x, &exponent));
    printf("%d ", isfinite(x) ? exponent : 0);
    show(ldexp(x, (int)(chance() % 2200) - 1100)), show(copysign(x, y)), putchar('\n');
  }
}

int main(void) {
  formats();
  arithmetic();
  integers();
  texts();
  scanning();
  mathematics();
  return 0;
}
