/* units.c - hears of units from the VMMs that make them (platform.h, MARK_TELL).
 *
 * VMMs of several levels may speak in turn, because one makes units while another is interrupted. Each speaks under
 * an ASID of its own. */
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "units.h"

struct speaker {
  bool speaks; /* TELL_PC came, and TELL_END not yet */
  struct unit unit;
};

struct units {
  struct machine *m;
  unit_sink *sink;
  void *arg;
  uint64_t cut;
  struct speaker *speaker[ASIDS]; /* by the machine's ASID */
};

static struct speaker *speaker_of(struct units *u, uint32_t asid) {
  if (!u->speaker[asid]) u->speaker[asid] = must(calloc(1, sizeof **u->speaker));
  return u->speaker[asid];
}

static void take_place(struct unit_word *w, uint32_t b) {
  w->insn = b & 0xFF;
  w->boundary = b & TELL_BOUNDARY;
  w->debt = (int8_t)(b >> 16);
  w->cause = b >> 24;
}

/* False: there is no room, or a word is missing. */
static bool take(struct unit *u, uint32_t what, uint32_t b) {
  struct unit_word *last = u->words ? &u->word[u->words - 1] : NULL;
  switch (what) {
  case TELL_KEY: return u->key = b, true;
  case TELL_START: return u->start = b, true;
  case TELL_GUEST: return u->insns < UNIT_GUEST_MOST && (u->guest[u->insns++] = b, true);
  case TELL_FACT: return u->facts < UNIT_FACTS_MOST && (u->fact[u->facts++] = b, true);
  case TELL_WORD:
    if (u->words == UNIT_WORDS_MOST) return false;
    u->word[u->words++] = (struct unit_word){.word = b};
    return true;
  case TELL_PLACE: return last && (take_place(last, b), true);
  case TELL_EXIT_PC: return last && (last->exit = true, last->exit_pc = b, true);
  case TELL_EXIT_KEY: return last && (last->exit_key = b, true);
  case TELL_EXIT_DEBT: return last && (last->exit_debt = (int32_t)b, true);
  default: return false;
  }
}

static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct units *u = arg;
  struct machine_view view;
  if (kind != MARK_TELL) return;
  machine_get_view(m, &view);
  struct speaker *s = speaker_of(u, status_asid(view.status));
  if (a == TELL_PC) {
    u->cut += s->speaks;
    s->speaks = true;
    s->unit = (struct unit){.pc = b};
  } else if (s->speaks && a == TELL_END) {
    s->speaks = false;
    u->sink(u->arg, &s->unit);
  } else if (s->speaks && !take(&s->unit, a, b)) {
    s->speaks = false;
    u->cut++;
  }
}

struct units *units_open(struct machine *m, unit_sink *sink, void *arg) {
  struct units *u = must(calloc(1, sizeof *u));
  u->m = m, u->sink = sink, u->arg = arg;
  machine_observe(m, &(struct machine_observer){.mark = on_mark, .arg = u});
  return u;
}

uint64_t units_cut(const struct units *u) {
  uint64_t cut = u->cut;
  for (unsigned i = 0; i < ASIDS; i++) cut += u->speaker[i] && u->speaker[i]->speaks;
  return cut;
}

void units_free(struct units *u) {
  machine_observe(u->m, NULL);
  for (unsigned i = 0; i < ASIDS; i++) free(u->speaker[i]);
  free(u);
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

uint64_t unit_hash(const struct unit *u) {
  uint64_t hash = mix(mix(u->pc, u->key), u->insns << 16 | u->words);
  for (unsigned i = 0; i < u->insns; i++) hash = mix(hash, u->guest[i]);
  for (unsigned i = 0; i < u->words; i++) {
    const struct unit_word *w = &u->word[i];
    hash = mix(hash, (uint64_t)w->word << 32 | w->cause << 16 | (uint8_t)w->debt << 8 | w->insn);
    hash = mix(hash, w->exit ? (uint64_t)w->exit_pc << 32 | w->exit_key << 8 | (uint8_t)w->exit_debt : 0);
  }
  return hash;
}
