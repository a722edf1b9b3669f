/* seed.c - a student's own numbers and words. A hash of the student and of the seed's text chooses them, so nothing
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
  uint64_t from, to; /* of words: 0 and the index of the last */
  const char *words; /* the first of them; NULL when these are numbers */
  size_t bytes;      /* of the whole text of it */
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

static bool numbers_at(const char **at, struct seed *s) {
  const char *from = *at;
  *at += strspn(*at, " ");
  if (number_at(at, &s->from) && literal_at(at, "..") && number_at(at, &s->to) && literal_at(at, "}"))
    return s->from <= s->to;
  *at = from;
  return false;
}

/* Two words at least. Any character may be part of a word but `|`, braces, and the end of the line. */
static bool words_at(const char **at, struct seed *s) {
  s->words = *at;
  for (s->from = s->to = 0;; s->to++) {
    *at += strcspn(*at, "|{}\n");
    if (**at != '|') break;
    ++*at;
  }
  return s->to > 0 && literal_at(at, "}");
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
  at += strspn(at, " "); /* as clang-format writes it: {seed.NAME : A..B} */
  bool good = literal_at(&at, ":") && (numbers_at(&at, s) || words_at(&at, s));
  s->bytes = (size_t)(at - text);
  return good;
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

/* Appends word `index`; \n in it is a new line. */
static void append_word(struct bytes *out, const char *word, uint64_t index) {
  for (; index; index--) word += strcspn(word, "|") + 1;
  for (size_t n = strcspn(word, "|}"); n; n--, word++) {
    bool newline = n > 1 && word[0] == '\\' && word[1] == 'n';
    bytes_append(out, newline ? "\n" : word, 1);
    if (newline) n--, word++;
  }
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
    uint64_t chosen = choose(&s, student);
    if (s.words) {
      append_word(&out, s.words, chosen);
      continue;
    }
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)chosen);
    bytes_append(&out, digits, (size_t)n);
  }
  bytes_append(&out, text, strlen(text) + 1);
  return (char *)out.data;
}

void seed_fill_in(const char *student, const char *path, struct bytes *content) {
  const char *wrong = NULL;
  if (content->size == 0 || memchr(content->data, 0, content->size)) return; /* not a text */
  bytes_append(content, "", 1);
  char *filled = seed_expand((char *)content->data, student, &wrong);
  if (!filled) {
    unsigned line = 1;
    for (const char *at = (char *)content->data; at < wrong; at++) line += *at == '\n';
    die(SEED_BROKEN, "%s:%u: " SEED_EXPECTED, path, line);
  }
  free(content->data);
  *content = (struct bytes){(uint8_t *)filled, strlen(filled)};
}
