/* cause.c - the words for causes of traps: reading them, and what to say about one that is misspelt. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cause.h"

_Static_assert(PG32_CAUSES <= 32 && PG32_INSNS <= 64, "a bit for each");

#define BIT(name) (1u << CAUSE_##name)
#define EVERY ((uint32_t)((UINT64_C(1) << PG32_CAUSES) - 2))
#define WORD 24 /* longer than any word of the vocabulary */

/* Words for several causes, or for a cause that pg32.def calls otherwise. */
static const struct group {
  const char *name;
  uint32_t causes;
} groups[] = {
    {"trap", EVERY},
    {"any", EVERY},
    {"tlb-miss", BIT(FETCH_MISS) | BIT(LOAD_MISS) | BIT(STORE_MISS)},
    {"protection", BIT(FETCH_PROT) | BIT(LOAD_PROT) | BIT(STORE_PROT)},
    {"prot", BIT(FETCH_PROT) | BIT(LOAD_PROT) | BIT(STORE_PROT)},
    {"interrupt", BIT(TIMER) | BIT(DEVICE)},
    {"device-interrupt", BIT(DEVICE)},
};
#define GROUPS (sizeof groups / sizeof *groups)

/* ---- words ---- */

static char plain(char c) { return c == '_' ? '-' : (char)tolower((unsigned char)c); }

static bool same_word(const char *word, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++)
    if (!name[i] || plain(word[i]) != plain(name[i])) return false;
  return !name[n];
}

/* "load-miss" for LOAD_MISS. The words are made when they are first asked for. */
static const char *word_of_cause(uint32_t cause) {
  static char words[PG32_CAUSES][WORD];
  char *word = words[cause];
  if (!*word)
    for (const char *name = pg32_cause_name(cause); *name; name++) *word++ = plain(*name);
  return words[cause];
}

static bool is_privileged(enum pg32_id id) {
  return id < PG32_INSNS && pg32_row(id)->class == PG32_PRIVILEGED;
}

/* The mnemonic, with or without "-trap". */
static bool names_insn(const char *word, size_t n, enum pg32_id id) {
  static const char tail[] = "-trap";
  const size_t end = sizeof tail - 1;
  return same_word(word, n, pg32_row(id)->name) ||
         (n > end && same_word(word + n - end, end, tail) && same_word(word, n - end, pg32_row(id)->name));
}

/* ---- reading ---- */

bool cause_add(struct cause_set *set, const char *word, size_t n) {
  for (const struct group *g = groups; g < groups + GROUPS; g++)
    if (same_word(word, n, g->name)) return set->causes |= g->causes, true;
  for (uint32_t c = 1; c < PG32_CAUSES; c++)
    if (same_word(word, n, pg32_cause_name(c))) return set->causes |= 1u << c, true;
  for (enum pg32_id id = 0; id < PG32_INSNS; id++)
    if (is_privileged(id) && names_insn(word, n, id)) return set->insns |= UINT64_C(1) << id, true;
  return false;
}

bool cause_has(const struct cause_set *set, uint32_t cause, enum pg32_id insn) {
  if (cause >= PG32_CAUSES) return false;
  if (set->causes >> cause & 1) return true;
  return cause == CAUSE_PRIVILEGED && insn < PG32_INSNS && set->insns >> insn & 1;
}

bool cause_is_empty(const struct cause_set *set) { return !set->causes && !set->insns; }

/* ---- writing ---- */

const char *cause_word(uint32_t cause, enum pg32_id insn) {
  if (cause == CAUSE_PRIVILEGED && insn == PG32_tlbw) return "tlbw-trap";
  if (cause == CAUSE_PRIVILEGED && is_privileged(insn)) return pg32_row(insn)->name;
  if (cause == CAUSE_DEVICE) return "device-interrupt";
  return cause >= 1 && cause < PG32_CAUSES ? word_of_cause(cause) : "?";
}

const char *cause_only(const struct cause_set *set) {
  if (__builtin_popcount(set->causes) + __builtin_popcountll(set->insns) != 1) return NULL;
  if (set->causes == BIT(PRIVILEGED)) return NULL;
  if (set->insns) return cause_word(CAUSE_PRIVILEGED, (enum pg32_id)__builtin_ctzll(set->insns));
  return cause_word((uint32_t)__builtin_ctz(set->causes), PG32_ILLEGAL);
}

const char *cause_vocabulary(size_t index) {
  if (index < GROUPS) return groups[index].name;
  index -= GROUPS;
  for (uint32_t c = 1; c < PG32_CAUSES; c++)
    if (c != CAUSE_DEVICE && index-- == 0) return word_of_cause(c);
  for (enum pg32_id id = 0; id < PG32_INSNS; id++)
    if (is_privileged(id) && index-- == 0) return cause_word(CAUSE_PRIVILEGED, id);
  return NULL;
}

/* Levenshtein's edit distance from the word's first n characters to `name`. */
static unsigned distance(const char *word, size_t n, const char *name) {
  unsigned row[WORD + 1];
  const size_t m = strlen(name);
  for (unsigned j = 0; j <= m; j++) row[j] = j;
  for (size_t i = 0; i < n; i++) {
    unsigned diagonal = row[0]++;
    for (size_t j = 0; j < m; j++) {
      unsigned best = diagonal + (plain(word[i]) != name[j]);
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j + 1] + 1 < best) best = row[j + 1] + 1;
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  return row[m];
}

/* Distances are at most a word's length: the words are gone through once for each distance. */
const char *cause_nearest(const char *word, size_t n, char *buf, size_t size) {
  const char *name;
  size_t used = 0;
  if (n > WORD) n = WORD;
  *buf = 0;
  for (unsigned wanted = 0; wanted <= WORD; wanted++)
    for (size_t i = 0; (name = cause_vocabulary(i)); i++) {
      const size_t room = strlen(name) + (used ? 2 : 0);
      if ((n ? distance(word, n, name) : 0) != wanted || used + room >= size) continue;
      used += (size_t)sprintf(buf + used, "%s%s", used ? ", " : "", name);
    }
  return buf;
}
