/* option.c - the options of --way translate: `user`, and three for tests of the translator: `units=N`, `flush=SEED` and
 * `tell`.
 *
 * A small cache, and one that is emptied at random moments, must change nothing but the guest's speed. */
#include "translate.h"
#include <stdlib.h>
#include <string.h>

static struct {
  bool users, tells;
  uint32_t most_units, flush_seed;
} wanted = {.most_units = UNITS};

/* The number behind NAME= in the word; 0: it is another option, or no number from 1 to `most`. */
static uint32_t number_of(const char *word, const char *name, uint32_t most) {
  size_t length = strlen(name);
  char *end;
  if (strncmp(word, name, length) != 0) return 0;
  unsigned long n = strtoul(word + length, &end, 10);
  return *end || n > most ? 0 : n;
}

bool option__take(const char *word) {
  if (strcmp(word, "user") == 0) return wanted.users = true;
  if (strcmp(word, "tell") == 0) return wanted.tells = true;
  if (strncmp(word, "units=", 6) == 0) return (wanted.most_units = number_of(word, "units=", UNITS)) != 0;
  return (wanted.flush_seed = number_of(word, "flush=", UINT32_MAX)) != 0;
}

void option__apply(struct translator *t) {
  t->users = wanted.users;
  t->tells = wanted.tells;
  t->most_units = wanted.most_units;
  t->flush_seed = wanted.flush_seed;
}

enum { FLUSH_ONE_IN = 16 };

bool option__flush_now(struct translator *t) {
  if (!t->flush_seed) return false;
  t->flush_seed ^= t->flush_seed << 13; /* Marsaglia's xorshift32 */
  t->flush_seed ^= t->flush_seed >> 17;
  t->flush_seed ^= t->flush_seed << 5;
  return t->flush_seed % FLUSH_ONE_IN == 0;
}
