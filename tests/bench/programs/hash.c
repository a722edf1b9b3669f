/* hash - a table of words with counts, by chains: strings are made, hashed, compared and looked up. */
#include "bench.h"

#define SLOTS 4096
#define ENTRIES 6000
#define LOOKUPS 3000000

struct entry {
  struct entry *next;
  uint32_t hash, count;
  char name[12];
};
static struct entry entries[ENTRIES], *slot[SLOTS];
static uint32_t used;

static void make_name(char *name, uint32_t n) {
  static const char syllables[] = "barodikulemanisopetu";
  int at = 0;
  for (int i = 0; i < 4; i++, n /= 10) {
    name[at++] = syllables[n % 10 * 2];
    name[at++] = syllables[n % 10 * 2 + 1];
  }
  name[at] = 0;
}

static uint32_t hash_of(const char *name) {
  uint32_t h = 2166136261u;
  while (*name) h = (h ^ (uint8_t)*name++) * 16777619u;
  return h;
}

static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static struct entry *look_up(const char *name) {
  const uint32_t h = hash_of(name);
  struct entry **head = &slot[h % SLOTS];
  for (struct entry *e = *head; e; e = e->next)
    if (e->hash == h && same(e->name, name)) return e;
  struct entry *e = &entries[used++];
  e->next = *head, e->hash = h, e->count = 0, *head = e;
  for (int i = 0; i < 12; i++) e->name[i] = name[i];
  return e;
}

uint32_t bench(void) {
  uint32_t seed = 6, sum = 0;
  char name[12] = {0};
  for (int i = 0; i < LOOKUPS; i++) {
    make_name(name, bench_random(&seed) % ENTRIES);
    sum = bench_mix(sum, ++look_up(name)->count);
  }
  return bench_mix(sum, used);
}
