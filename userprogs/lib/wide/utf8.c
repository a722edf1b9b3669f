/* utf8.c - between wide characters and UTF-8. What is no UTF-8 (a code point in more bytes than it needs, a surrogate,
 * more than 0x10FFFF) is EILSEQ. */
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

static bool is_point(unsigned c) { return c < 0x110000 && (c < 0xD800 || c > 0xDFFF); }

/* The first byte: how many bytes follow, and their bits so far. */
static bool begin(mbstate_t *state, unsigned char c) {
  const unsigned more = c < 0x80                ? 0
                        : c >= 0xC2 && c < 0xE0 ? 1
                        : (c & 0xF0) == 0xE0    ? 2
                        : c >= 0xF0 && c < 0xF5 ? 3
                                                : 4;
  if (more == 4) return false;
  state->left = more;
  state->point = more == 0 ? c : c & (0x3Fu >> more);
  return true;
}

/* One more byte. The second byte rules out code points in too many bytes: 0x80 - 0x7FF in three, up to 0xFFFF in four. */
static bool go_on(mbstate_t *state, unsigned char c) {
  if ((c & 0xC0) != 0x80) return false;
  const bool second_of_long = (state->left == 2 || state->left == 3) && state->point < 0x10;
  if (second_of_long && state->left == 2 && state->point == 0 && c < 0xA0) return false;
  if (second_of_long && state->left == 3 && state->point == 0 && c < 0x90) return false;
  state->point = state->point << 6 | (c & 0x3F);
  state->left--;
  return true;
}

size_t mbrtowc(wchar_t *restrict wide, const char *restrict s, size_t n, mbstate_t *restrict state) {
  static mbstate_t own;
  if (state == NULL) state = &own;
  if (s == NULL) wide = NULL, s = "", n = 1;
  for (size_t i = 0; i < n; i++) {
    const unsigned char c = (unsigned char)s[i];
    if (!(state->left == 0 ? begin(state, c) : go_on(state, c)) ||
        (state->left == 0 && !is_point(state->point))) {
      *state = (mbstate_t){0};
      return invalid();
    }
    if (state->left != 0) continue;
    if (wide != NULL) *wide = (wchar_t)state->point;
    return state->point != 0 ? i + 1 : 0;
  }
  return INCOMPLETE;
}

size_t mbrlen(const char *restrict s, size_t n, mbstate_t *restrict state) {
  static mbstate_t own;
  return mbrtowc(NULL, s, n, state != NULL ? state : &own);
}

size_t wcrtomb(char *restrict s, wchar_t wide, mbstate_t *restrict state) {
  const unsigned c = (unsigned)wide;
  (void)state;
  if (s == NULL) return 1;
  if (!is_point(c)) return invalid();
  if (c < 0x80) {
    *s = (char)c;
    return 1;
  }
  const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  *s++ = (char)((0xFF00 >> (more + 1)) | c >> 6 * more);
  for (unsigned i = more; i > 0; i--) *s++ = (char)(0x80 | (c >> 6 * (i - 1) & 0x3F));
  return more + 1;
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
