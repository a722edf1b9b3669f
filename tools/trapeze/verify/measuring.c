/* measuring.c - executes every instruction on real machines, in pairs of random states, and keeps what it
 * did. classify.c says what the conditions C1 to C4 are. */
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "measuring.h"
#include "tools/trapeze/progress.h"
#include "tools/trapeze/trapeze.h"

#define OPCODES 128

const struct state_pair classify_pairs[CLASSIFY_PAIRS] = {
    {"mode", MODE, {PLACE_HOME, PLACE_HOME}, {0, ST_U}, false},
    {"interrupts on", MODE, {PLACE_HOME, PLACE_HOME}, {0, ST_IE}, true},
    {"ASID", LOCATION, {PLACE_HOME, PLACE_ASID}, {0, 0}, true},
    {"frames", LOCATION, {PLACE_HOME, PLACE_FRAMES}, {0, 0}, true},
    {"translation", LOCATION, {PLACE_IDENTITY, PLACE_REAL}, {0, 0}, true},
};

/* ---- C1: all words ---- */

static void count_words(struct classify *c) {
  uint64_t step = c->all_words ? 1 : SAMPLE_STEP;
  for (uint64_t w = 0; w <= UINT32_MAX; w += step, c->words++) {
    c->legal += pg32_decode((uint32_t)w).id != PG32_ILLEGAL;
    if (c->words % (1 << 20) == 0) progress_tell("Decoding: %u %% of all words", (unsigned)(w * 100 >> 32));
  }
  progress_end();
}

/* Is the word illegal in both modes, in every place, and does it do nothing? */
static void check_illegal(struct classify *c, struct random *r, uint32_t word) {
  struct trial t = trial_make(r, PG32_fence);
  t.word = word;
  for (enum place p = 0; p < PLACES; p++)
    for (uint32_t u = 0; u <= ST_U; u++) {
      states_run(c->machines, &t, p, u, c->a);
      c->representatives++;
      if (!c->a->trapped || c->a->trap.cause != CAUSE_ILLEGAL || outcome_unclean(c->a)) c->not_illegal++;
    }
}

static enum pg32_id row_of(uint32_t opcode) {
  for (unsigned id = 0; id < PG32_INSNS; id++)
    if (pg32_row((enum pg32_id)id)->opcode == opcode) return (enum pg32_id)id;
  return PG32_ILLEGAL;
}

/* One word of every opcode with each bit that must be zero, alone: for an opcode without a row that is every
 * bit. */
static void check_representatives(struct classify *c, struct random *r) {
  for (uint32_t opcode = 0; opcode < OPCODES; opcode++) {
    enum pg32_id id = row_of(opcode);
    uint32_t plain = id == PG32_ILLEGAL ? opcode << 25 : trial_make(r, id).word;
    if (id == PG32_ILLEGAL) check_illegal(c, r, plain);
    for (unsigned bit = 0; bit < 25; bit++)
      if (pg32_decode(plain | 1u << bit).id == PG32_ILLEGAL) check_illegal(c, r, plain | 1u << bit);
  }
}

void classify_words(struct classify *c, struct random *r) {
  count_words(c);
  check_representatives(c, r);
}

/* ---- C2, C3, C4: pairs of states ---- */

static struct outcome *keep(const struct outcome *o) {
  struct outcome *copy = must(malloc(sizeof *copy));
  return memcpy(copy, o, sizeof *copy);
}

static void find(struct evidence *e, const struct state_pair *pair, const char *what, const struct outcome *a,
                 const struct outcome *b) {
  if (e->found) return;
  *e = (struct evidence){true, pair, what, {keep(a), keep(b)}};
}

static bool refused(const struct outcome *o) { return o->trapped && o->trap.cause == CAUSE_PRIVILEGED; }

static void count_trap(struct measured *m, const struct outcome *o) {
  bool user = o->before.status & ST_U;
  m->runs[user]++;
  if (!o->trapped) return;
  m->privileged[user] += refused(o);
  if (o->trap.cause < CAUSE_SYSCALL || o->trap.cause > CAUSE_BREAK) return;
  m->calls[user]++;
  m->two_causes |= m->call_cause && m->call_cause != o->trap.cause;
  m->call_cause = o->trap.cause;
}

static void check_one(struct measured *m, const struct state_pair *pair, const struct outcome *o) {
  count_trap(m, o);
  const char *changed = outcome_controls(o);
  if (changed) find(&m->sensitive[CONTROL], pair, changed, o, o);
  if (!m->broken && (o->before.status & ST_U)) m->broken = outcome_escapes(o);
  if (!m->broken && refused(o)) m->broken = outcome_unclean(o);
}

static void check_pair(struct classify *c, struct measured *m, const struct state_pair *pair,
                       const struct trial *t, uint32_t u) {
  uint32_t mode = pair->any_mode ? u : 0;
  states_run(c->machines, t, pair->place[0], pair->mode[0] | mode, c->a);
  states_run(c->machines, t, pair->place[1], pair->mode[1] | mode, c->b);
  check_one(m, pair, c->a);
  check_one(m, pair, c->b);
  const char *what = refused(c->a) || refused(c->b) ? NULL : outcome_differs(c->a, c->b);
  if (!what) return;
  find(&m->sensitive[pair->sense], pair, what, c->a, c->b);
  if ((c->a->before.status | c->b->before.status) & ST_U) find(&m->hole, pair, what, c->a, c->b);
}

void classify_states(struct classify *c, struct random *r) {
  for (unsigned id = 0; id < PG32_INSNS; id++)
    for (uint64_t i = 0; i < c->states; i++)
      for (size_t p = 0; p < CLASSIFY_PAIRS; p++) {
        struct trial t = trial_make(r, (enum pg32_id)id);
        check_pair(c, &c->insn[id], &classify_pairs[p], &t, (uint32_t)i & ST_U);
      }
}

/* ---- classes ---- */

static bool sensitive(const struct measured *m) {
  return m->sensitive[CONTROL].found || m->sensitive[LOCATION].found || m->sensitive[MODE].found;
}

enum popek_class classify_class(const struct measured *m) {
  bool all_call = m->calls[0] == m->runs[0] && m->calls[1] == m->runs[1] && !m->two_causes;
  if (all_call) return POPEK_TRAPPING;
  if (m->privileged[1] == m->runs[1] && m->privileged[0] == 0) return POPEK_PRIVILEGED;
  return sensitive(m) || m->privileged[0] || m->privileged[1] ? POPEK_HOLE : POPEK_INNOCUOUS;
}

/* ---- all of it ---- */

void classify_free(struct classify *c) {
  states_free(c->machines);
  free(c->a);
  free(c->b);
  for (unsigned id = 0; id < PG32_INSNS; id++)
    for (int e = 0; e <= SENSES; e++) {
      struct evidence *from = e < SENSES ? &c->insn[id].sensitive[e] : &c->insn[id].hole;
      free(from->state[0]);
      free(from->state[1]);
    }
}

void classify_begin(struct classify *c) {
  c->machines = must(states_new(c->cpu, c->seed));
  c->a = must(malloc(sizeof *c->a));
  c->b = must(malloc(sizeof *c->b));
}

void classify_measure(enum machine_cpu cpu, enum popek_class class[PG32_INSNS]) {
  struct classify c = {.cpu = cpu, .states = STATES_DEFAULT, .seed = 1};
  struct random r = {c.seed * 2 + 1};
  classify_begin(&c);
  classify_states(&c, &r);
  for (unsigned id = 0; id < PG32_INSNS; id++) class[id] = classify_class(&c.insn[id]);
  classify_free(&c);
}
