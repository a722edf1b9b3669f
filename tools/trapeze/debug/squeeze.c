/* squeeze.c - bytes in which much comes again: a repetition becomes its length and its distance (Lempel and Ziv, 1977).
 *
 * The result is a row of: how many bytes are new, these bytes; how many come again, how far back they are. Numbers
 * have seven bits a byte, the lowest first. The last repetition has length 0 and no distance. */
#include <string.h>

#include "notes.h"

enum { LEAST = 5, BITS = 12 }; /* bytes of a repetition that pays; of the table of places */

static size_t put_number(uint8_t *to, size_t number) {
  size_t n = 0;
  for (; number >= 0x80; number >>= 7) to[n++] = (uint8_t)(number | 0x80);
  to[n++] = (uint8_t)number;
  return n;
}

static size_t get_number(const uint8_t **from) {
  size_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const uint8_t byte = *(*from)++;
    number |= (size_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return number;
  }
}

static uint32_t place_of(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word * 2654435761u >> (32 - BITS);
}

static size_t put_new(uint8_t *to, const uint8_t *from, size_t n) {
  const size_t used = put_number(to, n);
  memcpy(to + used, from, n);
  return used + n;
}

size_t squeeze(const uint8_t *from, size_t n, uint8_t *to) {
  uint32_t last[1 << BITS] = {0}; /* by the next four bytes: 1 + where they were last */
  size_t used = 0, told = 0;
  for (size_t at = 0; at + LEAST <= n;) {
    uint32_t *place = &last[place_of(from + at)];
    const size_t before = *place;
    *place = (uint32_t)at + 1;
    size_t same = 0;
    while (before && at + same < n && from[before - 1 + same] == from[at + same]) same++;
    if (same < LEAST) {
      at++;
      continue;
    }
    used += put_new(to + used, from + told, at - told);
    used += put_number(to + used, same);
    used += put_number(to + used, at - (before - 1));
    told = at += same;
  }
  used += put_new(to + used, from + told, n - told);
  return used + put_number(to + used, 0);
}

size_t unsqueeze(const uint8_t *from, size_t n, uint8_t *to) {
  const uint8_t *const end = from + n;
  uint8_t *at = to;
  while (from < end) {
    const size_t fresh = get_number(&from);
    memcpy(at, from, fresh);
    at += fresh, from += fresh;
    const size_t same = get_number(&from), back = same ? get_number(&from) : 0;
    for (size_t i = 0; i < same; i++, at++) *at = at[-(ptrdiff_t)back]; /* may overlap */
  }
  return (size_t)(at - to);
}
