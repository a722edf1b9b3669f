/* utf8.c - between wide characters and UTF-8. What is no UTF-8 (a code point in more bytes than it needs, a surrogate,
 * more than 0x10FFFF) is EILSEQ: see decode.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

#define INVALID ((size_t)-1)
#define INCOMPLETE ((size_t)-2)

static size_t invalid(void) {
  errno = EILSEQ;
  return INVALID;
}

size_t mbrlen(const char *restrict s, size_t n, mbstate_t *restrict state) {
  static mbstate_t own;
  return mbrtowc(NULL, s, n, state != NULL ? state : &own);
}

size_t wcrtomb(char *restrict s, wchar_t wide, mbstate_t *restrict state) {
  (void)state;
  if (s == NULL) return 1;
  size_t n = __encode(s, (unsigned)wide);
  return n > 0 ? n : invalid();
}

int mbsinit(const mbstate_t *state) { return state == NULL || state->left == 0; }
wint_t btowc(int c) { return c >= 0 && c < 0x80 ? (wint_t)c : WEOF; }
int wctob(wint_t c) { return c < 0x80 ? (int)c : EOF; }

/* With `to` NULL only the length counts, and `n` does not. */
size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t n, mbstate_t *restrict state) {
  mbstate_t own = {0};
  const char *s = *from;
  for (size_t i = 0; to == NULL || i < n; i++) {
    wchar_t wide;
    size_t bytes = mbrtowc(&wide, s, 4, state != NULL ? state : &own);
    if (bytes == INVALID || bytes == INCOMPLETE) {
      if (to != NULL) *from = s;
      return invalid();
    }
    if (to != NULL) to[i] = wide;
    if (bytes == 0) {
      if (to != NULL) *from = NULL;
      return i;
    }
    s += bytes;
  }
  *from = s;
  return n;
}

size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t n, mbstate_t *restrict state) {
  const wchar_t *s = *from;
  size_t length = 0;
  char bytes[4];
  for (;; s++) {
    size_t more = wcrtomb(bytes, *s, state);
    if (more == INVALID) {
      if (to != NULL) *from = s;
      return INVALID;
    }
    if (to != NULL && more > n - length) break;
    for (size_t i = 0; to != NULL && i < more; i++) to[length + i] = bytes[i];
    if (*s == 0) {
      if (to != NULL) *from = NULL;
      return length;
    }
    length += more;
  }
  *from = s;
  return length;
}

/* ---- the same without a state ---- */

int mbtowc(wchar_t *restrict wide, const char *restrict s, size_t n) {
  mbstate_t state = {0};
  if (s == NULL) return 0; /* there are no shifts to be in */
  size_t bytes = mbrtowc(wide, s, n, &state);
  if (bytes == INCOMPLETE) invalid();
  return bytes < INCOMPLETE ? (int)bytes : -1;
}

int wctomb(char *s, wchar_t wide) { return s == NULL ? 0 : (int)wcrtomb(s, wide, NULL); }
int mblen(const char *s, size_t n) { return mbtowc(NULL, s, n); }

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t n) {
  const char *p = from;
  return mbsrtowcs(to, &p, n, NULL);
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t n) {
  const wchar_t *p = from;
  return wcsrtombs(to, &p, n, NULL);
}
