/* wide.c - wide characters, pipes to commands, complex numbers. What clang's or gcc's C library prints, ours prints. */
#include <errno.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>
#include <wchar.h>

static void texts(void) {
  const wchar_t text[] = L"hello $$ \u4f60\u597d \u00a2\u20ac \U0001F600 world";
  wchar_t buffer[40];
  for (const wchar_t *p = text; *p != 0; p++) printf("%04X ", (unsigned)*p);
  printf("\n%zu %zu %zu\n", wcslen(text), wcsspn(text, L"ehlo"), wcscspn(text, L"\u20ac"));
  wcscpy(buffer, L"one"), wcscat(buffer, L"two"), wcsncat(buffer, L"threefour", 5);
  printf("%d %d %d\n", wcscmp(buffer, L"onetwothree"), wcscmp(L"a", L"b") < 0, wcsncmp(L"abc", L"abd", 2));
  printf("%td %td %td %d\n", wcschr(text, L'w') - text, wcsrchr(text, L'o') - text,
         wcsstr(text, L"world") - text, wcsstr(text, L"nothing") == NULL);
  wmemset(buffer, L'x', 5), wmemmove(buffer + 1, L"abc", 3), buffer[5] = 0;
  wmemmove(buffer + 1, buffer, 4);
  for (const wchar_t *p = buffer; *p != 0; p++) putchar((char)*p);
  printf(" %d %td\n", wmemcmp(buffer, L"xxab", 4), wcspbrk(buffer, L"cb") - buffer);
}

/* Only what the C locale has, too: bytes below 128. */
static void bytes(void) {
  mbstate_t state = {0};
  wchar_t wide[10];
  char narrow[10];
  const char *from = "plain";
  size_t n = mbsrtowcs(wide, &from, 10, &state);
  printf("%zu %d\n", n, from == NULL);
  n = wcstombs(narrow, wide, sizeof narrow);
  printf("%zu %s\n", n, narrow);
  int one = mbtowc(wide, "xy", 2), other = wctomb(narrow, L'z');
  printf("%d %d %d %d %d\n", one, (int)wide[0], other, narrow[0], mblen("", 1));
  printf("%d %d %zu %d\n", btowc('a'), wctob(L'b'), mbstowcs(NULL, "abc", 0),
         mbrlen("a", 0, &state) == (size_t)-2);
}

/* UTF-8, right and wrong; the host needs a locale for it. */
static void utf8(void) {
  static const char *const samples[] = {
      "\xc2\xa2", "\xe4\xbd\xa0", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "a\xc3",
      "\xdf\xbf", "\xe0\xa0\x80", "\xf0\x90\x80\x80", "\xc0\x80",         "\xff",
      "\x80",     "\xe0\x80\x80", "\xed\xa0\x80"};
  setlocale(LC_CTYPE, "C.UTF-8");
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    mbstate_t state = {0};
    wchar_t wide = 0;
    char back[8] = "";
    int n = (int)mbrtowc(&wide, samples[i], strlen(samples[i]), &state);
    if (n > 0) n += 10 * (int)wcrtomb(back, wide, &state);
    printf("%d %x %d\n", n, (unsigned)wide, memcmp(back, samples[i], n > 0 ? n % 10 : 0));
  }
  const wchar_t *text = L"\u20ac\u00e9\U00010000";
  char narrow[20] = "";
  int length = (int)wcsrtombs(narrow, &text, sizeof narrow, NULL);
  printf("%d %s\n", length, narrow);
}

static void commands(void) {
  char line[100];
  FILE *f = popen("echo one; echo two; exit 3", "r");
  while (f != NULL && fgets(line, sizeof line, f)) printf("read %s", line);
  int status = pclose(f);
  printf("%d %d\n", WIFEXITED(status), WEXITSTATUS(status));
  fflush(stdout);
  f = popen("cat", "w");
  fprintf(f, "written %d\n", 42);
  printf("%d\n", pclose(f));
  f = popen("true", "x");
  printf("%d %d\n", f == NULL, errno == EINVAL);
}

/* Without the signs of zeros and of what is no number, about which the libraries differ. */
static void show(double _Complex z) {
  const double real = __real__ z, imaginary = __imag__ z;
  if (real != real || imaginary != imaginary)
    printf(" %d %d", real != real, imaginary != imaginary);
  else
    printf(" %g%+gi", real + 0.0, imaginary + 0.0);
}

/* The operands are volatile, so that the compiler computes nothing itself. */
static void complex_numbers(void) {
  static const double parts[] = {0.0, 1.0, -2.5, 1e200, 1e-200, __builtin_inf()};
  for (int i = 0; i < 36; i++)
    for (int j = 0; j < 36; j++) {
      volatile double a = parts[i / 6], b = parts[i % 6], c = parts[j / 6], d = parts[j % 6];
      double _Complex x, y;
      __real__ x = a, __imag__ x = b, __real__ y = c, __imag__ y = d;
      if ((i + j) % 7 == 0 && (c != 0 || d != 0) && c < 1e100 && d < 1e100 && a < 1e100 && b < 1e100)
        show(x / y);
      if ((i + j) % 5 == 0) show(x * y);
    }
  volatile float p = 3, q = -4;
  float _Complex f, g;
  __real__ f = p, __imag__ f = q, __real__ g = q, __imag__ g = p;
  show((double _Complex)(f * g)), show((double _Complex)(f / g));
  volatile long double r = 5;
  long double _Complex h;
  __real__ h = r, __imag__ h = -r;
  show((double _Complex)(h * h)), show((double _Complex)(h / h));
  putchar('\n');
}

int main(void) {
  texts();
  bytes();
  utf8();
  commands();
  complex_numbers();
  volatile int n = -5, m = 0x00ffffff;
  volatile long long l = -1;
  printf("%d %d %d\n", __builtin_clrsb(n), __builtin_clrsb(m), __builtin_clrsbll(l));
  volatile unsigned long long odd = 0x8000000000000003, even = 0x8000000000000001;
  printf("%d %d\n", __builtin_parityll(odd), __builtin_parityll(even));
  int status = utime("/nothing/there", NULL);
  printf("%d %d\n", status, errno == ENOENT);
  return 0;
}
