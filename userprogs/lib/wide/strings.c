/* strings.c - texts of wide characters. */
#include <string.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

size_t wcslen(const wchar_t *s) {
  size_t n = 0;
  while (s[n] != 0) n++;
  return n;
}

wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] = from[i];
  return to;
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n) {
  if (to <= from) return wmemcpy(to, from, n);
  while (n-- > 0) to[n] = from[n];
  return to;
}

wchar_t *wmemset(wchar_t *s, wchar_t c, size_t n) {
  for (size_t i = 0; i < n; i++) s[i] = c;
  return s;
}

wchar_t *wmemchr(const wchar_t *s, wchar_t c, size_t n) {
  for (; n > 0; n--, s++)
    if (*s == c) return (wchar_t *)s;
  return NULL;
}

static int compare(const wchar_t *a, const wchar_t *b, size_t n, bool text) {
  for (; n > 0; n--, a++, b++) {
    if (*a != *b) return *a < *b ? -1 : 1;
    if (text && *a == 0) break;
  }
  return 0;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n) { return compare(a, b, n, false); }
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n) { return compare(a, b, n, true); }
int wcscmp(const wchar_t *a, const wchar_t *b) { return compare(a, b, SIZE_MAX, true); }

wchar_t *wcscpy(wchar_t *restrict to, const wchar_t *restrict from) {
  return wmemcpy(to, from, wcslen(from) + 1);
}

wchar_t *wcsncpy(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {
  size_t i = 0;
  for (; i < n && from[i] != 0; i++) to[i] = from[i];
  for (; i < n; i++) to[i] = 0;
  return to;
}

wchar_t *wcscat(wchar_t *restrict to, const wchar_t *restrict from) {
  wcscpy(to + wcslen(to), from);
  return to;
}

wchar_t *wcsncat(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {
  wchar_t *end = to + wcslen(to);
  for (; n > 0 && *from != 0; n--) *end++ = *from++;
  *end = 0;
  return to;
}

wchar_t *wcschr(const wchar_t *s, wchar_t c) { return wmemchr(s, c, wcslen(s) + 1); }

wchar_t *wcsrchr(const wchar_t *s, wchar_t c) {
  for (size_t n = wcslen(s) + 1; n > 0; n--)
    if (s[n - 1] == c) return (wchar_t *)s + n - 1;
  return NULL;
}

wchar_t *wcsstr(const wchar_t *s, const wchar_t *part) {
  const size_t n = wcslen(part);
  for (; compare(s, part, n, true) != 0; s++)
    if (*s == 0) return NULL;
  return (wchar_t *)s;
}

/* How many characters at the start are of the set, or are not. */
static size_t span(const wchar_t *s, const wchar_t *set, bool in) {
  size_t n = 0;
  while (s[n] != 0 && (wmemchr(set, s[n], wcslen(set)) != NULL) == in) n++;
  return n;
}

size_t wcsspn(const wchar_t *s, const wchar_t *set) { return span(s, set, true); }
size_t wcscspn(const wchar_t *s, const wchar_t *set) { return span(s, set, false); }

wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set) {
  s += span(s, set, false);
  return *s != 0 ? (wchar_t *)s : NULL;
}

int wcscoll(const wchar_t *a, const wchar_t *b) { return wcscmp(a, b); }

size_t wcsxfrm(wchar_t *restrict to, const wchar_t *restrict from, size_t n) {
  size_t length = wcslen(from);
  if (length < n) wmemcpy(to, from, length + 1);
  return length;
}

wchar_t *wcstok(wchar_t *restrict s, const wchar_t *restrict separators, wchar_t **restrict rest) {
  if (s == NULL) s = *rest;
  if (s == NULL) return NULL;
  s += wcsspn(s, separators);
  *rest = NULL;
  if (*s == 0) return NULL;
  wchar_t *end = s + wcscspn(s, separators);
  if (*end != 0) *end = 0, *rest = end + 1;
  return s;
}

size_t wcsnlen(const wchar_t *s, size_t most) {
  size_t n = 0;
  while (n < most && s[n] != 0) n++;
  return n;
}

wchar_t *wcsdup(const wchar_t *s) {
  size_t bytes = (wcslen(s) + 1) * sizeof *s;
  wchar_t *copy = program_malloc(bytes);
  return copy != NULL ? memcpy(copy, s, bytes) : NULL;
}
