/* seed.c - a student's own numbers. A hash of the student and of the seed's text chooses them, so nothing
 * needs to be stored. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seed.h"
#include "tools/trapeze/trapeze.h"

#define OPENING "{seed"

struct seed {
  const char *name;
  size_t name_bytes;
  uint64_t from, to;
  size_t bytes; /* of the whole text of it */
};

static bool number_at(const char **at, uint64_t *value) {
  char *end;
  if (**at < '0' || **at > '9' || (**at == '0' && (*at)[1] >= '0' && (*at)[1] <= '9')) return false;
  *value = strtoull(*at, &end, 0);
  *at = end;
  return *value <= UINT32_MAX;
}

static bool literal_at(const char **at, const char *literal) {
  size_t n = strlen(literal);
  if (strncmp(*at, literal, n) != 0) return false;
  *at += n;
  return true;
}

static bool seed_at(const char *text, struct seed *s) {
  const char *at = text;
  *s = (struct seed){.name = ""};
  if (!literal_at(&at, OPENING)) return false;
  if (literal_at(&at, ".")) {
    s->name = at;
    s->name_bytes = strcspn(at, ":{} ");
    at += s->name_bytes;
    if (s->name_bytes == 0) return false;
  }
  bool good = literal_at(&at, ":") && number_at(&at, &s->from) && literal_at(&at, "..") &&
              number_at(&at, &s->to) && literal_at(&at, "}");
  s->bytes = (size_t)(at - text);
  return good && s->from <= s->to;
}

static uint64_t mix(uint64_t hash, const void *data, size_t n) {
  for (const uint8_t *p = data; n--; p++) hash = (hash ^ *p) * UINT64_C(0x100000001B3);
  return hash;
}

static uint64_t choose(const struct seed *s, const char *student) {
  if (strcmp(student, SEED_LEAST) == 0) return s->from;
  if (strcmp(student, SEED_MOST) == 0) return s->to;
  uint64_t hash = mix(UINT64_C(0xCBF29CE484222325), student, strlen(student) + 1);
  hash = mix(hash, s->name, s->name_bytes);
  hash ^= hash >> 32;
  hash *= UINT64_C(0xD6E8FEB86659FD93); /* the last characters reach every bit */
  hash ^= hash >> 32;
  return s->from + hash % (s->to - s->from + 1);
}

char *seed_expand(const char *text, const char *student, const char **wrong) {
  struct bytes out = {0};
  char digits[24];
  struct seed s;
  for (const char *next; (next = strstr(text, OPENING)); text = next + s.bytes) {
    bytes_append(&out, text, (size_t)(next - text));
    if (!seed_at(next, &s)) {
      free(out.data);
      *wrong = next;
      return NULL;
    }
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)choose(&s, student));
    bytes_append(&out, digits, (size_t)n);
  }
  bytes_append(&out, text, strlen(text) + 1);
  return (char *)out.data;
}
