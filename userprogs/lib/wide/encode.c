/* encode.c - UTF-8 from a wide character. */
#include "userprogs/lib/internal.h"

size_t __encode(char *to, unsigned c) {
  if (c >= 0x110000 || (c >= 0xD800 && c <= 0xDFFF)) return 0;
  if (c < 0x80) {
    *to = (char)c;
    return 1;
  }
  const unsigned more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  *to++ = (char)((0xFF00 >> (more + 1)) | c >> 6 * more);
  for (unsigned i = more; i > 0; i--) *to++ = (char)(0x80 | (c >> 6 * (i - 1) & 0x3F));
  return more + 1;
}
