/* numbers.c - numbers and dates from wide texts and to them: those of bytes, since all their characters are below 128. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

/* The beginning of s, up to a character that no number has, in new memory. */
static char *beginning(const wchar_t *s) {
  size_t n = 0;
  while (s[n] > 0 && s[n] < 128) n++;
  char *text = malloc(n + 1);
  if (text == NULL) return NULL;
  for (size_t i = 0; i < n; i++) text[i] = (char)s[i];
  text[n] = '\0';
  return text;
}

/* `call` has the number from `text`, and moves `behind` there. */
#define FROM_TEXT(type, call)                             \
  char *text = beginning(s), *behind = text;              \
  type value = text != NULL ? call : 0;                   \
  if (end != NULL) *end = (wchar_t *)s + (behind - text); \
  free(text);                                             \
  return value

double wcstod(const wchar_t *restrict s, wchar_t **restrict end) { FROM_TEXT(double, strtod(text, &behind)); }
float wcstof(const wchar_t *restrict s, wchar_t **restrict end) { FROM_TEXT(float, strtof(text, &behind)); }
long double wcstold(const wchar_t *restrict s, wchar_t **restrict end) {
  FROM_TEXT(long double, strtold(text, &behind));
}
long wcstol(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(long, strtol(text, &behind, base));
}
long long wcstoll(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(long long, strtoll(text, &behind, base));
}
unsigned long wcstoul(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(unsigned long, strtoul(text, &behind, base));
}
unsigned long long wcstoull(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(unsigned long long, strtoull(text, &behind, base));
}
intmax_t wcstoimax(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(intmax_t, strtoll(text, &behind, base));
}
uintmax_t wcstoumax(const wchar_t *restrict s, wchar_t **restrict end, int base) {
  FROM_TEXT(uintmax_t, strtoull(text, &behind, base));
}

size_t wcsftime(wchar_t *restrict s, size_t size, const wchar_t *restrict format,
                const struct tm *restrict t) {
  char *narrow = __narrow(format), *text = malloc(size * 4 + 1);
  size_t n = narrow != NULL && text != NULL ? strftime(text, size * 4 + 1, narrow, t) : 0;
  const char *from = text;
  if (n > 0) n = mbsrtowcs(s, &from, size, NULL);
  bool fits = n > 0 && n != (size_t)-1 && from == NULL;
  free(narrow), free(text);
  return fits ? n : 0;
}
