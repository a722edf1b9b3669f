/* prints.c - fingerprints of sources, by winnowing: Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms
 * for Document Fingerprinting", SIGMOD 2003.
 *
 * A source becomes a row of tokens. Each SIMILAR_TOKENS of them in a row have a hash, and of each SIMILAR_WINDOW
 * hashes in a row the least is a fingerprint. So a copied part has the same fingerprints, wherever it stands. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "similar.h"
#include "tools/trapeze/grade/build/digest.h"

struct token {
  uint64_t hash;
  unsigned line;
};

struct tokens {
  struct token *token;
  size_t n, room;
};

static void add(struct tokens *t, const char *text, size_t n, unsigned line) {
  if (t->n == t->room) {
    t->room = t->room ? 2 * t->room : 256;
    t->token = must(realloc(t->token, t->room * sizeof *t->token));
  }
  t->token[t->n++] = (struct token){digest_add(DIGEST_NONE, text, n), line};
}

static bool is_letter(char c) { return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$'; }

/* Names can be changed at will, those of the headers' constants cannot. */
static bool is_constant(const char *word, size_t n) {
  bool upper = false;
  for (size_t i = 0; i < n; i++) {
    if (islower((unsigned char)word[i])) return false;
    upper |= isupper((unsigned char)word[i]) != 0;
  }
  return upper && n > 2;
}

/* The length of the comment at `at`; 0 when there is none. */
static size_t comment(const char *at, bool assembly, bool begins_line) {
  if (strncmp(at, "/*", 2) == 0) {
    const char *end = strstr(at + 2, "*/");
    return end ? (size_t)(end + 2 - at) : strlen(at);
  }
  bool to_end = strncmp(at, "//", 2) == 0 || (assembly && *at == '#') || (begins_line && *at == '#');
  return to_end ? strcspn(at, "\n") : 0;
}

static size_t quoted(const char *at) {
  size_t n = 1;
  while (at[n] && at[n] != *at && at[n] != '\n') n += 1 + (at[n] == '\\' && at[n + 1]);
  return n + (at[n] == *at);
}

static size_t word_at(struct tokens *t, const char *at, unsigned line, bool mnemonic) {
  size_t n = 0;
  while (is_letter(at[n])) n++;
  if (isdigit((unsigned char)*at))
    add(t, "0", 1, line);
  else if (mnemonic || is_constant(at, n))
    add(t, at, n, line);
  else
    add(t, "i", 1, line);
  return n;
}

static struct tokens tokens_of(const char *text, bool assembly) {
  struct tokens t = {0};
  unsigned line = 1;
  bool first = true; /* no token yet in this line */
  for (const char *at = text; *at;) {
    size_t n = comment(at, assembly, first);
    if (n == 0 && isspace((unsigned char)*at)) n = 1;
    if (n) {
      for (size_t i = 0; i < n; i++)
        if (at[i] == '\n') line++, first = true;
    } else if (*at == '"' || *at == '\'') {
      n = quoted(at);
      add(&t, "\"", 1, line);
    } else if (is_letter(*at)) {
      bool label = assembly &&
                   at[strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$")] == ':';
      n = word_at(&t, at, line, assembly && first && !label);
      first = first && label;
    } else {
      n = 1;
      add(&t, at, 1, line);
    }
    if (n == 1 && *at == ':') first = assembly; /* behind a label comes the mnemonic */
    at += n;
  }
  return t;
}

static void add_print(struct prints *p, uint64_t hash, unsigned line) {
  p->print = must(realloc(p->print, (p->n + 1) * sizeof *p->print));
  p->print[p->n++] = (struct print){hash, line};
}

void prints_add(struct prints *p, const char *text, bool assembly) {
  struct tokens t = tokens_of(text, assembly);
  size_t grams = t.n >= SIMILAR_TOKENS ? t.n - SIMILAR_TOKENS + 1 : 0, last = SIZE_MAX;
  uint64_t *gram = must(calloc(grams + 1, sizeof *gram));
  for (size_t i = 0; i < grams; i++) {
    gram[i] = DIGEST_NONE;
    for (size_t k = 0; k < SIMILAR_TOKENS; k++)
      gram[i] = digest_add(gram[i], &t.token[i + k].hash, sizeof(uint64_t));
  }
  if (grams && grams < SIMILAR_WINDOW) add_print(p, gram[0], t.token[0].line); /* a short text has one */
  for (size_t i = 0; i + SIMILAR_WINDOW <= grams; i++) {
    size_t least = i;
    for (size_t k = i; k < i + SIMILAR_WINDOW; k++)
      if (gram[k] <= gram[least]) least = k; /* of equals the rightmost */
    if (least != last) add_print(p, gram[least], t.token[least].line);
    last = least;
  }
  free(gram);
  free(t.token);
}

static int by_hash(const void *a, const void *b) {
  const struct print *x = a, *y = b;
  if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
  return x->line < y->line ? -1 : x->line > y->line;
}

static bool has(const struct prints *p, uint64_t hash) {
  size_t low = 0, high = p->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (p->print[middle].hash < hash)
      low = middle + 1;
    else
      high = middle;
  }
  return low < p->n && p->print[low].hash == hash;
}

void prints_sort(struct prints *p, const struct prints *known) {
  size_t n = 0;
  if (p->n) qsort(p->print, p->n, sizeof *p->print, by_hash);
  for (size_t i = 0; i < p->n; i++)
    if ((n == 0 || p->print[n - 1].hash != p->print[i].hash) && !(known && has(known, p->print[i].hash)))
      p->print[n++] = p->print[i];
  p->n = n;
}

size_t prints_shared(const struct prints *a, const struct prints *b, unsigned *line_a, unsigned *line_b) {
  size_t shared = 0;
  *line_a = *line_b = 0;
  for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
    if (a->print[i].hash != b->print[k].hash) {
      a->print[i].hash < b->print[k].hash ? i++ : k++;
      continue;
    }
    if (shared++ == 0 || a->print[i].line < *line_a) *line_a = a->print[i].line, *line_b = b->print[k].line;
    i++, k++;
  }
  return shared;
}

void prints_free(struct prints *p) {
  free(p->print);
  *p = (struct prints){0};
}
