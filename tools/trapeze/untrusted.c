/* untrusted.c - text from outside made fit to be shown or to be written into a file. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/utf8.h"
#include "trapeze.h"
#include "untrusted.h"

struct range {
  uint32_t from, to;
};

static bool in_ranges(uint32_t point, const struct range *range, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (point >= range[i].from && point <= range[i].to) return true;
  return false;
}

static bool is_noncharacter(uint32_t point) {
  return (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
}

/* ---- for people ---- */

/* Controls, and characters that are invisible or are not what they look like. */
static const struct range misleading[] = {
    {0, 8},           {11, 31},         {0x7F, 0x9F},      {0xAD, 0xAD},     {0x61C, 0x61C},
    {0x180E, 0x180E}, {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F}, {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF}};

enum { LONGEST = 12 }; /* \u{10FFFF}, and its NUL */

static size_t show(char *to, const uint8_t *p, size_t n, size_t *taken) {
  uint32_t code = 0;
  *taken = pg32_utf8_decode(p, n, &code);
  bool bad = in_ranges(code, misleading, sizeof misleading / sizeof *misleading) || (code & 0xFFFE) == 0xFFFE;
  if (*taken && !bad) {
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
  while (n < size && n > 0 && n + 3 > most && p[n] >> 6 == 2) n--; /* do not cut a character in two */
  char *text = must(malloc(n * LONGEST + 64));
  for (size_t i = 0; i < n; i += taken) length += show(text + length, p + i, n - i, &taken);
  text[length] = 0;
  if (n < size) snprintf(text + length, 64, "\n... %zu bytes more", size - n);
  return must(realloc(text, strlen(text) + 1));
}

char *printable_name(const char *name) {
  char *line = must(malloc(strlen(name) * LONGEST + 1)), *to = line;
  for (size_t n = strlen(name), i = 0, taken; i < n; i += taken) {
    bool plain = !strchr("\n\t\\", name[i]);
    taken = 1;
    to += plain ? (ptrdiff_t)show(to, (const uint8_t *)name + i, n - i, &taken)
                : sprintf(to, "\\x%02x", (uint8_t)name[i]);
  }
  *to = 0;
  return line;
}

/* ---- for file formats ---- */

/* Controls other than newline and tab, direction marks, and the two other kinds of newline. Invisible
 * characters stay: an emoji in a lab's title needs them. */
static const struct range forbidden[] = {{0, 8},           {11, 31},         {0x7F, 0x9F},
                                         {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069}};

/* Would a build server that shows the text obey what begins here? GitHub's obeys lines that begin with `::`,
 * however far they are indented, and `##[` anywhere; Azure's `##vso[`, TeamCity's `##teamcity[`. */
static bool is_command(const char *text, const char *at) {
  if (strncmp(at, "##", 2) == 0) return at[2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz")] == '[';
  if (strncmp(at, "::", 2) != 0) return false;
  while (at > text && (strchr(" \t", at[-1]) || (uint8_t)at[-1] >= 0x80)) at--; /* there are other blanks */
  return at == text || at[-1] == '\n';
}

char *text_clean(const char *text) {
  static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
  const char *from = text ? text : "", *start = from, *end = from + strlen(from);
  char *clean = must(malloc(3 * (size_t)(end - from) + 1)), *to = clean;
  while (from < end) {
    if (is_command(start, from)) *to++ = *from++, *to++ = '\\'; /* two signs for two, so there is room */
    uint32_t point = 0;
    size_t length = pg32_utf8_decode(from, (size_t)(end - from), &point);
    bool good = length && !is_noncharacter(point) &&
                !in_ranges(point, forbidden, sizeof forbidden / sizeof *forbidden);
    size_t n = good ? length : sizeof replacement - 1;
    memcpy(to, good ? from : replacement, n);
    to += n;
    from += length ? length : 1;
  }
  *to = 0;
  return clean;
}

char *text_line(const char *text) {
  char *line = text_clean(text);
  for (char *c = line; *c; c++)
    if (*c == '\n' || *c == '\t') *c = ' ';
  return line;
}
