/* words.c - text from outside made fit to be shown. */
#include "words.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/trapeze.h"

/* ---- UTF-8 ---- */

/* The length of the character at p, 0 if it is none (cut off, overlong, a surrogate, beyond Unicode). */
static size_t character(const uint8_t *p, size_t n, uint32_t *code) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  size_t length = *p < 0x80 ? 1 : *p >> 5 == 6 ? 2 : *p >> 4 == 14 ? 3 : *p >> 3 == 30 ? 4 : 0;
  if (length == 0 || length > n) return 0;
  *code = length == 1 ? *p : *p & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) {
    if (p[i] >> 6 != 2) return 0;
    *code = *code << 6 | (p[i] & 0x3F);
  }
  bool surrogate = *code >= 0xD800 && *code < 0xE000;
  return *code < least[length] || surrogate || *code > 0x10FFFF ? 0 : length;
}

/* Characters that are not what they look like. */
static bool harmless(uint32_t code) {
  static const struct {
    uint32_t from, to;
  } bad[] = {{0, 8},           {11, 31},         {0x7F, 0x9F},      {0xAD, 0xAD},     {0x61C, 0x61C},
             {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F}, {0xFE00, 0xFE0F},
             {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (code >= bad[i].from && code <= bad[i].to) return false;
  return (code & 0xFFFE) != 0xFFFE;
}

/* ---- showing ---- */

enum { LONGEST = 12 }; /* \u{10FFFF}, and the NUL behind it */

static size_t show(char *to, const uint8_t *p, size_t n, size_t *taken) {
  uint32_t code = 0;
  *taken = character(p, n, &code);
  if (*taken && harmless(code)) {
    memcpy(to, p, *taken);
    return *taken;
  }
  if (*taken > 1) return (size_t)snprintf(to, LONGEST, "\\u{%X}", (unsigned)code);
  *taken = 1;
  return (size_t)snprintf(to, LONGEST, "\\x%02x", *p);
}

char *printable(const void *bytes, size_t size, size_t most) {
  const uint8_t *p = bytes;
  size_t n = size < most ? size : most, length = 0, taken;
  while (n < size && n > 0 && n + 3 > most && p[n] >> 6 == 2) n--; /* not in the middle of a character */
  char *text = must(malloc(n * LONGEST + 64));
  for (size_t i = 0; i < n; i += taken) length += show(text + length, p + i, n - i, &taken);
  text[length] = 0;
  if (n < size) snprintf(text + length, 64, "\n... %zu bytes more", size - n);
  return must(realloc(text, strlen(text) + 1));
}

char *without(const char *text, const char *path) {
  char *copy = must(strdup(text));
  size_t n = strlen(path);
  for (char *at = copy; n && (at = strstr(at, path));) memmove(at, at + n, strlen(at + n) + 1);
  return copy;
}
