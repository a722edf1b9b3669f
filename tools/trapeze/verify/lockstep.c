/* lockstep.c - a guest in a VM and the same guest on a bare machine, run in step and compared. */
#include <stdlib.h>
#include <string.h>

#include "lockstep.h"
#include "tools/trapeze/progress.h"

/* Instructions of the real machine within one block: a guest that needs more is stuck. */
#define PATIENCE UINT64_C(4000000000)

/* ---- a side ---- */

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

/* Every register has a factor of its own: two that change places change the sum. */
static uint64_t sum_registers(const uint32_t *x) {
  uint64_t sum = 0, factor = UINT64_C(0xD6E8FEB86659FD93);
  for (int i = 0; i < 32; i += 2, factor += UINT64_C(0x632BE59BD9B4E01A))
    sum += (x[i] | (uint64_t)x[i + 1] << 32) * factor;
  return sum;
}

static uint64_t fold(uint64_t hash, const struct step *step, enum fidelity_scope scope) {
  hash = mix(hash, (uint64_t)step->pc << 32 | step->word);
  if (scope == FIDELITY_PATH) return mix(hash, sum_registers(step->x));
  hash = mix(hash, (uint64_t)step->trap << 32 | step->status);
  if (!step->trap) return mix(hash, sum_registers(step->x));
  for (int i = 0; i < 6; i++) hash = mix(hash, step->low_core[i]);
  return hash;
}

static void checkpoint(struct side *s) {
  s->checkpoint = must(realloc(s->checkpoint, (s->checkpoints + 1) * sizeof *s->checkpoint));
  s->checkpoint[s->checkpoints++] = s->hash;
}

static void keep(struct side *s, const struct step *step) {
  s->about[s->n_kept] = s->stream.facts;
  s->kept[s->n_kept++] = *step;
}

static uint64_t tick_of(const struct machine *m) {
  struct machine_regs r;
  machine_get_regs(m, &r);
  return r.tick;
}

/* Input reaches the VM's guest at a tick that its VMM names. The bare machine must have shown that tick
 * between the step before the arrival and the end of the step after it, for example of a `wait`. */
static void compare_time(struct side *s) {
  const struct stream *given = s->given;
  while (s->timed < given->arrivals && given->arrival[s->timed].steps <= s->steps) {
    const struct arrival *a = &given->arrival[s->timed];
    uint64_t now = tick_of(s->m);
    if (a->steps == s->steps) {
      s->tick = now;
      return;
    }
    s->another_time |= a->tick < (a->steps ? s->tick : 0) || a->tick > now;
    s->timed++;
  }
}

static void take(void *arg, const struct step *step) {
  struct side *s = arg;
  if (s->scope == FIDELITY_PATH && step->trap) return;
  if (s->steps >= s->keep_from && s->n_kept <= BLOCK) keep(s, step);
  s->stream.curious = s->steps + 1 >= s->keep_from && s->n_kept <= BLOCK;
  s->hash = fold(s->hash, step, s->scope);
  s->insns += !step->trap;
  s->app_insns += !step->trap && (step->status & ST_U);
  s->traps += step->trap;
  if (step->trap) s->by_cause[step->low_core[3] % PG32_CAUSES]++;
  if (++s->steps % BLOCK == 0) checkpoint(s);
  if (s->steps == s->target) s->hash_at_target = s->hash;
  if (s->given && s->scope == FIDELITY_ALL) compare_time(s);
  if (s->steps >= s->target) machine_stop(s->m);
}

static void put(void *arg, uint8_t byte) { bytes_append(arg, &byte, 1); }

static void side_open(struct side *s, const struct options *o, const struct boot *b, unsigned depth) {
  s->m = boot_machine(o, b);
  machine_console_output(s->m, put, &s->output);
  stream_open(&s->stream, s->m, depth, take, s);
  s->stream.curious = s->keep_from == 0;
  if (depth == 0 && s->kept) stream_watch_tlb(&s->stream);
}

static void side_close(struct side *s) {
  stream_close(&s->stream);
  machine_free(s->m);
  free(s->checkpoint);
  free(s->output.data);
  free(s->kept);
  free(s->about);
}

/* Runs on until it has taken `steps` steps in all, or has ended. */
static void advance(struct side *s, uint64_t steps, uint64_t max_insns) {
  s->target = steps;
  while (!s->ended && s->steps < steps) {
    uint64_t left = max_insns - machine_retired(s->m);
    struct machine_limits limits = {left < PATIENCE ? left : PATIENCE, UINT64_MAX, false};
    s->exit = machine_run(s->m, &limits);
    s->ended = s->exit != EXIT_STOPPED;
  }
  if (s->ended) stream_finish(&s->stream, s->exit);
}

/* ---- both, in step ---- */

static void queue_input(struct machine *m, struct bytes input, uint64_t pace) {
  for (size_t i = 0; i < input.size; i++)
    if (!machine_console_input(m, i * pace, &input.data[i], 1)) must(NULL);
  machine_console_hangup(m, input.size * pace);
}

enum { HANG_UP = 256 };

static void feed(struct pair *p) {
  const struct stream *from = &p->nested.stream;
  for (; p->fed < from->arrivals; p->fed++) {
    const struct arrival *a = &from->arrival[p->fed];
    uint8_t byte = (uint8_t)a->byte;
    p->other_input |= a->byte != (p->fed < p->input.size ? p->input.data[p->fed] : HANG_UP);
    if (a->byte == HANG_UP)
      machine_console_hangup(p->bare.m, a->tick);
    else if (!machine_console_input(p->bare.m, a->tick, &byte, 1))
      must(NULL);
  }
}

void pair_open(struct pair *p, const struct options *o, struct bytes input, uint64_t pace) {
  struct boot outer = boot_assemble(o), inner = boot_innermost(o, &outer);
  struct options bare = *o;
  bare.depth = 0;
  p->options = o, p->depth = o->depth, p->max_insns = o->max_insns, p->input = input;
  p->nested.scope = p->bare.scope = p->scope;
  p->bare.given = &p->nested.stream;
  side_open(&p->nested, o, &outer, o->depth);
  p->nested.stream.claims_ignored = p->claims_ignored;
  side_open(&p->bare, &bare, &inner, 0);
  queue_input(p->nested.m, input, pace);
  boot_free(&outer);
  boot_free(&inner);
}

void pair_close(struct pair *p) {
  progress_end();
  side_close(&p->nested);
  side_close(&p->bare);
}

static bool agree(const struct side *a, const struct side *b, size_t block) {
  return block < a->checkpoints && block < b->checkpoints && a->checkpoint[block] == b->checkpoint[block];
}

/* The VM has ended. If it powered off, the bare machine must have ended, too; if the instructions were used
 * up, the bare machine may be a step ahead. */
static bool same_end(const struct pair *p) {
  const struct side *n = &p->nested, *b = &p->bare;
  if (n->exit == EXIT_POWER) return n->steps == b->steps && n->hash == b->hash;
  return b->steps >= n->steps && n->hash == (b->steps == n->steps ? b->hash : b->hash_at_target);
}

/* How far to follow one that has ended: if it powered off, a step further would show that the other
 * does not. */
static uint64_t last_step(const struct side *s) { return s->exit == EXIT_POWER ? s->steps + 1 : s->steps; }

static bool enough(const struct pair *p, uint64_t blocks) {
  return blocks == p->blocks || (p->app_insns && p->bare.app_insns >= p->app_insns);
}

/* Runs both until a checkpoint differs or they end. The number of blocks that agree; *same:
 * all there were. */
uint64_t pair_run(struct pair *p, bool *same) {
  struct side *n = &p->nested, *b = &p->bare;
  for (uint64_t block = 0;; block++) {
    progress_tell("Compared: %llu steps of the guest", (unsigned long long)(block * BLOCK));
    advance(n, (block + 2) * BLOCK, p->max_insns);
    feed(p);
    bool last = n->ended && n->steps < (block + 1) * BLOCK;
    advance(b, last ? last_step(n) : (block + 1) * BLOCK, UINT64_MAX);
    if (last) *same = same_end(p);
    if (last || !agree(n, b, block)) return block;
    if (enough(p, block + 1)) return *same = true, block + 1;
  }
}

/* ---- after a run ---- */

static bool equal(const struct step *a, const struct step *b) { return memcmp(a, b, sizeof *a) == 0; }

const struct step *side_kept(const struct side *s, size_t i) { return i < s->n_kept ? &s->kept[i] : NULL; }
const struct step_facts *side_facts(const struct side *s, size_t i) {
  return i < s->n_kept ? &s->about[i] : NULL;
}

/* The index, among the kept steps, of the first that differs. */
size_t pair_first_difference(const struct pair *p) {
  size_t i = 0;
  for (;; i++) {
    const struct step *b = side_kept(&p->bare, i), *n = side_kept(&p->nested, i);
    if (!b || !n || !equal(b, n)) return i;
  }
}

static bool same_output(const struct pair *p) {
  const struct bytes *n = &p->nested.output, *b = &p->bare.output;
  return n->size == b->size && (n->size == 0 || memcmp(n->data, b->data, n->size) == 0);
}

static bool same_disk(const struct pair *p) {
  size_t n_size, b_size;
  bool dirty;
  const void *n = machine_disk(p->nested.m, &n_size, &dirty), *b = machine_disk(p->bare.m, &b_size, &dirty);
  return n_size == b_size && (n_size == 0 || memcmp(n, b, n_size) == 0);
}

/* A guest that has ended: what it leaves behind. */
const char *pair_residue(const struct pair *p) {
  if (p->other_input) return "the input that the guest was given";
  if (p->bare.exit == EXIT_CHECKSTOP)
    return machine_exit_status(p->nested.m) == STATUS_CHECKSTOP ? NULL : "the end";
  if (p->nested.exit != p->bare.exit) return "the end";
  if (machine_exit_status(p->nested.m) != machine_exit_status(p->bare.m)) return "the exit status";
  if (!same_output(p)) return "the console output";
  if (!same_disk(p)) return "the disk";
  return p->bare.another_time ? "the guest's time" : NULL;
}
