/* wide_streams.c - wide characters in streams, in formats and as numbers; the host's library in C.UTF-8 is the oracle
 * (tests/libc.t). */
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#define TEXT L"a\u00e9\u4f60\U0001F600z"

static void formats(void) {
  wchar_t to[40];
  wprintf(L"[%ls] [%8ls] [%-8ls] [%.3ls] [%s] [%9s] [%.2s] [%-9s]\n", TEXT, TEXT, TEXT, TEXT, "a\u00e9\u4f60",
          "a\u00e9\u4f60", "a\u00e9\u4f60", "a\u00e9\u4f60");
  wprintf(L"[%lc] [%3lc] [%c] [%-3c] \u20ac%d %5.2f %#x %%\n", (wint_t)0x20ac, (wint_t)0x4f60, 'x', 'y', 42,
          2.5, 255);
  int n = swprintf(to, 40, L"%ls|%s|%d", TEXT, "\u00e9", 7);
  wprintf(L"%d %ls", n, to);
  wprintf(L" %d\n", swprintf(to, 3, L"%d", 1234) < 0);
  wprintf(L"%d\n", swprintf(to, 5, L"%d", 1234));
  char narrow[40];
  n = snprintf(narrow, sizeof narrow, "[%ls] [%.4ls] [%9ls] [%lc]", L"a\u00e9z", L"a\u00e9\u4f60z",
               L"a\u00e9z", (wint_t)0xe9);
  wprintf(L"%d %s\n", n, narrow);
  errno = 0;
  n = snprintf(narrow, sizeof narrow, "%ls", L"ab\xD800");
  wprintf(L"%d %d\n", n, errno == EILSEQ);
}

static void streams(void) {
  FILE *f = tmpfile();
  wchar_t line[20];
  if (f == NULL) return;
  wprintf(L"%d", fwide(f, 0));
  wprintf(L" %d", fwide(f, 1) > 0);
  wprintf(L" %d\n", fwide(f, -1) > 0);
  fputws(L"one \u00e9\n\u4f60\U0001F600\nlast", f);
  fputwc(L'\u20ac', f), putwc(L'!', f);
  fwprintf(f, L" %d %ls", 5, L"\u00fc");
  rewind(f);
  while (fgetws(line, 20, f) != NULL) wprintf(L"<%ls>", line);
  rewind(f);
  for (wint_t c; (c = fgetwc(f)) != WEOF;) wprintf(L"%x ", (unsigned)c);
  wprintf(L"%d %d\n", feof(f) != 0, ferror(f) != 0);
  rewind(f);
  wint_t c = getwc(f);
  ungetwc(0x4f60, f);
  wprintf(L"%lc %lc", c, fgetwc(f));
  wprintf(L" %ls\n", fgetws(line, 4, f));
  fclose(f);
  char name[] = "/tmp/wideXXXXXX";
  int fd = mkstemp(name);
  if (fd < 0 || write(fd, "ab\xffz", 4) != 4 || lseek(fd, 0, SEEK_SET) != 0) return;
  unlink(name);
  f = fdopen(fd, "r"), errno = 0;
  wprintf(L"%lc", fgetwc(f)), wprintf(L"%lc", fgetwc(f));
  c = fgetwc(f);
  wprintf(L" %d %d %d\n", c == WEOF, errno == EILSEQ, ferror(f) != 0);
  fclose(f);
}

static void scanning(void) {
  wchar_t a[20] = L"", b[20] = L"", c[3] = L"";
  char s[20] = "", t[20] = "";
  int i = 0, n = 0;
  double d = 0;
  wprintf(L"%d ", swscanf(L"  12 \u00e9t\u00e9 3.5 rest", L"%d %ls %lf%n %s", &i, a, &d, &n, s));
  wprintf(L"%d %ls %g %d %s\n", i, a, d, n, s);
  wprintf(L"%d ", swscanf(L"\u4f60\u597dabc,\u00e9\u00e9x", L"%2lc%l[a-c],%l[\u00e8-\u00ea]%s", c, a, b, s));
  wprintf(L"%.2ls %ls %ls %s\n", c, a, b, s);
  wprintf(L"%d ", swscanf(L"\u4f60\u597d!", L"%1s%[^!]", s, t));
  wprintf(L"%s %s\n", s, t);
  wprintf(L"%d ", sscanf("\u00e9t\u00e9 xyz", "%ls %l[x-y]", a, b));
  wprintf(L"%ls %ls\n", a, b);
  FILE *f = tmpfile();
  if (f == NULL) return;
  fputws(L"7 \u20ac\u20acx 8", f);
  rewind(f);
  wprintf(L"%d ", fwscanf(f, L"%d %l[\u20ac]", &i, a));
  wprintf(L"%d %ls", i, a);
  wprintf(L" %lc\n", fgetwc(f));
  fclose(f);
}

static void numbers(void) {
  static const wchar_t *const texts[] = {
      L"42", L" -0x1fz", L"99999999999999999999", L"3.25e2\u20ac", L"", L"z", L"077", L"inf", L"-1"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    wchar_t *end;
    wprintf(L"%lld", wcstoll(texts[i], &end, 0)), wprintf(L" %d", (int)(end - texts[i]));
    wprintf(L" %llu", wcstoull(texts[i], &end, 10)), wprintf(L" %d", (int)(end - texts[i]));
    wprintf(L" %g", wcstod(texts[i], &end)), wprintf(L" %d", (int)(end - texts[i]));
    wprintf(L" %g %Lg %" PRIdMAX "\n", (double)wcstof(texts[i], NULL), wcstold(texts[i], NULL),
            wcstoimax(texts[i], &end, 16));
  }
  wchar_t text[40] = L"a,b;;\u00e9", *rest;
  for (wchar_t *p = wcstok(text, L",;", &rest); p != NULL; p = wcstok(NULL, L",;", &rest))
    wprintf(L"<%ls>", p);
  time_t t = 86400 * 400;
  wprintf(L" %zu", wcsftime(text, 40, L"%Y-%m-%d \u20ac %H", gmtime(&t))), wprintf(L" %ls", text);
  wprintf(L" %zu %d %zu\n", wcsxfrm(text, L"abc", 40), wcscoll(L"a", L"b") < 0, wcsnlen(L"abcd", 3));
}

static void classes(void) {
  static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "digit",  "graph", "lower",
                                      "print", "punct", "space", "upper", "xdigit", "none"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    unsigned long sum = 0;
    for (wint_t c = 0; c < 128; c++) sum = sum * 31 + (iswctype(c, wctype(names[i])) != 0);
    wprintf(L"%x ", (unsigned)sum);
  }
  for (wint_t c = 'X'; c < 'c'; c++)
    wprintf(L"%lc%lc%d%d", towlower(c), towctrans(c, wctrans("toupper")), iswalpha(c) != 0, iswpunct(c) != 0);
  wprintf(L" %d %d\n", iswalpha(WEOF), towupper(WEOF) == WEOF);
}

static void utf16(void) {
  static const char text[] = "z\u00e9\u4f60\U0001F600";
  mbstate_t state;
  char16_t two[8];
  size_t n = 0;
  memset(&state, 0, sizeof state);
  for (size_t at = 0; at < sizeof text;) {
    size_t done = mbrtoc16(&two[n++], text + at, sizeof text - at, &state);
    wprintf(L"%d:%x ", (int)done, two[n - 1]);
    if (done == 0) break;
    if (done != (size_t)-3) at += done;
  }
  char bytes[8];
  for (size_t i = 0; i < n; i++) wprintf(L"%d ", (int)c16rtomb(bytes, two[i], &state));
  char32_t four = 0;
  wprintf(L"%d", (int)mbrtoc32(&four, text + 6, 4, &state)), wprintf(L" %x", (unsigned)four);
  wprintf(L" %d\n", (int)c32rtomb(bytes, four, &state));
}

int main(void) {
  if (setlocale(LC_ALL, "C.UTF-8") == NULL) return 1;
  formats();
  streams();
  scanning();
  numbers();
  classes();
  utf16();
  return 0;
}
