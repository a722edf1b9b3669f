/* utf8.c - decodes UTF-8. */
#include <stdbool.h>

#include "utf8.h"

size_t pg32_utf8_decode(const void *bytes, size_t n, uint32_t *point) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; /* of a character of that length */
  const uint8_t *p = bytes;
  size_t length = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > n) return 0;
  uint32_t code = length == 1 ? *p : *p & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if (p[i] >> 6 != 2) return 0;
    code = code << 6 | (p[i] & 0x3F);
  }
  bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < least[length] || surrogate || code > 0x10FFFF) return 0;
  *point = code;
  return length;
}

size_t pg32_utf8_length(const char *text) {
  size_t n = 0;
  for (; *text; text++) n += ((uint8_t)*text >> 6) != 2;
  return n;
}
