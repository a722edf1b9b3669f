/* uchar.c - UTF-16 and UTF-32. A character beyond 0xFFFF is two char16_t, the first of which waits in the state. */
#include <errno.h>
#include <uchar.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

#define WAITS 0x80000000u /* in state->point: a second char16_t is to come, or was not yet fetched */

size_t mbrtoc32(char32_t *restrict to, const char *restrict s, size_t n, mbstate_t *restrict state) {
  static mbstate_t own;
  wchar_t wide = 0;
  size_t done = mbrtowc(&wide, s, n, state != NULL ? state : &own);
  if (to != NULL && s != NULL && done < (size_t)-2) *to = (char32_t)wide;
  return done;
}

size_t c32rtomb(char *restrict s, char32_t c, mbstate_t *restrict state) {
  return wcrtomb(s, (wchar_t)c, state);
}

size_t mbrtoc16(char16_t *restrict to, const char *restrict s, size_t n, mbstate_t *restrict state) {
  static mbstate_t own;
  wchar_t wide = 0;
  if (state == NULL) state = &own;
  if (state->point & WAITS) {
    if (to != NULL) *to = (char16_t)state->point;
    *state = (mbstate_t){0};
    return (size_t)-3;
  }
  size_t done = mbrtowc(&wide, s, n, state);
  if (to == NULL || s == NULL || done >= (size_t)-2) return done;
  *to = (char16_t)wide;
  if (wide > 0xFFFF) {
    *to = (char16_t)(0xD800 + ((wide - 0x10000) >> 10));
    state->point = WAITS | (0xDC00 + (wide & 0x3FF));
  }
  return done;
}

size_t c16rtomb(char *restrict s, char16_t c, mbstate_t *restrict state) {
  static mbstate_t own;
  if (state == NULL) state = &own;
  if (s == NULL) {
    *state = (mbstate_t){0};
    return 1;
  }
  const unsigned first = state->point & WAITS ? state->point & 0xFFFF : 0;
  *state = (mbstate_t){0};
  if (first == 0 && c >= 0xD800 && c < 0xDC00) {
    state->point = WAITS | c;
    return 0;
  }
  if (first != 0 && (c < 0xDC00 || c > 0xDFFF)) {
    errno = EILSEQ;
    return (size_t)-1;
  }
  return wcrtomb(s, first != 0 ? (wchar_t)(0x10000 + ((first & 0x3FF) << 10) + (c & 0x3FF)) : (wchar_t)c,
                 NULL);
}
