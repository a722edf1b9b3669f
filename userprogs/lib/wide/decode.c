/* decode.c - wide characters from UTF-8. What is no UTF-8 (a code point in more bytes than it needs, a surrogate, more
 * than 0x10FFFF) is EILSEQ. */
#include <errno.h>
#include <wchar.h>
#include "userprogs/lib/internal.h"

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
        (state->left == 0 &&
         !(state->point < 0x110000 && (state->point < 0xD800 || state->point > 0xDFFF)))) {
      *state = (mbstate_t){0};
      errno = EILSEQ;
      return (size_t)-1;
    }
    if (state->left != 0) continue;
    if (wide != NULL) *wide = (wchar_t)state->point;
    return state->point != 0 ? i + 1 : 0;
  }
  return (size_t)-2;
}
