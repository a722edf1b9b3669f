/* lockstep.h - one program on several machines at once, of different engines, and on the plain reference:
 * whatever happens to one from outside happens to all, and after each piece of the run they must be equal.
 *
 * Registers, counts and exits are compared after every piece, what observers were told too, and often a hash
 * of the whole machine. Which pieces, and what happens between them, comes from the same source of chance as
 * the program, so that a seed is a run. On a difference the run is repeated up to the piece at fault, and the
 * first step after which the machines differ is sought by bisection. */
#ifndef LOCKSTEP_H
#define LOCKSTEP_H

#include <stdio.h>

#include "program.h"
#define REF_RAM PROGRAM_RAM
#include "reference.h"

#define SIDES 2

struct lockstep_config {
  uint64_t seed;
  const uint8_t *bytes; /* of a fuzzer; NULL = none */
  size_t size;
  enum machine_engine engine[SIDES];
  bool reference;   /* the reference takes part too, at a tenth of the speed */
  uint32_t pieces;  /* of the run, at most */
  uint32_t longest; /* instructions in a piece */
};

struct side {
  struct machine *m;
  struct machine_snapshot *snapshot;
  uint64_t told, saved_told; /* hash of what observers were told, and of what was transmitted */
  uint64_t stop_at;          /* machine_stop when `told_count` gets here; 0 = never */
  uint64_t told_count;
  uint64_t hold_at, held_count; /* the trap or rfe to stop before; 0 = none */
  uint64_t swap_at; /* another observer takes this one's place when `told_count` gets here; 0 = never */
  struct machine_observer other;
  uint64_t change_at; /* what is observed changes when `told_count` gets here; 0 = never */
};

struct lockstep {
  struct lockstep_config config;
  struct random g;
  struct program program;
  struct side side[SIDES];
  struct ref ref, saved_ref;
  uint32_t piece;
  uint64_t compared; /* instructions */
  /* set for a repetition that ends early: */
  uint32_t last_piece;
  uint64_t last_step; /* of that piece; 0 = no limit */
};

/* ---- what observers are told ---- */

static void tell(struct side *s, uint32_t kind, uint64_t a, uint64_t b) {
  s->told = (s->told ^ kind ^ a << 7 ^ b << 37) * 0x9E3779B97F4A7C15u;
  s->told ^= s->told >> 31;
}
static void change_observer(struct side *s);
/* Where it happened; and perhaps that is enough for this time. */
static void tell_place(struct side *s) {
  struct machine_regs r;
  machine_get_regs(s->m, &r);
  tell(s, r.status, r.pc, r.tick);
  s->told_count++;
  if (s->told_count == s->stop_at) machine_stop(s->m);
  if (s->told_count == s->swap_at) machine_observe(s->m, &s->other);
  if (s->told_count == s->change_at) change_observer(s);
}
static void told_trap(void *arg, struct machine *m, const struct machine_trap *t) {
  (void)m;
  tell(arg, t->cause, t->pc, t->status);
  tell(arg, t->timer, t->badva, t->badinst);
  tell(arg, 1, t->tick, t->retired);
  tell_place(arg);
}
static void told_rfe(void *arg, struct machine *m) {
  (void)m;
  tell(arg, 2, 0, 0);
  tell_place(arg);
}
static void told_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  (void)m;
  tell(arg, 3 + slot, hi, lo);
  tell_place(arg);
}
static void told_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  (void)m;
  tell(arg, 4 + scope, hi, 0);
  tell_place(arg);
}
static void told_device(void *arg, struct machine *m, const struct machine_device_access *a) {
  (void)m;
  tell(arg, 8 + a->store, a->pc, (uint64_t)a->addr << 16 ^ a->value);
  tell_place(arg);
}
static void told_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  (void)m;
  tell(arg, kind << 8 | 10, a, b);
  tell_place(arg);
}
static void told_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  (void)m;
  tell(arg, 11, pc, word);
}
static void told_store(void *arg, struct machine *m, uint32_t pa, uint32_t n) {
  (void)m;
  tell(arg, 12, pa, n);
  tell_place(arg);
}
static bool told_before_trap(void *arg, struct machine *m) {
  struct side *s = arg;
  (void)m;
  tell_place(s);
  return s->hold_at && ++s->held_count == s->hold_at;
}
/* In the middle of a run: a snapshot, which shares low core; or low core is watched;
 * or all traps are told. */
static void change_observer(struct side *s) {
  const struct machine_observer all = {.arg = s, .trap = told_trap, .rfe = told_rfe, .mark = told_mark};
  switch (s->change_at % 3) {
  case 0:
    machine_snapshot_free(s->snapshot);
    s->snapshot = machine_snapshot(s->m);
    s->saved_told = s->told;
    return;
  case 1: machine_watch_page(s->m, 0); return;
  default: machine_observe(s->m, &all);
  }
}
static void told_output(void *arg, uint8_t byte) { tell(arg, 13, byte, 0); }

/* ---- between two pieces ---- */

static void for_ref_feed(struct ref *f, uint64_t tick, uint8_t byte) {
  if (f->input_head < f->input_end && f->input_tick[f->input_end - 1] > tick)
    tick = f->input_tick[f->input_end - 1];
  f->input[f->input_end] = byte;
  f->input_tick[f->input_end++] = tick;
}

static struct machine_regs regs_of(const struct side *s) {
  struct machine_regs r;
  machine_get_regs(s->m, &r);
  return r;
}

static void meddle_feed_byte(struct lockstep *l) {
  const uint8_t byte = (uint8_t)rnd(&l->g);
  const uint64_t tick = regs_of(&l->side[0]).tick + below(&l->g, chance(&l->g, 50) ? 50 : 5000);
  if (l->ref.input_end == REF_INPUTS) return;
  for (unsigned i = 0; i < SIDES; i++) machine_console_input(l->side[i].m, tick, &byte, 1);
  for_ref_feed(&l->ref, tick, byte);
}

static void meddle_feed(struct lockstep *l) {
  for (uint32_t n = 1 + below(&l->g, chance(&l->g, 30) ? 20 : 3); n > 0; n--) meddle_feed_byte(l);
}

static void meddle_poke(struct lockstep *l) {
  const bool code = chance(&l->g, 70);
  const uint32_t pa = code ? FIRST_CODE + 4 * below(&l->g, (FIRST_DATA - FIRST_CODE) / 4)
                           : HEAP + 4 * below(&l->g, HEAP_PAGES * PAGE_SIZE / 4);
  const uint32_t word = code ? pool_word(&l->program) : rnd(&l->g);
  for (unsigned i = 0; i < SIDES; i++) machine_poke(l->side[i].m, (struct machine_space){0}, pa, &word, 4);
  ref_set_word(&l->ref, pa, word);
}

static void set_everywhere(struct lockstep *l, const struct machine_regs *r) {
  for (unsigned i = 0; i < SIDES; i++) machine_set_regs(l->side[i].m, r);
  const uint64_t tick = l->ref.r.tick;
  l->ref.r = *r;
  l->ref.r.tick = tick;
  l->ref.r.status &= ST_MASK;
  l->ref.trapped = l->ref.waiting = false;
}

/* Out of whatever loop it is in; or only TIMER and interrupts are changed. */
static void meddle_kick(struct lockstep *l) {
  struct machine_regs r = regs_of(&l->side[0]);
  if (chance(&l->g, 50)) {
    r.pc = PROGRAM_START(&l->program), r.status &= ST_ASID_MASK;
  } else {
    r.timer = below(&l->g, 500), r.status |= ST_IE;
  }
  set_everywhere(l, &r);
}

/* One that is told of what `kind` says. */
static struct machine_observer observer(struct lockstep *l, uint32_t kind) {
  struct machine_observer o = {.trap = told_trap, .rfe = told_rfe, .mark = told_mark};
  if (kind < 5) o.tlbw = told_tlbw, o.tlbi = told_tlbi, o.device = told_device;
  if (kind == 1) o.insn = told_insn;
  if (kind == 2) o.insn_sometimes = true;
  if (kind >= 3 && chance(&l->g, 70)) o.store = told_store;
  if (kind == 4) o.before_trap = told_before_trap;
  const bool few = chance(&l->g, 50); /* those who only watch low core, say, or one of the two */
  if (few || chance(&l->g, 20)) o.trap = NULL;
  if (few || chance(&l->g, 20)) o.rfe = NULL;
  return o;
}

static void meddle_observe(struct lockstep *l) {
  static const uint32_t pages[] = {0, FIRST_DATA, HEAP, FIRST_CODE};
  const uint32_t kind = below(&l->g, 10);
  const uint32_t page = chance(&l->g, 60) ? pages[below(&l->g, 4)] : below(&l->g, PROGRAM_RAM);
  struct machine_observer o = observer(l, kind), other = observer(l, below(&l->g, 4));
  other.store = o.store;
  for (unsigned i = 0; i < SIDES; i++) {
    o.arg = other.arg = &l->side[i];
    l->side[i].other = other;
    machine_observe(l->side[i].m, kind < 6 ? &o : NULL);
    machine_watch_page(l->side[i].m, o.store ? page : MACHINE_NO_PAGE);
  }
}

static void meddle_save(struct lockstep *l) {
  for (unsigned i = 0; i < SIDES; i++) {
    struct side *s = &l->side[i];
    machine_snapshot_free(s->snapshot);
    s->snapshot = machine_snapshot(s->m);
    s->saved_told = s->told;
  }
  l->saved_ref = l->ref;
}
/* Each to its own snapshot, or to that of the other. */
static void meddle_go_back(struct lockstep *l) {
  const unsigned crossed = chance(&l->g, 30);
  if (!l->side[0].snapshot) return;
  for (unsigned i = 0; i < SIDES; i++) {
    machine_restore(l->side[i].m, l->side[i ^ crossed].snapshot);
    l->side[i].told = l->side[i].saved_told;
  }
  l->ref = l->saved_ref;
}

static void meddle(struct lockstep *l) {
  struct random *g = &l->g;
  if (chance(g, 10)) meddle_feed(l);
  if (chance(g, 4)) meddle_poke(l);
  if (chance(g, 2)) meddle_kick(l);
  if (chance(g, 5)) meddle_save(l);
  if (chance(g, 3)) meddle_go_back(l);
  if (chance(g, 15)) meddle_observe(l);
}

/* ---- a piece, on each ---- */

struct piece {
  struct machine_limits limits;
  uint64_t last_step;
  uint64_t stop_at, hold_at, swap_at, change_at;
};

static struct piece next_piece(struct lockstep *l) {
  struct random *g = &l->g;
  const uint32_t usual = l->program.calm ? 5000 : 1000;
  const uint32_t most = chance(g, 20) ? 6 : chance(g, 20) ? 200 : chance(g, 50) ? usual : l->config.longest;
  struct piece p = {.limits = {.insns = 1 + below(g, most), .until_tick = UINT64_MAX},
                    .last_step = UINT64_MAX};
  const uint32_t special = below(g, 24);
  if (special < 4) p.limits.until_tick = regs_of(&l->side[0]).tick + 1 + below(g, most);
  if (special == 5) p.limits.pause_when_idle = !l->config.reference;
  if (special == 6 || special > 20) p.last_step = machine_steps(l->side[0].m) + 1 + below(g, most);
  if ((special == 7 || special == 8) && !l->config.reference) p.stop_at = 1 + below(g, 60);
  if (special == 9 || special == 10) p.swap_at = 1 + below(g, 30);
  if (!l->config.reference) p.hold_at = 1 + below(g, 100);
  if (!l->config.reference && chance(g, 50)) p.change_at = 1 + below(g, chance(g, 50) ? 10 : 100);
  if (l->last_step && l->piece == l->last_piece && l->last_step < p.last_step) p.last_step = l->last_step;
  return p;
}

static enum machine_exit run_side(struct side *s, const struct piece *p) {
  s->stop_at = p->stop_at, s->swap_at = p->swap_at, s->told_count = 0;
  s->hold_at = p->hold_at, s->held_count = 0;
  s->change_at = p->change_at;
  const enum machine_exit exit = machine_run_to(s->m, &p->limits, p->last_step);
  s->stop_at = s->swap_at = s->change_at = 0;
  if (exit == EXIT_IDLE) machine_idle(s->m, machine_idle_ticks(s->m) / 2 + 1);
  return exit;
}

static bool same_regs(const struct machine_regs *a, const struct machine_regs *b) {
  return memcmp(a->x, b->x, sizeof a->x) == 0 && a->pc == b->pc && a->status == b->status &&
         a->timer == b->timer && a->tick == b->tick;
}

static const char *differ(const struct lockstep *l, bool thoroughly) {
  const struct side *a = &l->side[0], *b = &l->side[1];
  const struct machine_regs ra = regs_of(a), rb = regs_of(b);
  if (!same_regs(&ra, &rb)) return "registers";
  if (machine_retired(a->m) != machine_retired(b->m)) return "retired instructions";
  if (machine_steps(a->m) != machine_steps(b->m)) return "steps";
  if (a->told != b->told) return "what observers were told";
  if (thoroughly && machine_hash(a->m) != machine_hash(b->m)) return "memory, TLB or devices";
  return NULL;
}

static bool same_ram(const struct machine *m, const struct ref *f) {
  static _Thread_local uint8_t ram[REF_RAM];
  machine_peek(m, (struct machine_space){0}, 0, ram, sizeof ram);
  return memcmp(ram, f->ram, sizeof ram) == 0;
}
static bool same_tlb(const struct machine *m, const struct ref *f) {
  for (uint32_t i = 0; i < f->tlb_entries; i++) {
    const struct machine_tlb_entry a = machine_tlb_get(m, i), b = f->tlb[i];
    if (a.valid != b.valid || a.hi != b.hi || a.lo != b.lo) return false;
  }
  return machine_tlb_pointer(m) == f->tlb_pointer;
}

static const char *differ_from_reference(const struct lockstep *l, bool thoroughly) {
  const struct machine *m = l->side[0].m;
  const struct machine_regs r = regs_of(&l->side[0]);
  if (!same_regs(&r, &l->ref.r)) return "registers (from the reference)";
  if (machine_retired(m) != l->ref.retired) return "retired instructions (from the reference)";
  if (thoroughly && !same_tlb(m, &l->ref)) return "TLB (from the reference)";
  if (thoroughly && !same_ram(m, &l->ref)) return "memory (from the reference)";
  return NULL;
}

/* Runs one piece everywhere; what differs, or NULL. *over is set when nothing more can happen. */
static const char *run_piece(struct lockstep *l, bool *over) {
  const struct piece p = next_piece(l);
  const bool thoroughly = chance(&l->g, p.limits.insns > 500 ? 50 : 10) || l->last_step;
  const uint64_t before = machine_retired(l->side[0].m);
  const enum machine_exit a = run_side(&l->side[0], &p), b = run_side(&l->side[1], &p);
  *over = a == EXIT_POWER || a == EXIT_CHECKSTOP;
  if (machine_retired(l->side[0].m) > before) l->compared += machine_retired(l->side[0].m) - before;
  if (a != b) return "why the run ended";
  const char *what = differ(l, thoroughly);
  if (what || !l->config.reference) return what;
  if (a != ref_run(&l->ref, p.limits.insns, p.limits.until_tick, p.last_step))
    return "why the run ended (from the reference)";
  return differ_from_reference(l, thoroughly);
}

/* ---- a whole run ---- */

/* All but what is zero, so that some pages have never been written. */
static void load_program(struct machine *m, const struct program *p) {
  static const uint8_t zero[PAGE_SIZE];
  for (uint32_t page = 0; page < PROGRAM_RAM; page += PAGE_SIZE)
    if (memcmp(&p->word[page / 4], zero, PAGE_SIZE) != 0)
      machine_poke(m, (struct machine_space){0}, page, &p->word[page / 4], PAGE_SIZE);
}

static enum machine_cpu with_some_number(struct random *g, unsigned rule) {
  unsigned least = 0, most = 0;
  machine_cpu_numbers(rule, &least, &most);
  return CPU_WITH(rule, least + below(g, most - least + 1));
}

/* PG32 mostly; else any of the others, with any of its numbers, or two of them. */
static enum machine_cpu some_cpu(struct random *g) {
  if (!chance(g, 20)) return CPU_PG32;
  const unsigned one = 1 + below(g, CPU_KINDS - 1);
  const enum machine_cpu cpu = with_some_number(g, one);
  if (one < CPU_HOLE || one + 1 == CPU_KINDS || chance(g, 50)) return cpu;
  return CPU_PLUS(cpu, with_some_number(g, one + 1 + below(g, CPU_KINDS - 1 - one)));
}

static bool open_sides(struct lockstep *l) {
  static _Thread_local uint32_t disk[DISK_SECTORS * BLOCK_SECTOR_BYTES / 4];
  struct machine_config config = {.ram_bytes = PROGRAM_RAM};
  if (!l->config.reference) { /* which has no disk, and is PG32 */
    make_disk(&l->program, disk);
    config.disk = disk, config.disk_bytes = sizeof disk;
    config.cpu = some_cpu(&l->g);
  }
  if (chance(&l->g, l->program.calm ? 10 : 40))
    config.tlb_entries = 2 + below(&l->g, chance(&l->g, 50) ? 7 : 60);
  for (unsigned i = 0; i < SIDES; i++) {
    struct side *s = &l->side[i];
    config.engine = l->config.engine[i];
    s->m = machine_new(&config);
    if (!s->m) return false;
    load_program(s->m, &l->program);
    machine_console_output(s->m, told_output, s);
  }
  l->ref.tlb_entries = machine_tlb_entries(l->side[0].m);
  memcpy(l->ref.ram, l->program.word, PROGRAM_RAM);
  set_everywhere(l, &(struct machine_regs){.pc = PROGRAM_START(&l->program)});
  return true;
}

static void close_sides(struct lockstep *l) {
  for (unsigned i = 0; i < SIDES; i++) {
    machine_snapshot_free(l->side[i].snapshot);
    machine_free(l->side[i].m);
  }
}

/* From the start to the end, or to what differs, or to the end of l->last_piece. */
static const char *run_pieces(struct lockstep *l) {
  bool over = false;
  const char *what = NULL;
  for (l->piece = 0; l->piece < l->config.pieces && !over && !what; l->piece++) {
    what = run_piece(l, &over);
    if (what || l->piece == l->last_piece) break;
    meddle(l);
  }
  return what;
}

/* False when there is no machine of such an engine. */
static bool open_lockstep(struct lockstep *l, const struct lockstep_config *config) {
  memset(l, 0, sizeof *l);
  l->config = *config;
  l->g = random_of(config->seed);
  l->g.bytes = config->bytes, l->g.size = config->size;
  l->last_piece = UINT32_MAX;
  make_program(&l->program, &l->g);
  return open_sides(l);
}

/* ---- when they differ ---- */

/* The run again, up to `step` within `piece`. */
static const char *repeat(struct lockstep *l, const struct lockstep_config *config, uint32_t piece,
                          uint64_t step) {
  open_lockstep(l, config);
  l->last_piece = piece, l->last_step = step;
  return run_pieces(l);
}

static void report_regs(FILE *out, const char *name, const struct machine_regs *r) {
  fprintf(out, "# %-9s pc %08x status %04x timer %u tick %llu\n", name, r->pc, r->status, r->timer,
          (unsigned long long)r->tick);
  for (int i = 0; i < 32; i += 8) {
    fprintf(out, "#   x%-2d", i);
    for (int j = i; j < i + 8; j++) fprintf(out, " %08x", r->x[j]);
    fputc('\n', out);
  }
}

static void report_memory(FILE *out, const struct lockstep *l) {
  unsigned shown = 0;
  for (uint32_t pa = 0; pa < PROGRAM_RAM && shown < 8; pa += 4) {
    const uint32_t a = machine_peek_word(l->side[0].m, (struct machine_space){0}, pa, NULL);
    const uint32_t b = machine_peek_word(l->side[1].m, (struct machine_space){0}, pa, NULL);
    const uint32_t c = l->config.reference ? ref_word(&l->ref, pa) : a;
    if (a == b && a == c) continue;
    fprintf(out, "#   word at %05x: %08x %08x %08x\n", pa, a, b, c);
    shown++;
  }
}

static void report_tlb(FILE *out, const struct lockstep *l) {
  for (uint32_t i = 0; i < machine_tlb_entries(l->side[0].m); i++) {
    const struct machine_tlb_entry a = machine_tlb_get(l->side[0].m, i), b = machine_tlb_get(l->side[1].m, i);
    if (a.valid != b.valid || a.hi != b.hi || a.lo != b.lo)
      fprintf(out, "#   TLB slot %u: %08x %08x %d, %08x %08x %d\n", i, a.hi, a.lo, a.valid, b.hi, b.lo,
              b.valid);
  }
}

static void report_state(FILE *out, const struct lockstep *l) {
  for (unsigned i = 0; i < SIDES; i++) {
    const struct machine_regs r = regs_of(&l->side[i]);
    report_regs(out, machine_engine_name(l->side[i].m), &r);
    fprintf(out, "#   retired %llu, steps %llu, told %016llx, hash %016llx\n",
            (unsigned long long)machine_retired(l->side[i].m),
            (unsigned long long)machine_steps(l->side[i].m), (unsigned long long)l->side[i].told,
            (unsigned long long)machine_hash(l->side[i].m));
  }
  if (l->config.reference) report_regs(out, "reference", &l->ref.r);
  report_memory(out, l);
  report_tlb(out, l);
}

static void report_insn(FILE *out, const struct lockstep *l) {
  const struct machine_regs r = regs_of(&l->side[0]);
  const struct machine_space space = {r.status & ST_T, r.status >> ST_ASID_SHIFT};
  bool there;
  char text[80];
  const uint32_t word = machine_peek_word(l->side[0].m, space, r.pc, &there);
  if (!there) {
    fprintf(out, "# next: pc %08x, which is not mapped\n", r.pc);
    return;
  }
  pg32_disassemble(text, sizeof text, word, r.pc);
  fprintf(out, "# next: pc %08x: word %08x, %s\n", r.pc, word, text);
}

/* The least step at which they differ, between one at which they do not and one at which they do. */
static uint64_t bisect(struct lockstep *l, const struct lockstep_config *config, uint32_t piece,
                       uint64_t same, uint64_t different) {
  while (different - same > 1) {
    const uint64_t middle = same + (different - same) / 2;
    if (repeat(l, config, piece, middle))
      different = middle;
    else
      same = middle;
    close_sides(l);
  }
  return different;
}

/* l: at the difference, in l->piece. Says where and how on `out`. */
static void report_difference(FILE *out, struct lockstep *l, const char *what) {
  const struct lockstep_config config = l->config;
  const uint32_t piece = l->piece;
  uint64_t last = machine_steps(l->side[0].m), first = 0;
  fprintf(out, "# seed %llu%s, piece %u, TLB of %u: %s differ%s\n", (unsigned long long)config.seed,
          config.size ? " and bytes" : "", piece, machine_tlb_entries(l->side[0].m), what,
          config.reference ? " (engines, reference)" : "");
  if (machine_steps(l->side[1].m) > last) last = machine_steps(l->side[1].m);
  report_state(out, l);
  close_sides(l);
  if (!repeat(l, &config, piece, last)) {
    fprintf(out, "# not when the piece is cut at step %llu, its end\n", (unsigned long long)last);
    return;
  }
  close_sides(l);
  if (piece > 0) {
    repeat(l, &config, piece - 1, 0);
    meddle(l);
    first = machine_steps(l->side[0].m);
    close_sides(l);
  }
  last = bisect(l, &config, piece, first, last);
  repeat(l, &config, piece, last - 1);
  fprintf(out, "# ---- alike after step %llu:\n", (unsigned long long)(last - 1));
  report_state(out, l);
  report_insn(out, l);
  close_sides(l);
  what = repeat(l, &config, piece, last);
  fprintf(out, "# ---- different after step %llu: %s\n", (unsigned long long)last,
          what ? what : "(no longer)");
  report_state(out, l);
}

/* ---- what tests and fuzzers call ---- */

enum lockstep_result { LOCKSTEP_SAME, LOCKSTEP_DIFFERS, LOCKSTEP_NO_ENGINE };

/* Runs one program. Adds the instructions compared to *insns; says on `report` what differs. */
static enum lockstep_result lockstep(const struct lockstep_config *config, uint64_t *insns, FILE *report) {
  struct lockstep *l = malloc(sizeof *l);
  if (!l) abort();
  enum lockstep_result result = LOCKSTEP_SAME;
  if (!open_lockstep(l, config)) {
    result = LOCKSTEP_NO_ENGINE;
  } else {
    const char *what = run_pieces(l);
    *insns += l->compared;
    if (what) result = LOCKSTEP_DIFFERS, report_difference(report, l, what);
  }
  close_sides(l);
  free(l);
  return result;
}

#endif
